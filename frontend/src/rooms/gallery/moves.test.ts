// Facts about the keys of the grid.
import { describe, expect, it } from 'vitest';
import { layOut, rowOf } from './layout';
import { columnOf, move } from './moves';
import type { MoveKey, Spot } from './moves';

const ratios = Uint8Array.from({ length: 200 }, (_, i) => [105, 128, 151, 105, 168][i % 5] ?? 128);
const sections = [{ label: 'a', start: 0, count: 90 }, { label: 'b', start: 90, count: 110 }];
const layout = layOut({ ratios, sections, width: 912, target: 224, gap: 4, shape: 'justified', headings: true });
const at = (position: number): Spot => ({ position, column: columnOf(layout, position) });
const after = (spot: Spot, ...keys: MoveKey[]): Spot => keys.reduce((now, key) => move(layout, now, key, 800), spot);

describe('move', () => {
  it('goes to neighbours and stops at the ends', () => {
    expect(after(at(3), 'ArrowRight').position).toBe(4);
    expect(after(at(0), 'ArrowLeft').position).toBe(0);
    expect(after(at(199), 'ArrowRight').position).toBe(199);
  });

  it('comes back to the same tile after down and up', () => {
    for (const position of [0, 3, 17, 60, 120]) expect(after(at(position), 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp').position).toBe(position);
  });

  it('crosses headings', () => {
    const last = at(89);
    expect(rowOf(layout, after(last, 'ArrowDown').position)).toBe(rowOf(layout, 90));
  });

  it('goes down and up in a column of masonry, and on into the next section', () => {
    const tall = layOut({ ratios, sections, width: 912, target: 224, gap: 4, shape: 'masonry', headings: true });
    let spot: Spot = { position: 1, column: columnOf(tall, 1) };
    const under = move(tall, spot, 'ArrowDown', 800);
    expect(columnOf(tall, under.position)).toBe(spot.column);
    expect(move(tall, under, 'ArrowUp', 800).position).toBe(1);
    for (let i = 0; i < 40; i++) spot = move(tall, spot, 'ArrowDown', 800);
    expect(spot.position).toBeGreaterThan(90);
  });

  it('goes to both ends', () => {
    expect(after(at(50), 'End').position).toBe(199);
    expect(after(at(50), 'Home').position).toBe(0);
  });

  it('moves by about a view', () => {
    const from = layout.top[rowOf(layout, 0)] as number;
    const to = layout.top[rowOf(layout, after(at(0), 'PageDown').position)] as number;
    expect(to - from).toBeGreaterThan(400);
    expect(to - from).toBeLessThanOrEqual(800);
  });
});
