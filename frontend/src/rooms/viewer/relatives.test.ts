// Facts about the memory of what is like a post.
import { expect, it, vi } from 'vitest';
import type { Similar } from '$api/types';
import { remembering } from './relatives';

const found = [{ id: 'b' }] as unknown as Similar[];
const { signal } = new AbortController();

it('S113: asks once for a post, until the library changes or five minutes pass', async () => {
  const fetch = vi.fn(() => Promise.resolve(found));
  let [version, now] = [1, 0];
  const ask = remembering(fetch, () => version, () => now);

  await ask('a', 6, signal);
  expect(await ask('a', 6, signal)).toBe(found);
  expect(fetch).toHaveBeenCalledTimes(1);
  version = 2;
  await ask('a', 6, signal);
  now = 301_000;
  await ask('a', 6, signal);
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('keeps nothing while there is no answer', async () => {
  const fetch = vi.fn(() => Promise.resolve<Similar[]>([]));
  const ask = remembering(fetch, () => 1);
  await ask('a', 6, signal);
  await ask('a', 6, signal);
  expect(fetch).toHaveBeenCalledTimes(2);
});
