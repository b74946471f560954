// The collections of this library, for the rail, the picker, the chips and their room; renewed when the library changes.
import { fetchCollections } from '$api/collections';
import type { Collection } from '$api/collections';
import { SORTS } from '$api/types';
import type { Sort } from '$api/types';
import { ApiError } from '$api/http';
import { events } from './events.svelte';
import { partsOf, quoted } from './filter';
import { router } from './router.svelte';

const RENEW_MS = 1500;
const RECENT_KEY = 'sovia.collections';
const KEPT_RECENT = 12;

function keptRecent(): string[] {
  try {
    const said = JSON.parse(localStorage.getItem(RECENT_KEY) ?? '[]') as unknown;
    return Array.isArray(said) ? said.filter((id): id is string => typeof id === 'string').slice(0, KEPT_RECENT) : [];
  } catch {
    return [];
  }
}

export class Collections {
  list = $state.raw<Collection[]>([]);
  loaded = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** Ids, what was used last first. */
  recent = $state.raw<string[]>(keptRecent());
  #started = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** Loads the list, and from then on keeps it fresh. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    events.on('library', () => this.later());
    void this.load();
  }

  later(): void {
    this.#timer ??= setTimeout(() => void this.load(), RENEW_MS);
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const asked = (this.#asked += 1);
    try {
      const list = await fetchCollections();
      if (asked !== this.#asked) return;
      this.list = list;
      this.loaded = true;
      this.error = null;
    } catch (error) {
      if (asked === this.#asked) this.error = error instanceof ApiError ? error : new ApiError(0, 'page', String(error));
    }
  }

  /** Shows a change before the list comes again. */
  put(one: Collection): void {
    const at = this.list.findIndex((other) => other.id === one.id);
    this.list = at < 0 ? [...this.list, one] : this.list.with(at, one);
  }

  drop(id: string): void {
    this.list = this.list.filter((one) => one.id !== id);
  }

  byId(id: string): Collection | undefined {
    return this.list.find((one) => one.id === id);
  }

  /** By id, or by name as people type it. */
  find(value: string): Collection | undefined {
    const name = value.toLowerCase();
    return this.byId(name) ?? this.list.find((one) => one.name.toLowerCase() === name);
  }

  get pinned(): Collection[] {
    return this.list.filter((one) => one.pinned);
  }

  /** The one collection that a filter looks into. */
  opened(filter: string): Collection | null {
    const parts = partsOf(filter).filter((part) => part.field === 'in' && !part.negated);
    const [only] = parts;
    if (parts.length !== 1 || !only || only.values.length !== 1) return null;
    return this.find(only.values[0] ?? '') ?? null;
  }

  /** The word on the page for a value of `in:`. */
  label(value: string): string {
    return value.toLowerCase() === 'none' ? 'no collection' : (this.byId(value.toLowerCase())?.name ?? value);
  }

  used(id: string): void {
    this.recent = [id, ...this.recent.filter((other) => other !== id)].slice(0, KEPT_RECENT);
    try {
      localStorage.setItem(RECENT_KEY, JSON.stringify(this.recent));
    } catch {
      // Then it lasts as long as the page.
    }
  }

  /** The view a collection opens with. */
  placeOf(one: Collection): Parameters<typeof router.href>[0] {
    const sort = sortOf(one.sort);
    // What a filter finds has no order of its own.
    const usual = one.is_smart && (sort ?? 'manual') === 'manual' ? 'date_desc' : 'manual';
    return { room: 'library', view: { filter: `in:${quoted(one.id)}`, sort: usual === 'date_desc' ? usual : (sort ?? usual) } };
  }

  open(one: Collection): void {
    this.used(one.id);
    router.go({ post: null, import: null, ...this.placeOf(one) });
  }
}

const sortOf = (name: string | null): Sort | undefined => SORTS.find((sort) => sort === name);

export const collections = new Collections();
