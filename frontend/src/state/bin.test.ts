// Facts about the trash on the page: its count, its pages, what is picked in it, and what has gone from it.
import { expect, it, vi } from 'vitest';
import type { Trashed, TrashPage } from '$api/trash';
import { Bin } from './bin.svelte';

const item = (id: string): Trashed => ({ id, kind: 'image', thumbnail: null, placeholder: null, prompt: '', deleted_at: '2025-10-01T00:00:00Z', children: 0 });
const page = (ids: string[], count: number, next: string | null = null): TrashPage => ({ count, with_undone_imports: 0, items: ids.map(item), next });

it('reads page after page while its room is open, and only counts otherwise', async () => {
  const asks = { page: vi.fn().mockResolvedValueOnce(page(['a', 'b'], 3, 'x')).mockResolvedValueOnce(page(['c'], 3)), count: vi.fn(() => Promise.resolve(7)) };
  const bin = new Bin(asks);
  await bin.look();
  expect([bin.count, asks.page.mock.calls.length]).toEqual([7, 0]);

  const leave = bin.enter();
  await vi.waitFor(() => expect(bin.items.length).toBe(2));
  expect(bin.more).toBe(true);
  await bin.next();
  expect([bin.items.map((one) => one.id), bin.count, bin.more]).toEqual([['a', 'b', 'c'], 3, false]);
  leave();
});

it('forgets what has gone, also from what is picked', async () => {
  const bin = new Bin({ page: () => Promise.resolve(page(['a', 'b', 'c'], 3)), count: () => Promise.resolve(3) });
  const leave = bin.enter();
  await vi.waitFor(() => expect(bin.loaded).toBe(true));
  bin.toggle('a');
  bin.toggle('b');
  bin.toggle('b');
  bin.pickAll();
  bin.drop(['a']);
  expect([bin.items.length, bin.count, [...bin.picked]]).toEqual([2, 2, ['b', 'c']]);
  bin.drop(null);
  expect([bin.items.length, bin.count, bin.picked.size]).toEqual([0, 0, 0]);
  leave();
});

it('says what went wrong, and is well again when it is asked again', async () => {
  const bin = new Bin({ page: vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(page([], 0)), count: () => Promise.resolve(0) });
  const leave = bin.enter();
  await vi.waitFor(() => expect(bin.problem).toBe('away'));
  await bin.look();
  expect([bin.problem, bin.loaded]).toEqual(['', true]);
  leave();
});
