// Where things are in a layout: rows by height and by item, sections by item, and what of them is folded away.
import type { Section } from '$api/index';
import type { Layout } from './layout';

/** The last index whose value is not above `wanted`, in an array that grows. */
function lastNotAbove(values: Float64Array | Uint32Array, wanted: number, length: number): number {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] as number) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function rowAt(layout: Layout, y: number): number {
  return lastNotAbove(layout.top, y, Math.max(1, layout.rows));
}

/** The row of an item; of one that is folded away, the heading that stands for it. */
export function rowOf(layout: Layout, position: number): number {
  return lastNotAbove(layout.first, position, Math.max(1, layout.rows));
}

/** The heading of the section that begins with this item. */
export function headingAt(layout: Layout, start: number): number {
  const row = rowOf(layout, start);
  return isFolded(layout, row) ? row : Math.max(0, row - 1);
}

export function isFolded(layout: Layout, row: number): boolean {
  return layout.folded?.rows.has(row) ?? false;
}

export function isHeading(layout: Layout, row: number): boolean {
  return layout.first[row] === layout.first[row + 1] || isFolded(layout, row);
}

/** How many items are laid out in these rows. */
export function tilesIn(layout: Layout, from: number, to: number): number {
  const before = layout.folded?.before;
  const hidden = before ? (before[to + 1] as number) - (before[from] as number) : 0;
  return (layout.first[to + 1] as number) - (layout.first[from] as number) - hidden;
}

/** The items from the first to the last of these rows, without folded rows at either end. */
export function spanOf(layout: Layout, from: number, to: number): { first: number; last: number } {
  let [a, b] = [from, to];
  while (a < b && isFolded(layout, a)) a += 1;
  while (b > a && isFolded(layout, b)) b -= 1;
  const first = layout.first[a] as number;
  return { first, last: isFolded(layout, a) ? first : (layout.first[b + 1] as number) - 1 };
}

/** The items that are folded away in these rows, as stretches. */
export function hiddenIn(layout: Layout, from: number, to: number): [first: number, last: number][] {
  if (!layout.folded) return [];
  const rows = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((row) => isFolded(layout, row));
  return rows.map((row) => [layout.first[row] as number, (layout.first[row + 1] as number) - 1]);
}

export function sectionOf(sections: readonly Section[], position: number): number {
  let [low, high] = [0, sections.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sections[middle] as Section).start <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
