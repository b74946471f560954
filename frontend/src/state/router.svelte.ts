// The one owner of history: where the page is, which layer lies on top, and what Back restores.
import type { Sort, Stack, View } from '$api/types';
import { addressOf, placeFrom } from './address';
import type { Place, Room } from './address';
import { orderWith } from './filter';
import type { Shape } from './kept';

/** What a history entry keeps beside its address, so that Back restores it exactly. */
export interface Note {
  top: number;
  height: number;
  focus: string | null;
}

interface Entry {
  /** How many entries of ours lie below; 0 means that Back would leave the page. */
  depth: number;
  /** A dialog or sheet that is not in the address. */
  layer: string | null;
  note: Note | null;
}

const FIRST: Entry = { depth: 0, layer: null, note: null };

export class Router {
  place = $state.raw<Place>(placeFrom(''));
  layer = $state<string | null>(null);
  /** Set when an entry was left by Back or Forward: what it looked like then. */
  note: Note | null = null;
  /** The grid says here how it looks, before another entry is made. */
  keeper: (() => { note: Note; at: string | null } | null) | null = null;
  #window: Window;

  constructor(here: Window) {
    this.#window = here;
    this.#read();
    here.history.scrollRestoration = 'manual';
    here.addEventListener('popstate', () => this.#read());
  }

  get #entry(): Entry {
    return { ...FIRST, ...(this.#window.history.state as Partial<Entry> | null) };
  }

  #read(): void {
    const entry = this.#entry;
    this.note = entry.note;
    this.place = placeFrom(this.#window.location.search);
    this.layer = entry.layer;
  }

  /** Writes what the grid looks like into the entry that is about to be left. */
  #keep(): void {
    const kept = this.keeper?.();
    if (!kept) return;
    const place = { ...this.place, at: kept.at };
    this.#window.history.replaceState({ ...this.#entry, note: kept.note }, '', addressOf(place));
  }

  #push(place: Place, layer: string | null): void {
    this.#keep();
    const entry: Entry = { depth: this.#entry.depth + 1, layer, note: null };
    this.#window.history.pushState(entry, '', addressOf(place));
    this.note = null;
    this.place = place;
    this.layer = layer;
  }

  /** Goes somewhere: a new history entry. */
  go(change: Partial<Place>): void {
    const of = (change.room ?? 'similar') === 'similar' ? this.place.of : [];
    // Another room, or another view of the library, begins as a grid.
    const board = this.place.board && !change.room;
    this.#push({ ...this.place, at: null, of, board, ...change }, null);
  }

  /** The same entry, another address: for typing and for "where the grid is". */
  replace(change: Partial<Place>, note: Note | null = this.#entry.note): void {
    const place = { ...this.place, ...change };
    this.#window.history.replaceState({ ...this.#entry, note }, '', addressOf(place));
    this.place = place;
  }

  /** Notes where the grid is without telling anyone: nothing on the page depends on it. */
  remember(at: string | null, note: Note): void {
    if (this.layer !== null || this.place.post !== null || this.place.room !== 'library') return;
    this.#window.history.replaceState({ ...this.#entry, note }, '', addressOf({ ...this.place, at }));
  }

  room(room: Room): void {
    if (room !== this.place.room || this.place.post) this.go({ room, post: null, import: null, of: [] });
  }

  /** What is like these posts. */
  similar(of: readonly string[]): void {
    this.go({ room: 'similar', of, post: null, import: null });
  }

  filter(filter: string, how: 'go' | 'replace' = 'go'): void {
    const { view } = this.place;
    this[how]({ room: 'library', view: { ...view, filter, sort: orderWith(filter, view.filter, view.sort) }, post: null, of: [], at: null });
  }

  sort(sort: Sort): void {
    const seed = sort === 'random' ? 1 + Math.floor(Math.random() * 1e6) : undefined;
    const { filter, stack } = this.place.view;
    this.go({ view: { filter, sort, ...(seed ? { seed } : {}), ...(stack ? { stack } : {}) } });
  }

  /** Another layout of the same view; `before` is what it looks like now, for the way back. */
  layout(layout: Shape, before: Shape): void {
    if (layout === before && !this.place.board) return;
    const at = this.keeper?.()?.at ?? null;
    this.replace({ layout: before });
    this.go({ layout, at, board: false });
  }

  /** Stacks the view in another way. */
  stack(stack: Stack): void {
    const { filter, sort, seed } = this.place.view;
    const view: View = { filter, sort, ...(seed ? { seed } : {}) };
    this.go({ view: stack === 'parent' ? view : { ...view, stack } });
  }

  /** Opens the viewer, or steps to another post in it: stepping adds no entries, so Back closes it. */
  openPost(id: string): void {
    if (this.place.post === null) this.#push({ ...this.place, post: id }, null);
    else this.replace({ post: id });
  }

  closePost(): void {
    if (this.place.post === null) return;
    if (this.#entry.depth > 0) this.#window.history.back();
    else this.replace({ post: null });
  }

  /** A dialog or sheet on top of everything; Back closes exactly it. */
  openLayer(name: string): void {
    if (this.layer !== name) this.#push(this.place, name);
  }

  closeLayer(): void {
    if (this.layer === null) return;
    if (this.#entry.depth > 0) this.#window.history.back();
    else this.layer = null;
  }

  href(change: Partial<Place>): string {
    return addressOf({ ...this.place, board: false, post: null, import: null, of: [], at: null, ...change });
  }
}

export const router = new Router(window);
