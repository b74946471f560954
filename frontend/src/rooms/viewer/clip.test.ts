// Frame steps land inside frames, one at a time, and stop at both ends.
import { expect, it } from 'vitest';
import { frameSeconds, playedShare, speedWord, stepTime } from './clip';

it('steps one frame at a time from wherever the playhead stands', () => {
  const frame = 1 / 24;
  let now = 0;
  const seen = [1, 1, 1, -1].map((step) => (now = stepTime(now, 3, frame, step)) * 24);
  expect(seen.map((index) => Math.floor(index))).toEqual([1, 2, 3, 2]);
});

it('stops at the first and at the last frame', () => {
  expect(stepTime(0, 3, 0.1, -1)).toBeCloseTo(0.05);
  expect(stepTime(3, 3, 0.1, 1)).toBeCloseTo(2.95);
});

it('takes only believable gaps for a frame', () => {
  expect([frameSeconds(0, 1 / 24, 1), frameSeconds(0, 1, 1), frameSeconds(1, 0, 1), frameSeconds(0, 1 / 24, 2)]).toEqual([
    1 / 24, null, null, null,
  ]);
});

it('says speed and share', () => {
  expect([speedWord(0.25), playedShare(1.5, 3), playedShare(1, 0), playedShare(9, 3)]).toEqual(['0.25×', 0.5, 0, 1]);
});
