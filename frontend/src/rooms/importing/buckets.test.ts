// The posts behind a bucket come once each, however often the report is told again.
import { expect, it } from 'vitest';
import type { ImportCheck, Preview } from '$api/importing.types';
import { Buckets } from './buckets.svelte';

const CHECK = { buckets: { new: 3, identical: 0, changed: 0, children_added: 0, conflicts: 0, unreadable: 0 } } as ImportCheck;
const item = (number: number): Preview => ({ number }) as Preview;

it('fetches the first posts once, then the rest, then nothing', async () => {
  const asked: (number | null)[] = [];
  const buckets = new Buckets(async (_, after) => {
    asked.push(after);
    return after === null ? { items: [item(0), item(1)], next: 1 } : { items: [item(2)], next: null };
  });
  await Promise.all([buckets.start(CHECK), buckets.start({ ...CHECK })]);
  await buckets.start({ ...CHECK });
  expect([asked, buckets.of('new').items.length, buckets.of('identical').items.length]).toEqual([[null], 2, 0]);

  await buckets.more('new');
  await buckets.more('new');
  expect([asked, buckets.of('new').items.map((one) => one.number)]).toEqual([[null, 1], [0, 1, 2]]);
});

it('can be tried again where it failed', async () => {
  let broken = true;
  const buckets = new Buckets(async () => (broken ? Promise.reject(new Error('away')) : { items: [item(0)], next: null }));
  await buckets.start(CHECK);
  expect(buckets.of('new').failed).toBe(true);
  broken = false;
  await buckets.more('new');
  expect([buckets.of('new').failed, buckets.of('new').items.length]).toEqual([false, 1]);
});
