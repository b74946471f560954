// The words of the files room.
import { expect, test } from 'vitest';
import type { FetchStanding } from '$api/files';
import { bandwidthChoices, perHostChoices, standingWords, untilWords } from './words';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const STANDING: FetchStanding = {
  state: 'idle', job_id: null, lacking: 12, estimated_bytes: 3_000_000, waiting: 0, failed: 0, expiring: { count: 0, first_at: null }, hosts: [], causes: [],
  settings: { paused: false, per_host: 4, per_second: 8, bytes_per_second: 0, hosts: [], product_hosts: [] }, roots: [],
};

test('a countdown', () => {
  expect(untilWords('2026-03-01T12:01:10Z', NOW)).toBe('1 min 10 s');
  expect(untilWords('2026-03-04T13:00:00Z', NOW)).toBe('3 days');
  expect(untilWords('2026-03-01T11:00:00Z', NOW)).toBe('now');
  expect(untilWords('nonsense', NOW)).toBe('now');
});

test('how it stands', () => {
  expect(standingWords({ ...STANDING, lacking: 0 })).toBe('Every file that a post names is here.');
  expect(standingWords({ ...STANDING, state: 'paused', waiting: 1 })).toBe('Paused with 1 file to go.');
  expect(standingWords({ ...STANDING, state: 'running', waiting: 1200 })).toBe('Fetching. 1,200 files to go.');
  expect(standingWords(STANDING)).toContain('about 3.0 MB');
  expect(standingWords({ ...STANDING, failed: 3 })).toContain('3 files could not be fetched');
});

test('a value that is no usual one can be seen', () => {
  expect(perHostChoices(7).map((choice) => choice.value)).toContain('7');
  expect(bandwidthChoices(0)[0]?.label).toBe('No limit');
});
