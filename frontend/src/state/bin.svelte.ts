// What lies in the trash: how much of it for the navigation, and the pages of it that its room has read.
import { countTrash, fetchTrash } from '$api/trash';
import type { Trashed, TrashPage } from '$api/trash';
import { isAborted } from '$api/http';
import { events } from './events.svelte';

const RENEW_MS = 400;

export interface Asks {
  page: (cursor: string | null, signal: AbortSignal) => Promise<TrashPage>;
  count: () => Promise<number>;
}

export class Bin {
  count = $state(0);
  withImports = $state(0);
  items = $state.raw<Trashed[]>([]);
  loaded = $state(false);
  loading = $state(false);
  problem = $state('');
  picked = $state.raw<ReadonlySet<string>>(new Set());
  /** The room is open: its pages are kept fresh, too. */
  #open = false;
  #following: string | null = null;
  #control: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asks: Asks;

  constructor(asks: Asks = { page: fetchTrash, count: countTrash }) {
    this.#asks = asks;
  }

  get more(): boolean {
    return this.#following !== null;
  }

  /** From now on the count follows the library. */
  follow(): () => void {
    this.later();
    return events.on('library', () => this.later());
  }

  /** Looks again soon; many changes at once are one look. */
  later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), RENEW_MS);
  }

  async look(): Promise<void> {
    if (this.#open) return this.#first();
    const count = await this.#asks.count().catch(() => null);
    if (count !== null) this.count = count;
  }

  enter(): () => void {
    this.#open = true;
    this.picked = new Set();
    void this.#first();
    return () => {
      this.#open = false;
      this.#control?.abort();
    };
  }

  async next(): Promise<void> {
    const cursor = this.#following;
    if (cursor !== null && !this.loading) await this.#ask(cursor);
  }

  toggle(id: string): void {
    const next = new Set(this.picked);
    if (!next.delete(id)) next.add(id);
    this.picked = next;
  }

  pickAll(): void {
    this.picked = new Set(this.items.map((one) => one.id));
  }

  pickNone(): void {
    this.picked = new Set();
  }

  /** Shows at once that these are not here any more; null means all. */
  drop(ids: readonly string[] | null): void {
    const gone = new Set(ids ?? this.items.map((one) => one.id));
    this.items = this.items.filter((one) => !gone.has(one.id));
    this.count = ids ? Math.max(0, this.count - gone.size) : 0;
    this.picked = new Set([...this.picked].filter((id) => !gone.has(id)));
  }

  #first(): Promise<void> {
    return this.#ask(null);
  }

  async #ask(cursor: string | null): Promise<void> {
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.loading = true;
    try {
      const page = await this.#asks.page(cursor, control.signal);
      if (control.signal.aborted) return;
      this.items = cursor ? [...this.items, ...page.items] : page.items;
      this.count = page.count;
      this.withImports = page.with_undone_imports;
      this.#following = page.next;
      this.problem = '';
      this.loaded = true;
      const here = new Set(this.items.map((one) => one.id));
      this.picked = new Set([...this.picked].filter((id) => here.has(id)));
    } catch (error) {
      if (!isAborted(error) && this.#control === control) this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      if (this.#control === control) this.loading = false;
    }
  }
}

export const bin = new Bin();
