// What a person likes to see, as local storage keeps it.

export interface KeptTaste {
  theme: 'dark' | 'light' | 'auto';
  shape: 'justified' | 'square';
  /** Size of the pictures, relative to what suits the screen. */
  scale: number;
  facets: boolean;
}

export const TASTE_KEY = 'sovia.taste';
const USUAL: KeptTaste = { theme: 'auto', shape: 'justified', scale: 1, facets: true };
export const THEMES: readonly KeptTaste['theme'][] = ['dark', 'light', 'auto'];

/** A taste from whatever was kept of one; what makes no sense is as usual. */
export function tasteFrom(said: Partial<KeptTaste>): KeptTaste {
  return {
    theme: THEMES.find((theme) => theme === said.theme) ?? USUAL.theme,
    shape: said.shape === 'square' ? 'square' : 'justified',
    scale: typeof said.scale === 'number' ? Math.min(3, Math.max(0.4, said.scale)) : 1,
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
