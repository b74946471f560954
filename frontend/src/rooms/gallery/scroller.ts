// Scrolls further than a browser can: a spacer of at most 8 million pixels stands for any height.

/** Browsers cut boxes off between 16 and 33 million pixels; this stays well below on every screen. */
export const MOST_PIXELS = 8_000_000;

/** The element scrolls by `top`, the view shows `logical`. Small moves are one to one, jumps go by proportion. */
export class Scroller {
  logical = 0;
  top = 0;
  #total = 0;
  #view = 0;

  /** Height of the spacer. */
  get spacer(): number {
    return Math.min(this.#total, MOST_PIXELS);
  }

  get most(): number {
    return Math.max(0, this.#total - this.#view);
  }

  get #mostTop(): number {
    return Math.max(0, this.spacer - this.#view);
  }

  /** True when the spacer is as high as what it stands for. */
  get exact(): boolean {
    return this.#total <= MOST_PIXELS;
  }

  /** What lies between a place in the view and the same place in the scrolled element. */
  get offset(): number {
    return this.logical - this.top;
  }

  resize(total: number, view: number): void {
    this.#total = total;
    this.#view = view;
  }

  #topFor(logical: number): number {
    if (this.exact || this.most === 0) return logical;
    return Math.round((logical / this.most) * this.#mostTop);
  }

  /** Goes to a place; answers the scroll position to set. */
  jump(logical: number): number {
    this.logical = Math.min(this.most, Math.max(0, logical));
    this.top = this.#topFor(this.logical);
    return this.top;
  }

  /** Takes a scroll position that the browser reports; answers another one when that must be set, else null. */
  scrolled(top: number): number | null {
    const move = top - this.top;
    this.top = top;
    if (this.exact) {
      this.logical = top;
      return null;
    }
    const far = Math.abs(move) > this.#view * 4;
    const next = far ? (top / this.#mostTop) * this.most : this.logical + move;
    this.logical = Math.min(this.most, Math.max(0, next));
    return this.#nearEdge(top) ? this.settle() : null;
  }

  /** An edge of the spacer must not be met before the edge of the view. */
  #nearEdge(top: number): boolean {
    const atStart = top < this.#view && this.logical > top;
    const atEnd = top > this.#mostTop - this.#view && this.most - this.logical > this.#mostTop - top;
    return atStart || atEnd;
  }

  /** When nothing moves: puts the scroll position where proportion wants it, without moving what is seen. */
  settle(): number | null {
    const top = this.#topFor(this.logical);
    if (this.exact || Math.abs(top - this.top) < 1) return null;
    this.top = top;
    return top;
  }
}
