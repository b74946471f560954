// What a person likes to see, as local storage keeps it.

/** The layouts of the gallery. */
export const SHAPES = ['justified', 'square', 'masonry', 'list', 'feed'] as const;
export type Shape = (typeof SHAPES)[number];
export const MOST_COLUMNS = 12;

export interface KeptTaste {
  theme: 'dark' | 'light' | 'auto';
  shape: Shape;
  /** How many columns squares and masonry have; 0 for as many as fit. */
  columns: number;
  /** Size of the pictures, relative to what suits the screen. */
  scale: number;
  facets: boolean;
}

export const TASTE_KEY = 'sovia.taste';
const USUAL: KeptTaste = { theme: 'auto', shape: 'justified', columns: 0, scale: 1, facets: true };
export const THEMES: readonly KeptTaste['theme'][] = ['dark', 'light', 'auto'];

/** A taste from whatever was kept of one; what makes no sense is as usual. */
export function tasteFrom(said: Partial<KeptTaste>): KeptTaste {
  return {
    theme: THEMES.find((theme) => theme === said.theme) ?? USUAL.theme,
    shape: SHAPES.find((shape) => shape === said.shape) ?? USUAL.shape,
    columns: Number.isInteger(said.columns) ? Math.min(MOST_COLUMNS, Math.max(0, said.columns ?? 0)) : 0,
    scale: typeof said.scale === 'number' ? Math.min(5, Math.max(0.2, said.scale)) : 1,
    facets: said.facets !== false,
  };
}

export function keptTaste(): KeptTaste {
  try {
    return tasteFrom(JSON.parse(localStorage.getItem(TASTE_KEY) ?? '{}') as Partial<KeptTaste>);
  } catch {
    // Storage may be switched off, or hold something else.
    return USUAL;
  }
}

/** Folded sections by the address of their view. */
export type KeptFolds = Readonly<Record<string, readonly string[]>>;
export const FOLDS_KEY = 'sovia.folded';

export function foldsFrom(): KeptFolds {
  try {
    const said = JSON.parse(localStorage.getItem(FOLDS_KEY) ?? '{}') as Record<string, unknown>;
    const lists = Object.entries(said).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    return Object.fromEntries(lists.map(([view, names]) => [view, names.filter((name) => typeof name === 'string')]));
  } catch {
    return {};
  }
}
