// Numbers, sizes and times read the same on every screen.
import { expect, it } from 'vitest';
import {
  formatAgo, formatBytes, formatCount, formatDateTime, formatDuration, formatNumber, formatSpan, formatTimecode,
} from './format';

it('separates thousands', () => {
  expect([formatNumber(102431), formatCount(1, 'post'), formatCount(1200, 'post')]).toEqual([
    '102,431', '1 post', '1,200 posts',
  ]);
});

it.each([
  [0, '0 B'], [999, '999 B'], [80_123, '80 KB'], [999_600, '1.0 MB'], [9_812_345, '9.8 MB'], [24_100_000, '24 MB'],
  [218e9, '218 GB'],
])('writes %i bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([[0, '0:00'], [0.3, '0:01'], [6, '0:06'], [75.4, '1:15'], [3725, '1:02:05']])('writes %d s as %s', (s, text) => {
  expect(formatDuration(s)).toBe(text);
});

it('never shows sixty seconds in a timecode', () => {
  expect([formatTimecode(3.275), formatTimecode(59.999), formatTimecode(60)]).toEqual(['0:03.27', '0:59.99', '1:00.00']);
});

it('says spans in two units at most', () => {
  expect([formatSpan(42), formatSpan(70), formatSpan(120), formatSpan(7320)]).toEqual([
    '42 s', '1 min 10 s', '2 min', '2 h 2 min',
  ]);
});

it('writes September with three letters', () => {
  expect(formatDateTime('2025-09-29T03:31:00Z', 'UTC')).toBe('29 Sep 2025, 03:31');
});

it('counts back up to a day and then names the date', () => {
  const now = new Date('2025-09-29T12:00:00Z');
  const ago = (when: string): string => formatAgo(when, now);
  expect(['2025-09-29T11:59:50Z', '2025-09-29T11:58:00Z', '2025-09-29T09:00:00Z', '2025-09-20T12:00:00Z'].map(ago)).toEqual([
    'just now', '2 min ago', '3 h ago', '20 Sep 2025',
  ]);
});
