// Where the picture stands on its stage, and what wheel, mouse and fingers do to it.
import {
  fitted, isFitted, keepInside, pinched, pinchOf, stepScale, swipeOf, toggled, wheelScale, zoomTo, zoomWord,
  type Pinch, type Placement, type Point, type Size, type Swipe,
} from './zoom';

interface Press {
  at: Point;
  since: number;
  touch: boolean;
  start: Placement;
}

const MOVED = 4;

export class Stage {
  picture = $state.raw<Size>({ width: 0, height: 0 });
  size = $state.raw<Size>({ width: 0, height: 0 });
  at = $state.raw<Placement>({ scale: 1, x: 0, y: 0 });
  /** How far a finger has pulled the whole picture, before it is known what it means. */
  pulled = $state.raw<Point>({ x: 0, y: 0 });
  panning = $state(false);
  #fingers = new Map<number, Point>();
  #press: Press | null = null;
  #pinch: { from: Pinch; start: Placement } | null = null;
  #moved = false;

  get word(): string {
    return zoomWord(this.at, this.picture, this.size);
  }
  get whole(): boolean {
    return isFitted(this.at, this.picture, this.size);
  }
  /** True right after a press that moved: the click that follows means nothing. */
  get dragged(): boolean {
    return this.#moved;
  }

  /** Another picture: the look is kept when it has the same shape, so that differences can be spotted. */
  show(picture: Size, keep: boolean): void {
    const before = this.picture;
    const whole = before.width === 0 || this.whole;
    this.picture = picture;
    const same = Math.abs(picture.width / picture.height / (before.width / before.height) - 1) < 0.01;
    if (keep && same && !whole) {
      this.at = keepInside({ ...this.at, scale: (this.at.scale * before.width) / picture.width }, picture, this.size);
    } else {
      this.at = fitted(picture, this.size);
    }
  }

  /** The picture's true size came in after it was laid out by a guess. */
  correct(picture: Size): void {
    if (picture.width !== this.picture.width || picture.height !== this.picture.height) this.show(picture, true);
  }

  resize(size: Size): void {
    const whole = this.whole || this.size.width === 0;
    this.size = size;
    this.at = whole ? fitted(this.picture, size) : keepInside(this.at, this.picture, size);
  }

  step(direction: 1 | -1, point: Point = { x: 0, y: 0 }): void {
    this.at = zoomTo(this.at, stepScale(this.at.scale, direction), point, this.picture, this.size);
  }
  fit(): void {
    this.at = fitted(this.picture, this.size);
  }
  toggle(point: Point = { x: 0, y: 0 }): void {
    this.at = toggled(this.at, point, this.picture, this.size);
  }
  pan(dx: number, dy: number): void {
    this.at = keepInside({ ...this.at, x: this.at.x + dx, y: this.at.y + dy }, this.picture, this.size);
  }
  wheel(point: Point, deltaY: number, deltaMode: number): void {
    this.at = zoomTo(this.at, wheelScale(this.at.scale, deltaY, deltaMode), point, this.picture, this.size);
  }

  press(finger: number, at: Point, touch: boolean, now: number): void {
    this.#fingers.set(finger, at);
    const [a, b] = [...this.#fingers.values()];
    if (a && b) {
      this.#pinch = { from: pinchOf(a, b), start: this.at };
      this.#press = null;
      this.pulled = { x: 0, y: 0 };
    } else {
      this.#press = { at, since: now, touch, start: this.at };
      this.#moved = false;
    }
  }

  move(finger: number, at: Point): void {
    if (!this.#fingers.has(finger)) return;
    this.#fingers.set(finger, at);
    const [a, b] = [...this.#fingers.values()];
    if (this.#pinch && a && b) {
      this.#moved = true;
      this.at = pinched(this.#pinch.start, this.#pinch.from, pinchOf(a, b), this.picture, this.size);
    } else if (this.#press) {
      this.#drag(this.#press, at.x - this.#press.at.x, at.y - this.#press.at.y);
    }
  }

  #drag(press: Press, dx: number, dy: number): void {
    if (!this.#moved && Math.hypot(dx, dy) < MOVED) return;
    this.#moved = true;
    if (!this.whole) {
      this.panning = true;
      const { start } = press;
      this.at = keepInside({ ...start, x: start.x + dx, y: start.y + dy }, this.picture, this.size);
    } else if (press.touch) {
      this.pulled = { x: dx, y: dy };
    }
  }

  /** The finger is up: answers what it meant, if it meant to go somewhere. */
  release(finger: number, at: Point, now: number, rtl: boolean): Swipe {
    this.#fingers.delete(finger);
    const press = this.#press;
    const pulled = this.pulled;
    this.panning = false;
    this.pulled = { x: 0, y: 0 };
    if (this.#pinch) {
      this.#pinch = null;
      return null;
    }
    this.#press = null;
    if (!press?.touch || (pulled.x === 0 && pulled.y === 0)) return null;
    return swipeOf(at.x - press.at.x, at.y - press.at.y, now - press.since, rtl);
  }
}
