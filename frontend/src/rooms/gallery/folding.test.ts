// Facts about folded sections: what is laid out, where keys lead, and what is remembered.
import { describe, expect, it } from 'vitest';
import type { Group } from './days';
import { foldKey } from './days';
import { foldsAfter } from './folding';
import { boxesOf, isFolded, isHeading, layOut, rowOf } from './layout';
import type { LayoutInput } from './layout';
import { move } from './moves';
import { headingAt, hiddenIn, spanOf, tilesIn } from './rows';

const ratios = new Uint8Array(60).fill(128);
const sections = [0, 20, 40].map((start, i) => ({ label: `2025-09-0${3 - i}`, start, count: 20 }));
const laid = (folded: number[], shape: LayoutInput['shape'] = 'justified') =>
  layOut({ ratios, sections, width: 900, target: 200, gap: 4, shape, headings: true, view: 800, folded: new Set(folded) });
const group = (label: string, until = label): Group => ({ label, until, start: 0, count: 1, wholeMonth: false });

describe('a folded section', () => {
  it.each(['justified', 'square', 'masonry', 'list', 'feed'] as const)('%s: is one row, which stands for its items', (shape) => {
    const [open, layout] = [laid([], shape), laid([20], shape)];
    const row = rowOf(layout, 33);
    expect([isHeading(layout, row), isFolded(layout, row), boxesOf(layout, row)]).toEqual([true, true, []]);
    expect([headingAt(layout, 20), layout.top[row]]).toEqual([row, open.top[headingAt(open, 20)]]);
    expect(layout.total).toBeLessThan(open.total);
    expect(tilesIn(layout, 0, layout.rows - 1)).toBe(40);
    expect(hiddenIn(layout, 0, layout.rows - 1)).toEqual([[20, 39]]);
    const shown = Array.from({ length: layout.rows }, (_, at) => at).filter((at) => !isHeading(layout, at));
    expect(shown.flatMap((at) => boxesOf(layout, at).map((box) => box.position))).toHaveLength(40);
  });

  it('at an edge of the view takes no part in what is seen', () => {
    const layout = laid([0, 40]);
    expect(spanOf(layout, 0, layout.rows - 1)).toEqual({ first: 20, last: 39 });
    const closed = laid([0, 20, 40]);
    expect(spanOf(closed, 0, closed.rows - 1)).toEqual({ first: 40, last: 40 });
  });

  it('is one step of the keys', () => {
    const layout = laid([20]);
    const to = (position: number, key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'End') => move(layout, { position, column: 0 }, key, 800).position;
    expect([to(19, 'ArrowRight'), to(20, 'ArrowRight'), to(40, 'ArrowLeft'), to(27, 'ArrowLeft')]).toEqual([20, 40, 20, 19]);
    expect([to(40, 'ArrowUp'), to(20, 'ArrowDown')]).toEqual([20, 40]);
    expect(move(laid([40]), { position: 0, column: 0 }, 'End', 800).position).toBe(40);
  });

  it('is remembered by its oldest day, and all fold or open together', () => {
    expect([foldKey(group('2025-09-14', '2025-09-03')), foldKey(group('2025-08-01', '2025-08-09')), foldKey(group('model'))]).toEqual(['2025-09-03', '2025-08-01', 'model']);
    const groups = [group('a'), group('b')];
    expect(foldsAfter([], groups, group('a'))).toEqual(['a']);
    expect(foldsAfter(['a'], groups, group('a'))).toEqual([]);
    expect(foldsAfter(['a'], groups, null)).toEqual(['a', 'b']);
    expect(foldsAfter(['a', 'b'], groups, null)).toEqual([]);
  });
});
