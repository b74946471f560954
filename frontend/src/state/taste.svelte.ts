// What this person likes to see on this device: theme, layout, size, filters open; kept in local storage.
import { applyTheme } from '$kit/theme';
import type { Theme } from '$kit/theme';
import { fetchPreferences, putPreferences } from '$api/preferences';
import { TASTE_KEY, THEMES, keptTaste, tasteFrom } from './kept';
import type { KeptTaste } from './kept';
import { Preferences } from './preferences';
import { screen } from './screen.svelte';

class Taste {
  #now = $state<KeptTaste>(keptTaste());
  /** The same in the database, for the person's other devices. */
  readonly kept = new Preferences({ fetch: fetchPreferences, put: putPreferences }, (values) => this.#take({ ...this.#now, ...values }));

  constructor() {
    applyTheme(this.#now.theme);
  }

  get theme(): Theme {
    return this.#now.theme;
  }

  /** True when the page is light now, by choice or by the system's. */
  get light(): boolean {
    return this.theme === 'auto' ? screen.light : this.theme === 'light';
  }

  get shape(): KeptTaste['shape'] {
    return this.#now.shape;
  }

  get columns(): number {
    return this.#now.columns;
  }

  get scale(): number {
    return this.#now.scale;
  }

  get facets(): boolean {
    return this.#now.facets;
  }

  /** Takes what came from the database. */
  #take(values: Partial<KeptTaste>): void {
    this.#put(tasteFrom(values));
  }

  set(change: Partial<KeptTaste>): void {
    this.#put(change);
    this.kept.changed(change);
  }

  #put(change: Partial<KeptTaste>): void {
    Object.assign(this.#now, change);
    if (change.theme) applyTheme(change.theme);
    try {
      localStorage.setItem(TASTE_KEY, JSON.stringify(this.#now));
    } catch {
      // Then the taste lasts as long as the page.
    }
  }

  nextTheme(): void {
    this.set({ theme: THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? 'auto' });
  }
}

export const taste = new Taste();
