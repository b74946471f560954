// Facts about where the frames of a sprite lie.
import { describe, expect, it } from 'vitest';
import { frameAt, placed } from './sprite';

describe('a sprite', () => {
  it('has a frame for every place', () => {
    expect([-1, 0, 0.039, 0.04, 0.5, 0.999, 1, 2].map(frameAt)).toEqual([0, 0, 0, 1, 12, 24, 24, 24]);
  });

  it('covers a tile of its own shape with one frame', () => {
    expect(placed({ width: 200, height: 100 }, { width: 500, height: 250 }, 7)).toEqual({ width: 1000, height: 500, left: -400, top: -100 });
  });

  it('is cut off evenly where the tile has another shape', () => {
    expect(placed({ width: 100, height: 100 }, { width: 1000, height: 500 }, 24)).toEqual({ width: 1000, height: 500, left: -850, top: -400 });
  });
});
