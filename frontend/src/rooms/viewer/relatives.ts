// What is like a post, kept for a while beyond the viewer that asked: the same post opened again asks no more.
import type { Similar } from '$api/types';

const KEPT = 200;
const KEPT_MS = 300_000;

export type Fetch = (id: string, limit: number, signal: AbortSignal) => Promise<Similar[]>;

/** The same fetcher with a memory, which ends with each version of the library. */
export function remembering(fetch: Fetch, version: () => number | null, now: () => number = Date.now): Fetch {
  const kept = new Map<string, { at: number; version: number | null; found: Similar[] }>();
  return async (id, limit, signal) => {
    const key = `${id} ${limit}`;
    const here = kept.get(key);
    if (here && here.version === version() && now() - here.at < KEPT_MS) return here.found;
    const found = await fetch(id, limit, signal);
    // While the index is being made there is nothing to keep.
    if (found.length > 0) kept.set(key, { at: now(), version: version(), found });
    for (const [oldest] of kept) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return found;
  };
}
