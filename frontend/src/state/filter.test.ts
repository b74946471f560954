// Facts about the text of a filter: its parts, chips, and changes by click.
import { describe, expect, it } from 'vitest';
import { chipsOf, chosen, countFilters, hasSigns, namesPosts, orderWith, partsOf, restOf, typedInto, withChoice, without, wordsIn } from './filter';

const texts = (filter: string): string[] => partsOf(filter).map((part) => part.text);

describe('a filter', () => {
  it.each([
    ['', []],
    ['red  fox', ['red', 'fox']],
    ['type:video "red fox" (a OR b) -model:"a b",c', ['type:video', '"red fox"', '(a OR b)', '-model:"a b",c']],
    ['a OR type:video', ['a OR type:video']],
    ['NOT type:video AND a', ['-type:video', 'a']],
    ['(never closed "x', ['(never closed "x']],
    ['"say \\"hi\\" you" b', ['"say \\"hi\\" you"', 'b']],
  ])('has parts: %s', (filter, parts) => {
    expect(texts(filter)).toEqual(parts);
  });

  it('shows fields as chips and leaves the rest in the box', () => {
    const filter = 'type:clip red -mode:"a, b",c (x OR y) file:here prompt:cat';
    expect(chipsOf(filter).map((chip) => [chip.field, chip.values, chip.negated])).toEqual([
      ['type', ['video'], false], ['mode', ['a, b', 'c'], true], ['state', ['present'], false],
    ]);
    expect(restOf(filter)).toBe('red (x OR y) prompt:cat');
    expect(countFilters(filter)).toBe(4);
  });

  it('has choices that are made and dropped', () => {
    expect(withChoice('red', 'model', 'my model', true)).toBe('red model:"my model"');
    expect(withChoice('model:a red', 'model', 'b', true)).toBe('red model:a,b');
    expect(withChoice('model:a,b red', 'model', 'a', false)).toBe('red model:b');
    expect(withChoice('liked:yes', 'liked', 'yes', false)).toBe('');
    expect(withChoice('a OR b', 'type', 'video', true)).toBe('(a OR b) type:video');
    expect(chosen('type:clip -type:audio width:>5', 'type')).toEqual(['video']);
    expect(chosen('model:imag*', 'model')).toEqual([]);
  });

  it('loses a part that is dropped', () => {
    const [, chip] = partsOf('red type:video fox');
    expect(chip && without('red type:video fox', chip)).toBe('red fox');
  });

  it('needs the server only where there are signs of the language', () => {
    expect(['red fox', '-red', 'or', "it's 3,5 %"].map(hasSigns)).toEqual([false, false, false, false]);
    expect(['"a', 'a:b', 'a*', '(a', 'a OR', '- a'].map(hasSigns)).toEqual([true, true, true, true, true, true]);
  });

  it('knows the words to show', () => {
    expect(wordsIn('red -moon "a \\"b" (cat* OR prompt:dog -(x)) type:video -(no never)')).toEqual(['red', 'a "b', 'cat', 'dog']);
  });
});

describe('typing', () => {
  const chips = chipsOf('type:video');

  it('waits for the value of a field at the end', () => {
    expect(typedInto(chips, 'cat model:ima', false)).toEqual({ filter: 'type:video cat', finished: 'cat ', chips: 0, rest: 'cat model:ima' });
    expect(typedInto(chips, 'cat model:ima', true)).toEqual({ filter: 'type:video model:ima cat', finished: 'cat model:ima', chips: 1, rest: 'cat' });
  });

  it('is put in the order of resemblance as long as it names posts to compare with', () => {
    const named = 'similar:00000000-0000-4000-8000-000000000001 fox';
    expect(orderWith(named, 'fox', 'date_desc')).toBe('resemblance');
    expect(orderWith(named, named, 'date_desc')).toBe('date_desc');
    expect(orderWith(named, 'fox', 'likes')).toBe('likes');
    expect(['fox', '-similar:x', ''].map((filter) => orderWith(filter, named, 'resemblance'))).toEqual(['date_desc', 'date_desc', 'date_desc']);
  });

  it('calls posts posts where it names them by their ids', () => {
    const id = '00000000-0000-4000-8000-000000000001';
    expect(chipsOf(`similar:${id},${id} id:${id} parent:x model:${id}`).map(namesPosts)).toEqual([true, true, false, false]);
  });

  it('keeps alternatives together', () => {
    expect(typedInto(chips, 'a OR b', false).filter).toBe('type:video (a OR b)');
    expect(typedInto([], 'a OR b', false).filter).toBe('a OR b');
  });
});
