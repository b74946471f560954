// Dark, light, or as the system has it: sets the page's theme and follows the system while "auto" is chosen.

export type Theme = 'dark' | 'light' | 'auto';

let release: (() => void) | null = null;

/** Puts the theme on the page at once. */
export function applyTheme(theme: Theme): void {
  release?.();
  release = null;
  const system = window.matchMedia('(prefers-color-scheme: light)');
  const set = (): void => {
    document.documentElement.dataset['theme'] = theme === 'auto' ? (system.matches ? 'light' : 'dark') : theme;
  };
  set();
  if (theme === 'auto') {
    system.addEventListener('change', set);
    release = () => system.removeEventListener('change', set);
  }
}
