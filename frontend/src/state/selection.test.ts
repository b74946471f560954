// A selection is a filter with exceptions, or some posts; never a list of a million.
import { expect, test } from 'vitest';
import type { View } from '$api/types';
import { MOST_LEFT_OUT, Selection } from './selection.svelte';

const view: View = { filter: 'fox OR cat', sort: 'date_desc' };
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `id${i}`);

test('posts chosen one by one are told by their ids', () => {
  const selection = new Selection();

  selection.set(['a', 'b'], true);
  selection.toggle('a');

  expect([selection.count, selection.has('a'), selection.target]).toEqual([1, false, { ids: ['b'] }]);
});

test('everything of a view is its filter, whatever its size', () => {
  const selection = new Selection();

  selection.takeAll(view, 1_000_000);

  expect([selection.count, selection.has('never seen'), selection.target]).toEqual([1_000_000, true, { filter: 'fox OR cat' }]);
});

test('what is taken out of everything becomes a part of the filter', () => {
  const selection = new Selection();
  selection.takeAll(view, 1000);

  selection.toggle('a');

  expect([selection.count, selection.target]).toEqual([999, { filter: '(fox OR cat) -id:a' }]);
});

test('no more is left out than a filter can say', () => {
  const selection = new Selection();
  selection.takeAll(view, 1000);

  expect(selection.set(ids(MOST_LEFT_OUT + 1), false)).toBe(false);
  expect(selection.count).toBe(1000);
});

test('the others of a view, and back again', () => {
  const selection = new Selection();
  selection.set(['a', 'b'], true);

  selection.invert(view, 10);
  expect([selection.count, selection.has('a'), selection.has('c')]).toEqual([8, false, true]);

  selection.invert(view, 10);
  expect(selection.target).toEqual({ ids: ['a', 'b'] });
});

test('another view keeps what was chosen by hand, and drops what meant everything', () => {
  const selection = new Selection();
  selection.set(['a'], true);
  selection.viewed('dog');
  expect(selection.count).toBe(1);

  selection.takeAll(view, 10);
  selection.viewed('dog');
  expect(selection.active).toBe(false);
});

test('the last one taken out of everything ends the selection', () => {
  const selection = new Selection();
  selection.takeAll(view, 2);

  selection.set(['a', 'b'], false);

  expect(selection.active).toBe(false);
});
