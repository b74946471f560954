// What this person likes to see on this device: theme, layout, size, filters open; kept in local storage.
import { applyTheme } from '$kit/theme';
import type { Theme } from '$kit/theme';
import { screen } from './screen.svelte';

interface Kept {
  theme: Theme;
  shape: 'justified' | 'square';
  /** Size of the pictures, relative to what suits the screen. */
  scale: number;
  facets: boolean;
}

const KEY = 'sovia.taste';
const USUAL: Kept = { theme: 'auto', shape: 'justified', scale: 1, facets: true };
const THEMES: readonly Theme[] = ['dark', 'light', 'auto'];

function kept(): Kept {
  try {
    const said = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>;
    return {
      theme: THEMES.find((theme) => theme === said.theme) ?? USUAL.theme,
      shape: said.shape === 'square' ? 'square' : 'justified',
      scale: typeof said.scale === 'number' ? Math.min(3, Math.max(0.4, said.scale)) : 1,
      facets: said.facets !== false,
    };
  } catch {
    // Storage may be switched off, or hold something else.
    return USUAL;
  }
}

class Taste {
  #now = $state<Kept>(kept());

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

  get shape(): Kept['shape'] {
    return this.#now.shape;
  }

  get scale(): number {
    return this.#now.scale;
  }

  get facets(): boolean {
    return this.#now.facets;
  }

  set(change: Partial<Kept>): void {
    Object.assign(this.#now, change);
    if (change.theme) applyTheme(change.theme);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#now));
    } catch {
      // Then the taste lasts as long as the page.
    }
  }

  nextTheme(): void {
    this.set({ theme: THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? 'auto' });
  }
}

export const taste = new Taste();
