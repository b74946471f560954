// Zooming keeps what is under the pointer in its place, and never shows more ground than it must.
import { describe, expect, it } from 'vitest';
import { fitScale, fitted, isFitted, keepInside, pinched, pinchOf, stepScale, swipeOf, toggled, wheelScale, zoomTo, zoomWord } from './zoom';

const picture = { width: 1000, height: 2000 };
const stage = { width: 800, height: 600 };

/** Which picture pixel (from its middle) lies under a stage point. */
function under(at: { scale: number; x: number; y: number }, point: { x: number; y: number }): number[] {
  return [(point.x - at.x) / at.scale, (point.y - at.y) / at.scale];
}

it('fits the tighter side and blows nothing up beyond twice', () => {
  const small = fitScale({ width: 300, height: 200 }, stage);
  expect([fitScale(picture, stage), small, fitScale({ width: 0, height: 0 }, stage)]).toEqual([0.3, 2, 1]);
});

describe('zoomTo', () => {
  it('keeps the pixel under the pointer where it is', () => {
    const start = { scale: 2, x: 100, y: -300 };
    const point = { x: 120, y: 80 };

    const next = zoomTo(start, 3, point, picture, stage);

    const [before, after] = [under(start, point), under(next, point)];
    expect(after[0]).toBeCloseTo(before[0] ?? NaN);
    expect(after[1]).toBeCloseTo(before[1] ?? NaN);
  });
  it('goes no further out than the whole picture and no closer than eight times', () => {
    const start = fitted(picture, stage);
    expect(zoomTo(start, 0.01, { x: 0, y: 0 }, picture, stage)).toEqual(start);
    expect(zoomTo(start, 99, { x: 0, y: 0 }, picture, stage).scale).toBe(8);
  });
});

it('pans up to the edges and keeps a fitting axis in the middle', () => {
  expect(keepInside({ scale: 0.5, x: 500, y: 500 }, picture, stage)).toEqual({ scale: 0.5, x: 0, y: 200 });
});

it('meets 100 % on the way up and down', () => {
  expect([stepScale(0.9, 1), stepScale(1.1, -1), stepScale(1, 1), stepScale(1, -1)]).toEqual([1, 1, 1.25, 0.8]);
});

it('goes to 100 % and back, or twice as close where the whole picture is larger', () => {
  const whole = fitted(picture, stage);
  const close = toggled(whole, { x: 0, y: 0 }, picture, stage);
  expect([close.scale, toggled(close, { x: 0, y: 0 }, picture, stage)]).toEqual([1, whole]);
  const small = { width: 300, height: 200 };
  expect(toggled(fitted(small, stage), { x: 0, y: 0 }, small, stage).scale).toBe(4);
});

it('says Fit or a percentage', () => {
  expect([zoomWord(fitted(picture, stage), picture, stage), zoomWord({ scale: 1.22, x: 0, y: 0 }, picture, stage)]).toEqual(['Fit', '122%']);
});

it('scales by the fingers and follows their middle', () => {
  const start = { scale: 1, x: 0, y: 0 };
  const from = pinchOf({ x: -50, y: 0 }, { x: 50, y: 0 });
  const to = pinchOf({ x: -90, y: 20 }, { x: 110, y: 20 });

  const next = pinched(start, from, to, picture, stage);

  expect(next).toEqual({ scale: 2, x: 10, y: 20 });
  expect(isFitted(next, picture, stage)).toBe(false);
});

it('takes a wheel notch as about a fifth, either way the same', () => {
  expect(wheelScale(1, -100, 0)).toBeCloseTo(1.197, 2);
  expect(wheelScale(wheelScale(1, -100, 0), 100, 0)).toBeCloseTo(1);
  expect(wheelScale(1, -3, 1)).toBeCloseTo(wheelScale(1, -99, 0));
});

describe('swipeOf', () => {
  it.each([
    [120, 10, 600, 'previous'], [-120, 10, 600, 'next'], [-40, 5, 60, 'next'], [10, 120, 400, 'close'],
    [-5, -140, 400, 'details'], [40, 5, 600, null], [90, 85, 200, null],
  ])('%i, %i in %i ms', (dx, dy, ms, meant) => {
    expect(swipeOf(dx, dy, ms)).toBe(meant);
  });
  it('turns round where reading goes from right to left', () => {
    expect(swipeOf(120, 0, 300, true)).toBe('next');
  });
});
