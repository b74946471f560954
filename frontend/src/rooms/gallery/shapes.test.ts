// Facts about masonry, list and feed, and about sizes.
import { describe, expect, it } from 'vitest';
import { boxesOf, isHeading, layOut, rowAt, rowOf } from './layout';
import type { Layout, LayoutInput } from './layout';
import { columnsFor } from './shapes';
import { LARGEST, SMALLEST, sizeAt, stepOf, targetFor } from './sizes';

const ratios = Uint8Array.from({ length: 400 }, (_, i) => [105, 128, 151, 0, 168, 1, 255][(i * i) % 7] ?? 128);
const sections = [{ label: 'a', start: 0, count: 123 }, { label: 'b', start: 123, count: 277 }];
function laid(change: Partial<LayoutInput>): Layout {
  return layOut({ ratios, sections, width: 900, target: 200, gap: 4, shape: 'masonry', headings: true, view: 800, ...change });
}
const items = (layout: Layout): number[] => Array.from({ length: layout.rows }, (_, row) => row).filter((row) => !isHeading(layout, row));

describe('one item a row', () => {
  it.each(['masonry', 'list', 'feed'] as const)('%s shows every item once, inside the width, and can be searched by height', (shape) => {
    const layout = laid({ shape });
    expect(items(layout).flatMap((row) => boxesOf(layout, row).map((box) => box.position))).toEqual(Array.from({ length: 400 }, (_, i) => i));
    for (const row of items(layout)) {
      const [box] = boxesOf(layout, row);
      expect(box && box.x >= 0 && box.width > 0 && box.x + box.width <= 900).toBe(true);
      expect(layout.top[row + 1]).toBeGreaterThanOrEqual(layout.top[row] ?? 0);
      expect(rowOf(layout, layout.first[row] ?? 0)).toBe(row);
    }
    expect(layout.total).toBeGreaterThanOrEqual(Math.max(...items(layout).map((row) => (layout.top[row] ?? 0) + (layout.height[row] ?? 0))));
    expect(rowAt(layout, 0)).toBe(0);
  });

  it('masonry overlaps nothing, and rows that reach into the view begin at most the tallest above it', () => {
    const layout = laid({});
    const ends = new Map<number, number>();
    for (const row of items(layout)) {
      const x = boxesOf(layout, row)[0]?.x ?? 0;
      const top = layout.top[row] ?? 0;
      expect(top).toBeGreaterThanOrEqual(ends.get(x) ?? 0);
      ends.set(x, top + (layout.height[row] ?? 0));
      expect(layout.height[row]).toBeLessThanOrEqual(layout.tallest);
    }
    expect(ends.size).toBe(columnsFor({ width: 900, target: 200, gap: 4 }));
  });

  it('a feed shows nothing higher than the view', () => {
    const layout = laid({ shape: 'feed' });
    expect(Math.max(...items(layout).map((row) => layout.height[row] ?? 0))).toBeLessThanOrEqual(0.88 * 800 + 1);
  });

  it('the wanted number of columns wins over the wanted size', () => {
    expect(new Set(items(laid({ columns: 3 })).map((row) => laid({ columns: 3 }).columns?.[row])).size).toBe(3);
  });
});

describe('sizes', () => {
  it('go from 64 to 640 pixels on the slider, and back', () => {
    expect([sizeAt(0), Math.round(sizeAt(100))]).toEqual([SMALLEST, LARGEST]);
    for (const step of [0, 13, 50, 99, 100]) expect(stepOf(sizeAt(step))).toBe(step);
  });

  it('never ask for more tiles than there are elements for', () => {
    expect(targetFor(false, true, 0.1, 1900, 1000)).toBeGreaterThan(SMALLEST);
    expect(targetFor(false, false, 0.1, 600, 500)).toBe(SMALLEST);
  });
});
