// What kind of screen this is; the same three widths as in the styles.

class Screen {
  /** Bottom bar, two-pixel gaps. */
  phone = $state(false);
  /** Filters in a sheet. */
  narrow = $state(false);
  /** Labels beside the icons of the navigation. */
  wide = $state(false);
  /** No hover and no fine pointer. */
  touch = $state(false);
  calm = $state(false);
  /** The system prefers light. */
  light = $state(false);

  constructor() {
    this.#watch('(max-width: 719px)', (on) => (this.phone = on));
    this.#watch('(max-width: 1099px)', (on) => (this.narrow = on));
    this.#watch('(min-width: 1600px)', (on) => (this.wide = on));
    this.#watch('(hover: none)', (on) => (this.touch = on));
    this.#watch('(prefers-color-scheme: light)', (on) => (this.light = on));
    this.#watch('(prefers-reduced-motion: reduce)', (on) => (this.calm = on));
  }

  #watch(query: string, set: (on: boolean) => void): void {
    const list = window.matchMedia(query);
    set(list.matches);
    list.addEventListener('change', () => set(list.matches));
  }
}

export const screen = new Screen();
