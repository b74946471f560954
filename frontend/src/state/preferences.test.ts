// Preferences: at once in the browser, a moment later in the database, one request a burst.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '$api/http';
import type { Kept } from '$api/preferences';
import { Preferences } from './preferences';

class Database {
  kept: Kept = { preferences: { theme: 'dark' }, version: '1' };
  puts = 0;
  fetch = async (): Promise<Kept> => this.kept;
  put = async (given: Kept): Promise<Kept> => {
    this.puts += 1;
    if (given.version !== this.kept.version) throw new ApiError(412, 'stale', '');
    this.kept = { preferences: given.preferences, version: String(Number(given.version) + 1) };
    return this.kept;
  };
}

let database: Database;
let shown: Record<string, unknown>[];
let preferences: Preferences;

beforeEach(() => {
  vi.useFakeTimers();
  database = new Database();
  shown = [];
  preferences = new Preferences(database, (values) => shown.push(values));
});
afterEach(() => vi.useRealTimers());

test('what the database has is shown when the page opens', async () => {
  await preferences.load();

  expect(shown).toEqual([{ theme: 'dark' }]);
});

test('a burst of changes is one request', async () => {
  await preferences.load();
  for (const scale of [1, 2, 3]) preferences.changed({ scale });
  await vi.advanceTimersByTimeAsync(5000);

  expect([database.puts, database.kept.preferences]).toEqual([1, { theme: 'dark', scale: 3 }]);
});

test('a device that was faster keeps its changes, and ours come on top', async () => {
  await preferences.load();
  database.kept = { preferences: { theme: 'light', facets: false }, version: '7' };
  preferences.changed({ theme: 'auto' });
  await vi.advanceTimersByTimeAsync(5000);

  expect(database.kept.preferences).toEqual({ theme: 'auto', facets: false });
  expect(shown.at(-1)).toEqual({ theme: 'auto', facets: false });
});

test('what could not be sent is sent later', async () => {
  await preferences.load();
  const put = database.put;
  database.put = () => Promise.reject(new ApiError(0, 'unreachable', ''));
  preferences.changed({ scale: 2 });
  await vi.advanceTimersByTimeAsync(5000);
  database.put = put;
  await vi.advanceTimersByTimeAsync(60_000);

  expect(database.kept.preferences).toEqual({ theme: 'dark', scale: 2 });
});
