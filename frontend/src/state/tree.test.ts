// The collections as a tree.
import { expect, test } from 'vitest';
import type { Collection } from '$api/collections';
import { depthOf, family, pathOf, treeOf, unfolded } from './tree';

const one = (id: string, parent_id: string | null = null, position = 0): Collection => ({
  id, parent_id, position, name: id, description: null, notes: null, color: null, icon: null, is_smart: false, smart_filters: null, filter: null,
  pinned: false, alert: false, sort: null, item_count: 0, new_count: 0, cover: null, cover_id: null, covers: [], created_at: '', updated_at: '',
});

const list = [one('b', null, 2), one('a', null, 1), one('a2', 'a', 2), one('a1', 'a', 1), one('deep', 'a1')];

test('collections lie below their parents, in their order', () => {
  const all = unfolded(treeOf(list), new Set(list.map(({ id }) => id)));

  expect(all.map((branch) => [branch.collection.id, branch.level])).toEqual([['a', 1], ['a1', 2], ['deep', 3], ['a2', 2], ['b', 1]]);
});

test('folded branches show only themselves', () => {
  expect(unfolded(treeOf(list), new Set(['a'])).map((branch) => branch.collection.id)).toEqual(['a', 'a1', 'a2', 'b']);
});

test('what has lost its parent, or lies in itself, stands at the top', () => {
  const odd = [one('x', 'gone'), one('y', 'z'), one('z', 'y')];

  expect(treeOf(odd).map((branch) => branch.collection.id).sort()).toEqual(['x', 'y', 'z']);
});

test('way up, family and depth', () => {
  expect(pathOf(list, list[4] as Collection).map(({ id }) => id)).toEqual(['a', 'a1']);
  expect([...family(list, 'a')].sort()).toEqual(['a', 'a1', 'a2', 'deep']);
  expect([depthOf(list, 'a'), depthOf(list, 'b')]).toEqual([3, 1]);
});
