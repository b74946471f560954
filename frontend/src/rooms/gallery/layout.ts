// Exact justified rows for a whole view, from one ratio byte per item: a million of them in some milliseconds.
import { RATIOS } from '$api/index';
import type { Section } from '$api/index';
import type { Shape } from '$state/kept';
import { balancedEnds } from './balance';
import { isFolded } from './rows';
import { columnsFor, feed, lines, masonry, placeOf } from './shapes';

export { isFolded, isHeading, rowAt, rowOf, sectionOf } from './rows';

export const HEADING = 40;
const FOOT = 12;

export interface LayoutInput {
  ratios: Uint8Array;
  sections: readonly Section[];
  width: number;
  /** Row height aimed at. */
  target: number;
  gap: number;
  shape: Shape;
  /** False for orders that have no sections worth naming. */
  headings: boolean;
  /** Columns of squares and masonry; 0 or nothing for as many as fit. */
  columns?: number;
  /** How high the view is, which a feed looks at. */
  view?: number;
  /** The first items of sections of which only the heading is wanted. */
  folded?: ReadonlySet<number>;
}

/** Headings whose items are not laid out: which rows they are, and how many items are hidden before each row. */
export interface Folded {
  rows: ReadonlySet<number>;
  before: Uint32Array;
}

/** Rows from top to bottom. A heading is a row without items: first[row] === first[row + 1], or what it has is folded. */
export interface Layout {
  input: LayoutInput;
  rows: number;
  /** Upper edge by row; one more entry than rows, the last is the height of everything. */
  top: Float64Array;
  /** First item by row; one more entry than rows. */
  first: Uint32Array;
  height: Float32Array;
  total: number;
  /** Masonry: each item is a row of its own, in one of the columns, and rows overlap; none is higher than `tallest`. */
  columns: Uint8Array | null;
  tallest: number;
  folded: Folded | null;
}

export interface Box {
  position: number;
  x: number;
  width: number;
}

export class Rows {
  rows = 0;
  y = 0;
  tallest = 0;
  columns: Uint8Array | null = null;
  readonly folded = new Set<number>();
  readonly top: Float64Array;
  readonly first: Uint32Array;
  readonly height: Float32Array;

  constructor(most: number) {
    this.top = new Float64Array(most + 1);
    this.first = new Uint32Array(most + 1);
    this.height = new Float32Array(most);
  }

  add(first: number, height: number, gap: number): void {
    this.put(first, this.y, height);
    this.y += height + gap;
  }

  /** A row that is not simply the next one down; tops must not fall. */
  put(first: number, top: number, height: number): void {
    this.top[this.rows] = top;
    this.first[this.rows] = first;
    this.height[this.rows] = height;
    this.rows += 1;
  }

  done(input: LayoutInput, count: number): Layout {
    this.top[this.rows] = this.y;
    this.first[this.rows] = count;
    return {
      input,
      rows: this.rows,
      top: this.top.slice(0, this.rows + 1),
      first: this.first.slice(0, this.rows + 1),
      height: this.height.slice(0, this.rows),
      total: this.y,
      columns: this.columns?.slice(0, this.rows) ?? null,
      tallest: this.tallest,
      folded: this.folded.size > 0 ? { rows: this.folded, before: this.#hidden() } : null,
    };
  }

  #hidden(): Uint32Array {
    const before = new Uint32Array(this.rows + 1);
    for (let row = 0, sum = 0; row < this.rows; row++) {
      if (this.folded.has(row)) sum += (this.first[row + 1] as number) - (this.first[row] as number);
      before[row + 1] = sum;
    }
    return before;
  }
}

function squares(rows: Rows, section: Section, input: LayoutInput): void {
  const columns = columnsFor(input);
  const size = (input.width - input.gap * (columns - 1)) / columns;
  const end = section.start + section.count;
  for (let first = section.start; first < end; first += columns) rows.add(first, Math.round(size), input.gap);
}

function sumOf(ratios: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += RATIOS[ratios[i] as number] as number;
  return sum;
}

/** Rows of nearly equal fill, so that none ends with a hole: each closes when it has its share of what is left. */
function evenly(rows: Rows, section: Section, input: LayoutInput, all: number, wanted: number): void {
  const { ratios, width, gap } = input;
  const end = section.start + section.count;
  let [first, sum, used, done] = [section.start, 0, 0, 0];
  for (let i = section.start; i < end; i++) {
    sum += RATIOS[ratios[i] as number] as number;
    const next = i + 1 < end ? (RATIOS[ratios[i + 1] as number] as number) : 0;
    const full = done < wanted - 1 && sum + next / 2 >= (all - used) / (wanted - done);
    if (!full && i + 1 < end) continue;
    rows.add(first, Math.round((width - gap * (i - first)) / sum), gap);
    used += sum;
    [first, sum, done] = [i + 1, 0, done + 1];
  }
}

/** For sections too short or too odd for equal rows: close a row as soon as it fits, leave the last one short. */
function greedily(rows: Rows, section: Section, input: LayoutInput): void {
  const { ratios, width, gap, target } = input;
  const end = section.start + section.count;
  let [first, sum] = [section.start, 0];
  for (let i = section.start; i < end; i++) {
    sum += RATIOS[ratios[i] as number] as number;
    const height = (width - gap * (i - first)) / sum;
    if (height > target * 1.06 && i + 1 < end) continue;
    rows.add(first, Math.round(Math.min(height, target * 1.06)), gap);
    [first, sum] = [i + 1, 0];
  }
}

/** As many equal rows as come nearest to the wanted height; 0 when even one would be far too high or too low. */
function rowsFor(fill: number): number {
  const below = Math.max(1, Math.floor(fill));
  // Heights are compared as factors: one row of 0.7 is as far off as one of 1.43.
  const rows = fill / below < (below + 1) / fill ? below : below + 1;
  const height = rows / fill;
  return height > 0.69 && height < 1.45 ? rows : 0;
}

/** Finding the best breaks of a whole section costs more than one pass: done where that is not felt. */
const BALANCED_VIEW = 50_000;
const BALANCED_SECTION = 60;

function balanced(rows: Rows, section: Section, input: LayoutInput): void {
  const { ratios, width, gap } = input;
  let first = section.start;
  for (const end of balancedEnds({ ...input, start: section.start, end: section.start + section.count })) {
    rows.add(first, Math.round((width - gap * (end - first - 1)) / sumOf(ratios, first, end)), gap);
    first = end;
  }
}

function justify(rows: Rows, section: Section, input: LayoutInput): void {
  const { ratios, width, gap, target } = input;
  const all = sumOf(ratios, section.start, section.start + section.count);
  const wanted = rowsFor((all * (target + gap)) / (width + gap));
  if (wanted === 0 || wanted > section.count) greedily(rows, section, input);
  else if (ratios.length <= BALANCED_VIEW || section.count <= BALANCED_SECTION) balanced(rows, section, input);
  else evenly(rows, section, input, all, wanted);
}

const FILL: Record<Shape, (rows: Rows, section: Section, input: LayoutInput) => void> = {
  justified: justify, square: squares, masonry, list: lines, feed,
};

export function layOut(input: LayoutInput): Layout {
  const count = input.ratios.length;
  const rows = new Rows(count + input.sections.length);
  if (input.width > 0) {
    for (const section of input.sections) {
      if (input.headings) rows.add(section.start, HEADING, 0);
      if (input.headings && input.folded?.has(section.start)) {
        rows.folded.add(rows.rows - 1);
        continue;
      }
      FILL[input.shape](rows, section, input);
      rows.y += FOOT - input.gap;
    }
  }
  return rows.done(input, count);
}

/** Where each item of a row lies; whole pixels, the last one of a full row ends at the edge. */
export function boxesOf(layout: Layout, row: number): Box[] {
  if (isFolded(layout, row)) return [];
  const place = placeOf(layout, row);
  if (place) return [{ position: layout.first[row] as number, ...place }];
  const { ratios, width, gap, shape } = layout.input;
  const [from, to] = [layout.first[row] as number, layout.first[row + 1] as number];
  const height = layout.height[row] as number;
  const sum = shape === 'square' ? to - from : sumOf(ratios, from, to);
  const free = width - gap * (to - from - 1);
  // Heights are whole pixels, so a full row misses the edge by half a pixel for each unit of ratio.
  const full = shape === 'justified' && sum * (height + 0.51) >= free;
  const unit = full ? free / sum : height;
  const boxes: Box[] = [];
  let x = 0;
  for (let i = from; i < to; i++) {
    const ratio = shape === 'square' ? squareUnit(layout) : (RATIOS[ratios[i] as number] as number) * unit;
    const left = Math.round(x);
    boxes.push({ position: i, x: left, width: Math.round(x + ratio) - left });
    x += ratio + gap;
  }
  return boxes;
}

function squareUnit(layout: Layout): number {
  const { width, gap } = layout.input;
  const columns = columnsFor(layout.input);
  return (width - gap * (columns - 1)) / columns;
}
