// Facts about addresses, and about the search box as text.
import { describe, expect, it } from 'vitest';
import { HOME, addressOf, placeFrom, viewKey } from './address';
import { chipsOf, countFilters, readWords, typedInto, without } from './words';

describe('addresses', () => {
  it('say nothing about what is as usual', () => {
    expect(addressOf(HOME)).toBe('/');
    expect(placeFrom('')).toEqual(HOME);
  });

  it.each([
    '/?search=cat+%D9%82%D8%B7%D8%A9&type=video&model=imagine_h_1&mode=custom&liked=liked&state=missing&sort=likes',
    '/?room=import',
    '/?room=import&import=00000000-0000-4000-8000-000000000001',
    '/?sort=random&seed=42&post=00000000-0000-4000-8000-000000000001&at=00000000-0000-4000-8000-0000000000AB',
    '/?has_custom_videos=true',
  ])('come back the same: %s', (text) => {
    expect(addressOf(placeFrom(text.slice(1)))).toBe(text);
  });

  it('forget what they do not know', () => {
    expect(placeFrom('?type=hologram&liked=perhaps&sort=taste&room=cellar&x=1&post=<img>&at=%00')).toEqual(HOME);
  });

  it('are one for views that show the same', () => {
    expect(viewKey(placeFrom('?at=1&post=2&model=a').view)).toBe(viewKey(placeFrom('?room=jobs&model=a').view));
  });
});

describe('the search box', () => {
  it('finds fields between words', () => {
    expect(readWords('soft model:imagine_h_1 3D  type:clips mode:"very odd"')).toEqual({
      search: 'soft 3D',
      chips: [{ name: 'model', value: 'imagine_h_1' }, { name: 'type', value: 'video' }, { name: 'mode', value: 'very odd' }],
    });
  });

  it('leaves fields alone that have no such value', () => {
    expect(readWords('liked:perhaps host:x')).toEqual({ search: 'liked:perhaps host:x', chips: [] });
  });

  it('knows yes and no', () => {
    expect(readWords('liked:yes').chips).toEqual([{ name: 'liked', value: 'liked' }]);
    expect(readWords('file:here').chips).toEqual([{ name: 'state', value: 'present' }]);
  });

  it('waits for the value of a field that is being typed', () => {
    expect(typedInto({}, 'cat model:ima', false)).toEqual({ filter: { search: 'cat' }, chips: 0, rest: 'cat model:ima' });
    expect(typedInto({}, 'cat model:ima', true)).toEqual({ filter: { search: 'cat', model: 'ima' }, chips: 1, rest: 'cat' });
  });

  it('counts what hides something', () => {
    const filter = { search: 'a', model: 'b', liked: 'liked' as const };
    expect(countFilters(filter)).toBe(3);
    expect(chipsOf(without(filter, 'model')).map((chip) => chip.name)).toEqual(['liked']);
  });
});
