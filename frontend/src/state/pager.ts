// Cards by position: fetched in chunks around what is on screen, cancelled when passed by, forgotten when long unseen.
import type { Card, CardChunk } from '$api/types';

export type FetchChunk = (chunk: number, signal: AbortSignal) => Promise<CardChunk>;

export interface PagerEvents {
  /** Cards came or changed. */
  changed: () => void;
  /** The server's order is newer than ours: what came was dropped. */
  moved: (version: number) => void;
}

const KEPT_CHUNKS = 32;
const RETRY_AFTER_MS = 2000;

export class Pager {
  readonly size: number;
  version: number;
  #fetch: FetchChunk;
  #events: PagerEvents;
  /** In order of use, the least recent first. */
  #chunks = new Map<number, Card[]>();
  #stale = new Set<number>();
  #asked = new Map<number, AbortController>();
  #failed = new Map<number, number>();
  #places = new Map<string, number>();

  constructor(fetch: FetchChunk, version: number, events: PagerEvents, size = 256) {
    this.#fetch = fetch;
    this.version = version;
    this.#events = events;
    this.size = size;
  }

  cardAt(position: number): Card | undefined {
    return this.#chunks.get(Math.floor(position / this.size))?.[position % this.size];
  }

  positionOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** Asks for what covers these positions, but for stretches nobody sees, and gives up whatever else was under way. */
  want(first: number, last: number, but: readonly [number, number][] = []): void {
    const from = Math.floor(Math.max(0, first) / this.size);
    const to = Math.floor(Math.max(0, last) / this.size);
    for (const [chunk, control] of this.#asked) {
      if (chunk < from || chunk > to) this.#cancel(chunk, control);
    }
    const unseen = (chunk: number): boolean => but.some(([a, b]) => a <= chunk * this.size && (chunk + 1) * this.size - 1 <= b);
    for (let chunk = from; chunk <= to; chunk++) if (!unseen(chunk)) void this.load(chunk);
  }

  /** One chunk; what is here and fresh is not fetched again. */
  async load(chunk: number): Promise<void> {
    const here = this.#chunks.get(chunk);
    if (here) this.#use(chunk, here);
    if (this.#settled(chunk)) return;
    const control = new AbortController();
    this.#asked.set(chunk, control);
    try {
      const answer = await this.#fetch(chunk, control.signal);
      if (!control.signal.aborted) this.#take(answer);
    } catch {
      if (!control.signal.aborted) this.#fail(chunk);
    } finally {
      if (this.#asked.get(chunk) === control) this.#asked.delete(chunk);
    }
  }

  /** The order is another version's but positions hold: keep showing the cards, fetch them anew when wanted. */
  renew(version: number): void {
    this.version = version;
    for (const chunk of this.#chunks.keys()) this.#stale.add(chunk);
    for (const [chunk, control] of this.#asked) this.#cancel(chunk, control);
  }

  /** Takes newer cards of posts that are here, wherever those stand now. */
  merge(cards: readonly Card[]): void {
    let changed = false;
    for (const card of cards) {
      const position = this.#places.get(card.id);
      if (position !== undefined) changed = this.#put(position, card) || changed;
    }
    if (changed) this.#events.changed();
  }

  /** Changes one card in place; answers the card as it was. */
  patch(id: string, change: Partial<Card>): Card | undefined {
    const position = this.#places.get(id);
    const before = position === undefined ? undefined : this.cardAt(position);
    if (position === undefined || !before) return undefined;
    this.#put(position, { ...before, ...change });
    this.#events.changed();
    return before;
  }

  stop(): void {
    for (const [chunk, control] of this.#asked) this.#cancel(chunk, control);
  }

  /** True when there is nothing to do for a chunk now: fresh, on its way, or just failed. */
  #settled(chunk: number): boolean {
    if (this.#asked.has(chunk)) return true;
    if (this.#chunks.has(chunk)) return !this.#stale.has(chunk);
    return performance.now() < (this.#failed.get(chunk) ?? 0);
  }

  #put(position: number, card: Card): boolean {
    const cards = this.#chunks.get(Math.floor(position / this.size));
    if (!cards) return false;
    cards[position % this.size] = card;
    return true;
  }

  #take(answer: CardChunk): void {
    if (answer.version !== this.version) {
      this.#events.moved(answer.version);
      return;
    }
    this.#drop(answer.chunk);
    this.#stale.delete(answer.chunk);
    this.#failed.delete(answer.chunk);
    this.#use(answer.chunk, answer.cards);
    answer.cards.forEach((card, offset) => {
      // By what is shown, and by what the tile stands for.
      const place = answer.chunk * this.size + offset;
      this.#places.set(card.id, place).set(card.root_id, place);
    });
    while (this.#chunks.size > KEPT_CHUNKS) this.#drop(this.#chunks.keys().next().value as number);
    this.#events.changed();
  }

  #use(chunk: number, cards: Card[]): void {
    this.#chunks.delete(chunk);
    this.#chunks.set(chunk, cards);
  }

  #drop(chunk: number): void {
    for (const card of this.#chunks.get(chunk) ?? []) for (const id of [card.id, card.root_id]) this.#places.delete(id);
    this.#chunks.delete(chunk);
  }

  #cancel(chunk: number, control: AbortController): void {
    control.abort();
    this.#asked.delete(chunk);
  }

  #fail(chunk: number): void {
    this.#failed.set(chunk, performance.now() + RETRY_AFTER_MS);
    // Whoever shows this range asks again when it is told that something changed.
    setTimeout(() => this.#events.changed(), RETRY_AFTER_MS + 50);
  }
}
