// Facts about the exact rows.
import { describe, expect, it } from 'vitest';
import { RATIOS } from '$api/index';
import { boxesOf, isHeading, layOut, rowAt, rowOf, sectionOf } from './layout';
import type { LayoutInput } from './layout';

function randomRatios(count: number, seed = 7): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return 95 + ((state >> 8) % 67);
  });
}

function input(change: Partial<LayoutInput> = {}): LayoutInput {
  const ratios = change.ratios ?? randomRatios(500);
  const sections = [{ label: '', start: 0, count: ratios.length }];
  return { ratios, sections, width: 912, target: 224, gap: 4, shape: 'justified', headings: true, ...change };
}

const tileRows = (layout: ReturnType<typeof layOut>): number[] =>
  Array.from({ length: layout.rows }, (_, row) => row).filter((row) => !isHeading(layout, row));

describe('layOut', () => {
  it('puts every item into exactly one row, in order', () => {
    const layout = layOut(input());
    const positions = tileRows(layout).flatMap((row) => boxesOf(layout, row).map((box) => box.position));
    expect(positions).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it('fills every row of a long section to the edge', () => {
    const layout = layOut(input());
    for (const row of tileRows(layout)) {
      const last = boxesOf(layout, row).at(-1);
      expect(last && last.x + last.width).toBe(912);
    }
  });

  it('keeps rows of a long section within 0.75 and 1.35 of the wanted height', () => {
    const layout = layOut(input());
    for (const row of tileRows(layout)) {
      expect(layout.height[row]).toBeGreaterThan(224 * 0.75);
      expect(layout.height[row]).toBeLessThan(224 * 1.35);
    }
  });

  it('leaves exactly the gap between neighbours, to the pixel', () => {
    const layout = layOut(input());
    for (const row of tileRows(layout)) {
      const boxes = boxesOf(layout, row);
      boxes.slice(1).forEach((box, i) => {
        const before = boxes[i];
        expect(Math.abs(box.x - (before ? before.x + before.width : 0) - 4)).toBeLessThanOrEqual(1);
      });
    }
  });

  it('keeps a lone picture at about the wanted height, at the start', () => {
    const layout = layOut(input({ ratios: Uint8Array.of(105) }));
    const [box] = boxesOf(layout, 1);
    expect(layout.height[1]).toBeLessThanOrEqual(224 * 1.06 + 1);
    expect(box?.x).toBe(0);
    expect(box?.width).toBeCloseTo((RATIOS[105] as number) * (layout.height[1] as number), -1);
  });

  it('breaks a small view so that no row is far from the wanted height', () => {
    const layout = layOut(input({ ratios: randomRatios(157, 3) }));
    for (const row of tileRows(layout)) {
      expect(layout.height[row]).toBeGreaterThan(224 * 0.8);
      expect(layout.height[row]).toBeLessThan(224 * 1.3);
    }
  });

  it('fills the rows of a long section that is laid out in one pass', () => {
    const ratios = randomRatios(60_000);
    const layout = layOut(input({ ratios }));
    const rows = tileRows(layout);
    expect(layout.first[layout.rows]).toBe(60_000);
    for (const row of rows) {
      expect(layout.height[row]).toBeGreaterThan(224 * 0.7);
      expect(layout.height[row]).toBeLessThan(224 * 1.45);
    }
  });

  it('leaves no hole in a section that fills two thirds of a row or more', () => {
    for (let count = 4; count < 40; count++) {
      const layout = layOut(input({ ratios: new Uint8Array(count).fill(128) }));
      for (const row of tileRows(layout)) {
        const last = boxesOf(layout, row).at(-1);
        expect(last && last.x + last.width).toBe(912);
      }
    }
  });

  it('takes an unknown ratio for two to three', () => {
    expect(RATIOS[0]).toBeCloseTo(2 / 3);
    expect(RATIOS[128]).toBe(1);
    expect(RATIOS[168]).toBe(2);
  });

  it('begins each section with a heading of 40 pixels', () => {
    const sections = [{ label: 'a', start: 0, count: 30 }, { label: 'b', start: 30, count: 1 }, { label: 'c', start: 31, count: 69 }];
    const layout = layOut(input({ ratios: randomRatios(100), sections }));
    const headings = Array.from({ length: layout.rows }, (_, row) => row).filter((row) => isHeading(layout, row));
    expect(headings.map((row) => layout.first[row])).toEqual([0, 30, 31]);
    expect(headings.map((row) => layout.height[row])).toEqual([40, 40, 40]);
  });

  it('makes squares of one size', () => {
    const layout = layOut(input({ shape: 'square' }));
    const boxes = tileRows(layout).flatMap((row) => boxesOf(layout, row));
    expect(Math.max(...boxes.map((b) => b.width)) - Math.min(...boxes.map((b) => b.width))).toBeLessThanOrEqual(1);
  });

  it('lays nothing out without a width, and nothing of nothing', () => {
    expect(layOut(input({ width: 0 })).total).toBe(0);
    expect(layOut(input({ ratios: new Uint8Array(0), sections: [] })).rows).toBe(0);
  });

  it('lays out a million items within the time a person waits for nothing', () => {
    const ratios = randomRatios(1_000_000);
    const sections = Array.from({ length: 1000 }, (_, i) => ({ label: String(i), start: i * 1000, count: 1000 }));
    const started = performance.now();
    const layout = layOut(input({ ratios, sections }));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(layout.first[layout.rows]).toBe(1_000_000);
  });
});

describe('looking things up', () => {
  const layout = layOut(input());

  it('finds the row of every item', () => {
    for (let i = 0; i < 500; i++) {
      const row = rowOf(layout, i);
      expect(boxesOf(layout, row).some((box) => box.position === i)).toBe(true);
    }
  });

  it('finds the row at a height, and the ends beyond it', () => {
    expect(rowAt(layout, -5)).toBe(0);
    expect(rowAt(layout, 41)).toBe(1);
    expect(rowAt(layout, 1e9)).toBe(layout.rows - 1);
  });

  it('finds the section of an item', () => {
    const sections = [{ label: 'a', start: 0, count: 3 }, { label: 'b', start: 3, count: 1 }, { label: 'c', start: 4, count: 6 }];
    expect([0, 2, 3, 4, 9].map((i) => sectionOf(sections, i))).toEqual([0, 0, 1, 2, 2]);
  });
});
