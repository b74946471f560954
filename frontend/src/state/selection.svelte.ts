// What is selected: some posts by their ids, or everything that a view finds with some left out. Never a list of a million.
import type { Target } from '$api/marks';
import type { View } from '$api/types';
import { joined } from './filter';

/** A text of a filter takes this many values; leaving out more is selecting the others. */
export const MOST_LEFT_OUT = 150;
/** So many ids the server takes at once. */
export const MOST_BY_HAND = 10_000;

const NOTHING: ReadonlySet<string> = new Set();

export class Selection {
  /** What is chosen, or with `all` what is left out. */
  ids = $state.raw<ReadonlySet<string>>(NOTHING);
  /** The view of which everything is chosen. */
  all = $state.raw<View | null>(null);
  /** Where a range begins: the position that was chosen last. */
  anchor: number | null = null;
  /** How many posts that view finds. */
  #found = $state(0);

  get active(): boolean {
    return this.all !== null || this.ids.size > 0;
  }

  get count(): number {
    return this.all ? Math.max(0, this.#found - this.ids.size) : this.ids.size;
  }

  has(id: string | undefined): boolean {
    if (id === undefined) return this.all !== null;
    return this.all ? !this.ids.has(id) : this.ids.has(id);
  }

  /** What the server is told; an empty filter means everything. */
  get target(): Target {
    if (!this.all) return { ids: [...this.ids] };
    const { filter } = this.all;
    return { filter: this.ids.size > 0 ? joined([filter, `-id:${[...this.ids].join(',')}`]) : filter };
  }

  /** Chooses or leaves out; answers false when no more can be left out or chosen. */
  set(ids: readonly string[], on: boolean): boolean {
    const next = new Set(this.ids);
    for (const id of ids) {
      if (on === (this.all === null)) next.add(id);
      else next.delete(id);
    }
    if (next.size > (this.all ? MOST_LEFT_OUT : MOST_BY_HAND)) return false;
    this.ids = next;
    if (this.all && this.count === 0) this.clear();
    return true;
  }

  toggle(id: string): boolean {
    return this.set([id], !this.has(id));
  }

  takeAll(view: View, found: number): void {
    this.all = view;
    this.#found = found;
    this.ids = NOTHING;
  }

  /** The others of this view; answers false when too many were chosen one by one. */
  invert(view: View, found: number): boolean {
    if (this.all) {
      const { ids } = this;
      this.clear();
      this.ids = ids;
      return true;
    }
    if (this.ids.size > MOST_LEFT_OUT) return false;
    const { ids } = this;
    this.takeAll(view, found);
    this.ids = ids;
    if (this.count === 0) this.clear();
    return true;
  }

  clear(): void {
    this.all = null;
    this.ids = NOTHING;
    this.anchor = null;
  }

  /** Another view is open: what was chosen one by one stays chosen, "everything" meant the view that is gone. */
  viewed(filter: string): void {
    this.anchor = null;
    if (this.all && this.all.filter !== filter) this.clear();
  }

  /** The view has another number of posts now. */
  counted(found: number): void {
    if (this.all) this.#found = found;
  }
}

export const selection = new Selection();
