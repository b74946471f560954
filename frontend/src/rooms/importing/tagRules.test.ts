// Tags that are typed for an import become rules, each once, and are said in words.
import { expect, it } from 'vitest';
import { forWhom, withTags, without } from './tagRules';

it('takes several tags at once, each once, in small letters', () => {
  const first = withTags([], ' Night  Sky, sea،بحر ,,', 'all', '');
  expect(first.map((one) => one.tag)).toEqual(['night sky', 'sea', 'بحر']);
  expect(withTags(first, 'SEA', 'all', '')).toEqual(first);
});

it('keeps the same tag once for every condition', () => {
  const rules = withTags(withTags([], 'sea', 'all', ''), 'sea', 'host', ' x.ai ');
  expect(rules).toEqual([{ tag: 'sea', when: {} }, { tag: 'sea', when: { host: 'x.ai' } }]);
  expect(rules.map(forWhom)).toEqual(['', 'media from the host x.ai']);
  expect(without(rules, rules[0]!)).toEqual([rules[1]]);
});
