// Selecting in the grid: by click, Shift and a held finger, and by the keys that choose and judge.
import { selection } from '$state/selection.svelte';
import { choose, chooseRange } from './choose';
import type { Grid } from './grid.svelte';
import { commandFor } from './judging';
import { MOVE_KEYS } from './moves';

const HOLD_MS = 450;
const SLACK = 10;

function positionAt(target: EventTarget | null): number | null {
  const tile = target instanceof Element ? target.closest<HTMLElement>('[data-position]') : null;
  return tile ? Number(tile.dataset['position']) : null;
}

/** A click means choosing on the round box, with Shift or Ctrl, and everywhere once something is chosen. */
function means(event: MouseEvent): boolean {
  const target = event.target as Element;
  if (target.closest('[data-pick]')) return true;
  if (target.closest('button')) return false;
  return selection.active || event.shiftKey || event.ctrlKey || event.metaKey;
}

function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** A finger that stays where it is chooses; the click that follows means nothing then. */
class Hold {
  held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #from: { x: number; y: number } | null = null;

  down = (event: PointerEvent): void => {
    this.held = false;
    clearTimeout(this.#timer);
    const position = positionAt(event.target);
    if (event.pointerType === 'mouse' || position === null) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = setTimeout(() => {
      this.held = true;
      choose(position);
      navigator.vibrate?.(10);
    }, HOLD_MS);
  };

  move = (event: PointerEvent): void => {
    const from = this.#from;
    if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLACK) this.letGo();
  };

  letGo = (): void => {
    this.#from = null;
    clearTimeout(this.#timer);
  };

  /** A held finger would open the browser's menu. */
  menu = (event: Event): void => {
    if (this.#from || this.held) event.preventDefault();
  };
}

/** After the focus has moved with Shift, what lies between is chosen. */
function extend(event: KeyboardEvent, before: number, grid: Grid): void {
  if (!event.shiftKey || !event.defaultPrevented || !MOVE_KEYS.some((one) => one === event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  selection.anchor ??= before;
  void chooseRange(selection.anchor, grid.spot.position);
}

export function picking(node: HTMLElement, grid: Grid): { destroy: () => void } {
  const hold = new Hold();
  const control = new AbortController();
  let before = 0;

  function click(event: MouseEvent): void {
    const position = positionAt(event.target);
    if (hold.held) take(event);
    else if (position !== null && means(event)) {
      take(event);
      if (event.shiftKey && selection.anchor === null) selection.anchor = grid.spot.position;
      grid.focus(position);
      choose(position, event.shiftKey);
    }
    hold.held = false;
  }
  function key(event: KeyboardEvent): void {
    before = grid.spot.position;
    const command = commandFor(event, node, grid);
    if (!command) return;
    take(event);
    command();
  }

  const { signal } = control;
  node.addEventListener('click', click, { capture: true, signal });
  node.addEventListener('pointerdown', hold.down, { signal });
  node.addEventListener('pointermove', hold.move, { signal });
  node.addEventListener('pointerup', hold.letGo, { signal });
  node.addEventListener('pointercancel', hold.letGo, { signal });
  node.addEventListener('contextmenu', hold.menu, { signal });
  window.addEventListener('keydown', key, { capture: true, signal });
  window.addEventListener('keydown', (event) => extend(event, before, grid), { signal });
  return {
    destroy() {
      hold.letGo();
      control.abort();
    },
  };
}
