// Which sections of which view a person has folded away on this device.
import { FOLDS_KEY, foldsFrom } from './kept';
import type { KeptFolds } from './kept';

/** The views that are remembered, and the sections of each. */
const [VIEWS, SECTIONS] = [30, 2000];

class Folds {
  #all = $state.raw<KeptFolds>(foldsFrom());

  /** The folded sections of a view, by its address. */
  of(view: string): readonly string[] {
    return this.#all[view] ?? [];
  }

  set(view: string, folded: readonly string[]): void {
    const others = Object.entries(this.#all).filter(([name]) => name !== view);
    const now: [string, readonly string[]][] = folded.length > 0 ? [[view, folded.slice(-SECTIONS)]] : [];
    this.#all = Object.fromEntries([...others, ...now].slice(-VIEWS));
    try {
      localStorage.setItem(FOLDS_KEY, JSON.stringify(this.#all));
    } catch {
      // Then they stay folded as long as the page is open.
    }
  }
}

export const folds = new Folds();
