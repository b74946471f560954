// Facts about headings.
import { describe, expect, it } from 'vitest';
import { groupDays, groupLetters, headingOf } from './days';
import { heightOf, itemAt, shortName, stretchesOf, yearMarks } from './months';
import { nextScale, targetFor } from './sizes';

const day = (label: string, start: number, count: number) => ({ label, start, count });
const squares = (count: number): Uint8Array => new Uint8Array(count).fill(128);

describe('groupLetters', () => {
  it('joins neighbours that fill no row, and leaves the others', () => {
    const letters = [day('A', 0, 1), day('B', 1, 2), day('C', 3, 9), day('D', 12, 1), day('', 13, 1)];
    const groups = groupLetters(letters, squares(14), 5);
    expect(groups.map((g) => [g.label, g.until, g.start, g.count])).toEqual([['A', 'B', 0, 3], ['C', 'C', 3, 9], ['D', 'D', 12, 1], ['', '', 13, 1]]);
  });
});

describe('groupDays', () => {
  it('leaves a day that fills a row by itself', () => {
    const groups = groupDays([day('2025-09-29', 0, 16), day('2025-09-28', 16, 7)], squares(23), 5);
    expect(groups.map((g) => headingOf(g, 2025))).toEqual(['Monday 29 September', 'Sunday 28 September']);
  });

  it('joins a month of single pictures under its name', () => {
    const days = Array.from({ length: 9 }, (_, i) => day(`2025-09-0${9 - i}`, i, 1));
    const groups = groupDays(days, squares(9), 5);
    expect(groups.map((g) => [headingOf(g, 2026), g.start, g.count])).toEqual([['September 2025', 0, 9]]);
  });

  it('joins only neighbours, never across months, and says from when to when', () => {
    const days = [day('2025-09-03', 0, 1), day('2025-09-02', 1, 1), day('2025-09-01', 2, 28), day('2025-08-31', 30, 1)];
    const groups = groupDays(days, squares(31), 5);
    expect(groups.map((g) => headingOf(g, 2026))).toEqual([
      '2 to 3 September 2025', 'Monday 1 September 2025', 'Sunday 31 August 2025',
    ]);
  });

  it('joins a thin month whole, even around a fuller day', () => {
    const days = [day('2025-11-02', 0, 7), day('2025-11-01', 7, 1), day('2025-10-30', 8, 6)];
    expect(groupDays(days, squares(14), 5).map((g) => [headingOf(g, 2025), g.count])).toEqual([
      ['November 2025', 8], ['Thursday 30 October', 6],
    ]);
  });

  it('joins months with a picture or two within their year', () => {
    const days = [day('2025-03-03', 0, 1), day('2025-02-12', 1, 1), day('2025-02-02', 2, 1), day('2024-12-31', 3, 1)];
    const groups = groupDays(days, squares(4), 5);
    expect(groups.map((g) => [headingOf(g, 2025), g.count])).toEqual([['February to March 2025', 3], ['Tuesday 31 December 2024', 1]]);
  });

  it('covers every item once', () => {
    const days = Array.from({ length: 28 }, (_, i) => day(`2025-02-${String(28 - i).padStart(2, '0')}`, i * 3, 3));
    const groups = groupDays(days, squares(84), 5);
    expect(groups.reduce((sum, g) => sum + g.count, 0)).toBe(84);
  });
});

describe('the time line', () => {
  const sections = [day('2025-02-10', 0, 100), day('2025-02-01', 100, 300), day('2025-01-05', 400, 50), day('2024-12-01', 450, 550)];
  const stretches = stretchesOf(sections, 700);

  it('gives months a height by their count', () => {
    expect(stretches.map((s) => s.key)).toEqual(['2025-02', '2025-01', '2024-12']);
    expect(stretches.at(-1)?.to).toBeCloseTo(700);
    expect((stretches[2]?.to ?? 0) - (stretches[2]?.from ?? 0)).toBeGreaterThan(300);
  });

  it('reaches every end and comes back to the same place', () => {
    expect(itemAt(stretches, 0)).toBe(0);
    expect(itemAt(stretches, 700)).toBe(999);
    for (const item of [0, 57, 400, 451, 998]) expect(Math.abs(itemAt(stretches, heightOf(stretches, item) + 0.001) - item)).toBeLessThanOrEqual(1);
  });

  it('marks the years', () => {
    expect(yearMarks(stretches).map((m) => m.year)).toEqual(['2024']);
    expect(shortName('2025-09')).toBe('Sep 25');
    expect(shortName('')).toBe('No date');
  });
});

describe('sizes', () => {
  it('never asks for more tiles than the pool holds', () => {
    const target = targetFor(false, true, 0.3, 1600, 980);
    expect((1600 * 980) / (target * target * 0.75)).toBeLessThanOrEqual(305);
  });

  it('steps and stops at the ends', () => {
    expect(nextScale(1, 1)).toBe(1.25);
    expect(nextScale(2.6, 1)).toBe(2.6);
    expect(nextScale(0.3, -1)).toBe(0.3);
  });
});
