// The rules of a smart collection: the tree that is edited, and the filter it writes.
import { expect, test } from 'vitest';
import type { FilterNode } from '$api/filters';
import { documentOf, dropped, group, groupOf, rule, ruleText } from './rules';

const text = (word: string): FilterNode => ({ is: 'text', text: word });
const liked: FilterNode = { is: 'field', field: 'liked', operator: '=', values: ['yes'] };
const width: FilterNode = { is: 'field', field: 'width', operator: '..', values: ['512', '1024'] };

const DOCUMENTS: Record<string, FilterNode | null> = {
  everything: null,
  'a word': text('fox'),
  'what is left out': { is: 'not', of: liked },
  'a beginning': { is: 'prefix', text: 'ca' },
  'all of them': { is: 'all', of: [text('red fox'), liked, width] },
  'any of them': { is: 'any', of: [text('fox'), liked] },
  'none of them': { is: 'not', of: { is: 'any', of: [text('fox'), liked] } },
  'not all of them': { is: 'not', of: { is: 'all', of: [text('fox'), liked] } },
  'not the opposite': { is: 'not', of: { is: 'not', of: liked } },
  nested: { is: 'all', of: [{ is: 'any', of: [text('a'), { is: 'all', of: [text('b'), { is: 'not', of: width }] }] }, liked] },
};

test.each(Object.entries(DOCUMENTS))('%s comes back from its rules as it was', (_name, filter) => {
  const document = { version: 1 as const, filter };

  expect(documentOf(groupOf(document))).toEqual(document);
});

test('what is not filled in is left out', () => {
  const outer = group('all', [rule('model', '='), rule('words', '=', ['fox']), group('any', [rule('width', '..', ['5'])])]);

  expect(documentOf(outer)).toEqual({ version: 1, filter: text('fox') });
});

test('a rule has the text that the language has for it', () => {
  expect(ruleText(rule('model', '=', ['a', 'my model']))).toBe('model:a,"my model"');
  expect(ruleText(rule('date', '..', ['2025-10', '2025-11'], true))).toBe('-date:2025-10..2025-11');
  expect(ruleText(rule('words', '^', ['ca']))).toBe('ca*');
});

test('a group that has lost its last rule goes with it', () => {
  const inner = rule('model', '=', ['a']);

  expect(dropped(group('all', [rule('mode', '=', ['b']), group('any', [inner])]), inner.id).parts).toHaveLength(1);
});
