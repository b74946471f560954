// What of the grid is on screen: a few recycled rows of a layout of any length, and whether pictures may load.
import type { Layout, Box } from './layout';
import { boxesOf, isFolded, isHeading, rowAt, rowOf, sectionOf } from './layout';
import { hiddenIn, spanOf, tilesIn } from './rows';
import type { Group } from './days';
import { Scroller } from './scroller';

export interface RowView {
  /** Names the recycled element; rows of one kind share a pool. */
  slot: string;
  row: number;
  /** Upper edge, relative to the canvas. */
  y: number;
  height: number;
  heading: Group | null;
  /** A heading without what it heads. */
  folded: boolean;
  boxes: Box[];
}

const MOST_TILES = 120;
/** Where each tile is a row of its own, and so an element more. */
const MOST_ROWS = 90;
/** Beyond this many pixels per frame nothing can be recognised, so nothing is fetched. */
const FLYING = 200;
const FRAME_MS = 1000 / 60;
const SETTLE_MS = 90;
/** The canvas moves in steps of this, so that rows have small coordinates wherever the view is. */
const BASE_STEP = 16_384;

export class GridWindow {
  layout = $state.raw<Layout | null>(null);
  groups = $state.raw<Group[]>([]);
  rows = $state.raw<RowView[]>([]);
  /** Where the canvas lies in the scrolled element. */
  canvasTop = $state(0);
  /** Where the view is, in the full height. */
  logical = $state(0);
  flying = $state(false);
  scrolling = $state(false);
  /** Positions of which something is drawn. */
  first = 0;
  last = -1;
  height = 0;
  readonly scroller = new Scroller();
  #element: HTMLElement | null = null;
  #settled: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = 0;
  #base = 0;
  #slots = 0;

  /** `settled` is called when rows changed and when movement ended: time to ask for cards. */
  constructor(settled: () => void) {
    this.#settled = settled;
  }

  attach(element: HTMLElement): void {
    this.#element = element;
    this.place();
  }

  /** Puts the browser where the view is; to be called again when the spacer has its new height. */
  place(): void {
    if (this.layout) this.#place(this.scroller.top);
  }

  get spacer(): number {
    return this.layout ? Math.min(this.layout.total, 8_000_000) : 0;
  }

  /** Positions whose rows touch the view itself. */
  get visible(): { first: number; last: number } {
    const { layout } = this;
    if (!layout || layout.rows === 0) return { first: 0, last: -1 };
    return spanOf(layout, rowAt(layout, this.logical), rowAt(layout, this.logical + this.height));
  }

  /** The row whose heading says where the view is. */
  get topRow(): number {
    return this.layout ? rowAt(this.layout, this.logical) : 0;
  }

  /** Whether the tile of an item, or the heading that stands for it, exists now. */
  draws(position: number): boolean {
    const [from, to] = [this.rows[0]?.row ?? 0, this.rows.at(-1)?.row ?? -1];
    const row = this.layout ? rowOf(this.layout, position) : -1;
    return row >= from && row <= to;
  }

  /** Positions between the first and the last that are folded away. */
  get hidden(): [number, number][] {
    const [from, to] = [this.rows[0]?.row ?? 0, this.rows.at(-1)?.row ?? -1];
    return this.layout ? hiddenIn(this.layout, from, to) : [];
  }

  /** Takes a new layout; goes to `logical` in it without a picture moving if the caller has worked that out. */
  show(layout: Layout, groups: Group[], height: number, logical: number): void {
    this.layout = layout;
    this.groups = groups;
    this.height = height;
    // Nothing stays where it was, but the elements are kept for what comes.
    this.rows = this.rows.map((view) => ({ ...view, row: -1 }));
    this.scroller.resize(layout.total, height);
    this.jump(logical);
  }

  /** Goes there at once. */
  jump(logical: number): void {
    const top = this.scroller.jump(logical);
    this.#place(top);
    this.#moved();
    this.#rest();
  }

  /** Brings a position into view; answers false when it already was. */
  reveal(position: number, where: 'nearest' | 'start' = 'nearest'): boolean {
    const { layout } = this;
    if (!layout) return false;
    const row = rowOf(layout, position);
    const top = (layout.top[row] as number) - 48;
    const bottom = (layout.top[row] as number) + (layout.height[row] as number) + 8;
    const wanted = where === 'start' || top < this.logical ? top : bottom - this.height;
    if (where === 'nearest' && top >= this.logical && bottom <= this.logical + this.height) return false;
    this.jump(wanted);
    return true;
  }

  /** The browser scrolled. */
  scrolled(): void {
    if (!this.#element || !this.layout) return;
    const before = this.logical;
    const top = this.scroller.scrolled(this.#element.scrollTop);
    if (top !== null) this.#place(top);
    const now = performance.now();
    const frames = Math.max(1, (now - this.#at) / FRAME_MS);
    this.#at = now;
    this.flying = Math.abs(this.scroller.logical - before) / frames > FLYING;
    this.scrolling = true;
    this.#moved();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), SETTLE_MS);
  }

  #place(top: number): void {
    if (this.#element && Math.abs(this.#element.scrollTop - top) >= 1) this.#element.scrollTop = top;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.flying = false;
    this.scrolling = false;
    const top = this.scroller.settle();
    if (top !== null) {
      this.#place(top);
      this.#moved();
    }
    this.#draw(true);
    this.#settled();
  }

  #moved(): void {
    this.logical = this.scroller.logical;
    const base = Math.floor(this.logical / BASE_STEP) * BASE_STEP;
    this.canvasTop = base - Math.round(this.scroller.offset);
    const again = base !== this.#base;
    this.#base = base;
    this.#draw(again);
  }

  /** The rows from the first to the last that should exist, as many as the pool of tiles allows. */
  #range(layout: Layout): [number, number] {
    const most = layout.columns ? MOST_ROWS : MOST_TILES;
    const beyond = this.height * (this.flying ? 0.25 : 0.75);
    let from = rowAt(layout, this.logical - layout.tallest);
    let to = rowAt(layout, this.logical + this.height);
    const room = (low: number, high: number): boolean => tilesIn(layout, low, high) <= most;
    let grown = true;
    while (grown) {
      grown = false;
      if (to + 1 < layout.rows && (layout.top[to + 1] as number) < this.logical + this.height + beyond && room(from, to + 1)) {
        to += 1;
        grown = true;
      }
      if (from > 0 && (layout.top[from] as number) > this.logical - beyond && room(from - 1, to)) {
        from -= 1;
        grown = true;
      }
    }
    return [from, to];
  }

  #draw(again: boolean): void {
    const { layout } = this;
    if (!layout || layout.rows === 0) {
      this.rows = [];
      return;
    }
    const [from, to] = this.#range(layout);
    if (!again && this.rows[0]?.row === from && this.rows.at(-1)?.row === to) return;
    this.rows = this.#recycle(layout, from, to);
    ({ first: this.first, last: this.last } = spanOf(layout, from, to));
    if (!this.flying) this.#settled();
  }

  /** Rows that stay keep their element; new ones take over the elements of rows that left. */
  #recycle(layout: Layout, from: number, to: number): RowView[] {
    const stays = (view: RowView): boolean => view.row >= from && view.row <= to;
    const kept = new Map(this.rows.filter(stays).map((view) => [view.row, view]));
    const free = this.rows.filter((view) => !stays(view)).map((view) => view.slot);
    return Array.from({ length: to - from + 1 }, (_, i) => {
      const old = kept.get(from + i);
      return this.#view(layout, from + i, old?.slot ?? this.#slot(isHeading(layout, from + i) ? 'h' : 't', free), old);
    });
  }

  /** An element that has become free, or a new one. */
  #slot(kind: 'h' | 't', free: string[]): string {
    const at = free.findIndex((slot) => slot.startsWith(kind));
    if (at >= 0) return free.splice(at, 1)[0] as string;
    return `${kind}${(this.#slots += 1)}`;
  }

  #view(layout: Layout, row: number, slot: string, old: RowView | undefined): RowView {
    const y = (layout.top[row] as number) - this.#base;
    if (old?.y === y) return old;
    const heading = isHeading(layout, row) ? (this.groups[sectionOf(this.groups, layout.first[row] as number)] ?? null) : null;
    return { slot, row, y, height: layout.height[row] as number, heading, folded: isFolded(layout, row), boxes: heading ? [] : (old?.boxes ?? boxesOf(layout, row)) };
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
