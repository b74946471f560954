// Where the keys of the grid lead: by geometry, with the column remembered.
import { boxesOf, isFolded, isHeading, rowOf } from './layout';
import type { Layout } from './layout';

/** Among so many neighbours each column has one. */
const COLUMN_REACH = 60;

export interface Spot {
  position: number;
  /** The x that up and down try to keep. */
  column: number;
}

export const MOVE_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'] as const;
export type MoveKey = (typeof MOVE_KEYS)[number];

/** The middle of a tile, seen from the start of its row. */
export function columnOf(layout: Layout, position: number): number {
  const box = boxesOf(layout, rowOf(layout, position)).find((b) => b.position === position);
  return box ? box.x + box.width / 2 : 0;
}

/** The item of a row that lies at or nearest to this x. */
function nearest(layout: Layout, row: number, column: number): number {
  let [best, distance] = [layout.first[row] as number, Infinity];
  for (const box of boxesOf(layout, row)) {
    const away = Math.max(box.x - column, column - box.x - box.width, 0);
    if (away < distance) [best, distance] = [box.position, away];
  }
  return best;
}

/** Masonry: what lies under a tile is the next one of its column; behind the last of a section, any. */
function inColumn(columns: Uint8Array, row: number, step: 1 | -1): number {
  for (let i = 1; i < COLUMN_REACH; i++) if (columns[row + i * step] === columns[row]) return row + i * step;
  return row + step;
}

/** The next row with items in this direction; the same row when there is none. */
function nextRow(layout: Layout, row: number, step: 1 | -1): number {
  let next = layout.columns ? inColumn(layout.columns, row, step) : row + step;
  while (next >= 0 && next < layout.rows && isHeading(layout, next) && !isFolded(layout, next)) next += step;
  return next < 0 || next >= layout.rows ? row : next;
}

/** As many rows as lie within one view, but at least one. */
function pageRow(layout: Layout, row: number, step: 1 | -1, view: number): number {
  const from = layout.top[row] as number;
  let at = row;
  for (let next = nextRow(layout, at, step); next !== at; next = nextRow(layout, at, step)) {
    at = next;
    if (Math.abs((layout.top[nextRow(layout, at, step)] as number) - from) > view) break;
  }
  return at;
}

/** The item itself, or of a folded section the first one, for which its heading stands. */
function standsFor(layout: Layout, position: number): number {
  const row = rowOf(layout, position);
  return isFolded(layout, row) ? (layout.first[row] as number) : position;
}

export function move(layout: Layout, spot: Spot, key: MoveKey, view: number): Spot {
  const last = layout.input.ratios.length - 1;
  const to = (wanted: number): Spot => {
    const position = standsFor(layout, Math.max(0, Math.min(last, wanted)));
    return { position, column: columnOf(layout, position) };
  };
  const along = (row: number): Spot => ({ position: nearest(layout, row, spot.column), column: spot.column });
  const row = rowOf(layout, spot.position);
  const after = isFolded(layout, row) ? (layout.first[row + 1] as number) : spot.position + 1;
  switch (key) {
    case 'ArrowLeft': return to(standsFor(layout, spot.position) - 1);
    case 'ArrowRight': return to(after);
    case 'ArrowUp': return along(nextRow(layout, row, -1));
    case 'ArrowDown': return along(nextRow(layout, row, 1));
    case 'Home': return to(0);
    case 'End': return to(last);
    case 'PageUp': return along(pageRow(layout, row, -1, view));
    case 'PageDown': return along(pageRow(layout, row, 1, view));
  }
}
