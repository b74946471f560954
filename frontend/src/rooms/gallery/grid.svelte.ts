// The grid's memory: which tile has the focus, which one the pointer is on, and what must not move when rows change.
import { viewKey } from '$state/address';
import { library } from '$state/library.svelte';
import type { Anchor } from '$state/library.svelte';
import type { ViewIndex } from '$api/index';
import type { Shape } from '$state/kept';
import { router } from '$state/router.svelte';
import type { Note } from '$state/router.svelte';
import { foldedAmong, groupDays, groupLetters, groupOthers } from './days';
import { headingAt } from './rows';
import { isFolded, layOut, rowAt, rowOf } from './layout';
import type { Layout } from './layout';
import { columnOf, move } from './moves';
import { isByDay } from './orders';
import type { MoveKey, Spot } from './moves';
import { GridWindow } from './window.svelte';

export interface Frame {
  width: number;
  height: number;
  target: number;
  gap: number;
  shape: Shape;
  columns: number;
  /** The sections that are folded away. */
  folds: readonly string[];
}

/** A place on a tile that has to stay under the pointer while sizes change. */
export interface Pin {
  position: number;
  /** How far down in the tile. */
  share: number;
  /** Pixels below the upper edge of the view. */
  y: number;
}

const UNDER_HEADING = 40;

export class Grid {
  readonly window = new GridWindow(() => this.#settled());
  spot = $state.raw<Spot>({ position: 0, column: 0 });
  hovered = $state(-1);
  /** When the pointer last moved: a hovered tile counts as meant for two seconds. */
  pointed = 0;
  #shown: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  #layOut(index: ViewIndex, frame: Frame): Layout {
    const byDate = isByDay(index.sort);
    const perRow = (frame.width + frame.gap) / (frame.target + frame.gap);
    const groups = byDate ? groupDays(index.sections, index.ratios, perRow)
      : index.sort === 'name' ? groupLetters(index.sections, index.ratios, perRow) : groupOthers(index.sections);
    const headings = byDate ? groups.length > 0 : groups.length > 1;
    const folded = foldedAmong(groups, frame.folds);
    const layout = layOut({ ...frame, view: frame.height, ratios: index.ratios, sections: groups, headings, folded });
    // What was above the end stays where it is, even when hardly anything is left below it.
    if (this.kept) layout.total = Math.max(layout.total, this.#keptAt(layout, this.kept) + frame.height);
    this.#groups = groups;
    return layout;
  }

  #groups: ReturnType<typeof groupOthers> = [];
  /** A heading that stays where it is on the screen while sections fold: the first item of its section, and where. */
  kept: { start: number; y: number } | null = null;
  /** The heading whose button had the focus when it was used. */
  foldedAt: number | null = null;

  #keptAt(layout: Layout, kept: { start: number; y: number }): number {
    return Math.max(0, (layout.top[headingAt(layout, kept.start)] as number) - kept.y);
  }

  /** True when only a heading stands for what has the focus. */
  get onFolded(): boolean {
    const { layout } = this.window;
    return layout !== null && layout.rows > 0 && isFolded(layout, rowOf(layout, this.spot.position));
  }
  #frame = '';

  /** True when the rows were laid out for this frame. */
  #fits(frame: Frame): boolean {
    const before = this.#frame;
    this.#frame = JSON.stringify(frame);
    return before === this.#frame;
  }

  /** Lays the index out for this frame, and goes where the person was. */
  show(index: ViewIndex, frame: Frame): void {
    const key = viewKey(library.view ?? { filter: '', sort: 'date_desc' });
    const same = key === this.#shown;
    // New flags alone move nothing.
    if (same && library.inPlace && this.#fits(frame)) return;
    this.#fits(frame);
    const held = same ? this.#held() : null;
    const anchorAt = library.anchorAt;
    library.anchorAt = null;
    const layout = this.#layOut(index, frame);
    this.window.show(layout, this.#groups, frame.height, this.#place(layout, held, anchorAt));
    this.#refocus(same, held, anchorAt, index.count);
    if (!same) this.#recall(key);
    this.#shown = key;
  }

  /** After Back: the tile that had the focus has it again. */
  #recall(key: string): void {
    const id = router.note?.focus;
    if (!id) return;
    void library.locate(id).then((position) => {
      if (position !== null && key === this.#shown) this.focus(position);
    });
  }

  #refocus(same: boolean, held: Anchor | null, anchorAt: number | null, count: number): void {
    const moved = held && anchorAt !== null && anchorAt > 0 ? anchorAt - held.position : 0;
    const position = same ? this.spot.position + moved : (anchorAt ?? 0);
    this.focus(Math.max(0, Math.min(position, count - 1)));
    this.hovered = -1;
  }

  #place(layout: Layout, held: Anchor | null, anchorAt: number | null): number {
    const topOf = (position: number): number => layout.top[rowOf(layout, position)] ?? 0;
    const meant = held ? this.#meantPlace(layout) : null;
    this.pin = this.kept = null;
    if (meant !== null) return meant;
    if (held) {
      if (anchorAt === 0) return 0;
      return topOf(anchorAt ?? held.position) - this.#heldOffset;
    }
    const { note } = router;
    if (note && Math.abs(note.height - layout.total) < 1) return note.top;
    return anchorAt === null ? 0 : topOf(anchorAt) - UNDER_HEADING;
  }

  /** Where the view has to be so that what was taken hold of stays where it is. */
  #meantPlace(layout: Layout): number | null {
    const { pin, kept } = this;
    if (kept) return this.#keptAt(layout, kept);
    if (!pin) return null;
    const row = rowOf(layout, pin.position);
    return (layout.top[row] ?? 0) + pin.share * (layout.height[row] ?? 0) - pin.y;
  }

  #heldOffset = 0;
  /** Set just before a size changes. */
  pin: Pin | null = null;

  /** The place under this point of the view. */
  pinAt(y: number, tile: number | null): Pin | null {
    const { layout, logical } = this.window;
    if (!layout || layout.rows === 0) return null;
    const row = tile === null ? rowAt(layout, logical + y) : rowOf(layout, tile);
    const height = (layout.height[row] as number) || 1;
    return { position: tile ?? (layout.first[row] as number), share: (logical + y - (layout.top[row] as number)) / height, y };
  }

  /** The tile that must stay where it is: the focused one if it is on screen, else the first. */
  #held(): Anchor | null {
    const { layout, visible, logical } = this.window;
    if (!layout || layout.rows === 0 || visible.last < 0) return null;
    const inView = this.spot.position >= visible.first && this.spot.position <= visible.last && logical > 0;
    const position = inView ? this.spot.position : visible.first;
    this.#heldOffset = (layout.top[rowOf(layout, position)] as number) - logical;
    if (logical === 0) this.#heldOffset = layout.top[rowOf(layout, position)] as number;
    return { id: library.cardAt(position)?.root_id ?? '', position, ...visible };
  }

  /** What the library asks before it takes a new order. */
  anchor(): Anchor | null {
    this.#waitingAt ??= this.window.logical;
    const held = this.#held();
    return held?.id ? held : null;
  }

  /** Where the view was when a newer order began to wait. */
  #waitingAt: number | null = null;

  /** Once the person has gone a view further, nothing that was held back for them is on screen any more. */
  #takeWaiting(): void {
    const { logical, height } = this.window;
    if (!library.pending) this.#waitingAt = null;
    else if (this.#waitingAt === null) this.#waitingAt = logical;
    else if (!this.window.scrolling && Math.abs(logical - this.#waitingAt) > height) {
      this.#waitingAt = null;
      void library.settle();
    }
    if (logical === 0) library.sawTop();
  }

  #settled(): void {
    library.want(this.window.first, this.window.last, this.window.hidden);
    this.#takeWaiting();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#remember(), 300);
  }

  note(): { note: Note; at: string | null } | null {
    const { layout, visible, logical } = this.window;
    if (!layout || visible.last < 0) return null;
    const at = logical > 0 ? (library.cardAt(visible.first)?.id ?? null) : null;
    const focus = library.cardAt(this.spot.position)?.id ?? null;
    return { at, note: { top: logical, height: layout.total, focus } };
  }

  #remember(): void {
    const kept = this.note();
    if (kept && !this.window.scrolling) router.remember(kept.at, kept.note);
  }

  /** The clip that is nearest to the middle of the view; -1 when there is none. */
  clipInTheMiddle(): number {
    const { rows, logical, height, layout } = this.window;
    let [best, distance] = [-1, height / 2];
    for (const { row, boxes } of layout ? rows : []) {
      const middle = (layout?.top[row] ?? 0) + (layout?.height[row] ?? 0) / 2;
      const away = Math.abs(middle - logical - height / 2);
      const clip = boxes.find((box) => library.cardAt(box.position)?.preview);
      if (clip && away < distance) [best, distance] = [clip.position, away];
    }
    return best;
  }

  focus(position: number): void {
    const { layout } = this.window;
    this.spot = { position, column: layout && layout.rows > 0 ? columnOf(layout, position) : 0 };
  }

  /** Moves the focus by a key; answers the new position. */
  step(key: MoveKey): number {
    const { layout, height } = this.window;
    if (!layout || layout.rows === 0) return this.spot.position;
    this.spot = move(layout, this.spot, key, height);
    this.window.reveal(this.spot.position);
    return this.spot.position;
  }

  /** What an action key means: the tile under a pointer that moved just now, else the focused one. */
  get meant(): number {
    const recent = performance.now() - this.pointed < 2000;
    if (this.hovered >= 0 && recent) return this.hovered;
    return this.onFolded ? -1 : this.spot.position;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.window.stop();
  }
}
