// The order of a collection's own: tiles are dragged to their place, or moved with Alt and the arrows.
import { tick } from 'svelte';
import { reorder } from '$actions/collect';
import type { Collection } from '$api/collections';
import { drawnBy } from '$kit/drawing';
import { isTyping } from '$kit/keys';
import { layerCount } from '$kit/layers';
import { collections } from '$state/collections.svelte';
import { library } from '$state/library.svelte';
import { router } from '$state/router.svelte';
import { selection } from '$state/selection.svelte';
import { placeOf } from './choose';
import type { Grid } from './grid.svelte';

const SLACK = 6;
const EDGE = 56;
const SPEED = 14;
const STEPS: Record<string, 1 | -1> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** The collection whose own order is on screen. */
function arranged(): Collection | null {
  const { view } = router.place;
  if (view.sort !== 'manual') return null;
  const one = collections.opened(view.filter);
  return one && !one.is_smart ? one : null;
}

/** What moves when this tile is moved: with it, what else is chosen. */
function movedWith(id: string): string[] {
  return selection.all === null && selection.has(id) ? [...selection.ids] : [id];
}

/** Where a tile would be let go: the position it would come before, and the line that shows it. */
function gapAt(x: number, y: number): { before: number; left: number; top: number; height: number } | null {
  const tile = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-position]');
  if (!tile) return null;
  const box = tile.getBoundingClientRect();
  // Lines below one another are parted by their height, tiles in rows by their width.
  if (box.width > window.innerWidth / 2) {
    const below = y > box.top + box.height / 2;
    return { before: Number(tile.dataset['position']) + (below ? 1 : 0), left: box.left, top: below ? box.bottom - 12 : box.top - 12, height: 24 };
  }
  const after = x > box.left + box.width / 2;
  return { before: Number(tile.dataset['position']) + (after ? 1 : 0), left: after ? box.right + 1 : box.left - 3, top: box.top, height: box.height };
}

async function moveTo(node: HTMLElement, grid: Grid, one: Collection, id: string, before: number): Promise<void> {
  const ids = movedWith(id);
  const next = before >= (library.index?.count ?? 0) ? null : ((await library.load(before))?.root_id ?? null);
  if (next !== null && ids.includes(next)) return;
  await reorder(one, ids, next);
  const at = await placeOf(id);
  if (at === null) return;
  grid.focus(at);
  grid.window.reveal(at);
  await tick();
  node.querySelector<HTMLElement>(`[role=gridcell][data-position="${at}"]`)?.focus({ preventScroll: true });
}

class Arranging {
  #from: { x: number; y: number; id: string } | null = null;
  #line: HTMLElement | null = null;
  #before: number | null = null;
  #pull = 0;
  #busy = false;
  /** The click that ends a drag opens nothing. */
  #swallow = false;
  readonly #node: HTMLElement;
  readonly #grid: Grid;

  constructor(node: HTMLElement, grid: Grid) {
    this.#node = node;
    this.#grid = grid;
  }

  async #send(id: string, to: number): Promise<void> {
    const one = arranged();
    if (!one || this.#busy) return;
    this.#busy = true;
    await moveTo(this.#node, this.#grid, one, id, to);
    this.#busy = false;
  }

  down = (event: PointerEvent): void => {
    this.#swallow = false;
    const target = event.target as Element;
    const position = target.closest<HTMLElement>('[data-position]')?.dataset['position'];
    const id = position === undefined ? undefined : library.cardAt(Number(position))?.root_id;
    const free = event.pointerType !== 'touch' && event.button === 0 && !event.shiftKey && !target.closest('button');
    if (id && free && arranged()) this.#from = { x: event.clientX, y: event.clientY, id };
  };

  #begin(): HTMLElement {
    const line = document.createElement('div');
    line.className = 'drop-line';
    document.body.append(line);
    this.#line = line;
    this.#grid.hovered = -1;
    this.#swallow = true;
    this.#pulling();
    return line;
  }

  /** Near its edges the grid scrolls under the pointer. */
  #pulling(): void {
    if (!this.#line) return;
    if (this.#pull !== 0) this.#node.scrollTop += this.#pull;
    requestAnimationFrame(() => this.#pulling());
  }

  move = (event: PointerEvent): void => {
    const from = this.#from;
    const { clientX: x, clientY: y } = event;
    if (!from || (!this.#line && Math.hypot(x - from.x, y - from.y) < SLACK)) return;
    const line = this.#line ?? this.#begin();
    const view = this.#node.getBoundingClientRect();
    this.#pull = Math.sign(Math.max(0, y - view.bottom + EDGE) - Math.max(0, view.top + EDGE - y)) * SPEED;
    const gap = gapAt(x, y);
    this.#before = gap?.before ?? null;
    if (!gap) return;
    line.style.transform = `translate(${gap.left}px, ${gap.top}px)`;
    line.style.height = `${gap.height}px`;
  };

  stop = (): void => {
    this.#line?.remove();
    this.#line = null;
    this.#from = null;
    this.#pull = 0;
  };

  up = (): void => {
    const [moved, to] = [this.#line ? this.#from?.id : undefined, this.#before];
    this.stop();
    this.#before = null;
    if (moved && to !== null) void this.#send(moved, to);
  };

  click = (event: Event): void => {
    if (!this.#swallow) return;
    this.#swallow = false;
    event.stopPropagation();
    event.preventDefault();
  };

  key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.#line) return this.stop();
    const step = stepOf(event);
    if (!step || !arranged()) return;
    event.preventDefault();
    event.stopPropagation();
    this.#step(step);
  };

  #step(step: 1 | -1): void {
    const id = library.cardAt(this.#grid.spot.position)?.root_id;
    const to = this.#grid.spot.position + (step > 0 ? 2 : -1);
    if (id && to >= 0 && to <= (library.index?.count ?? 0)) void this.#send(id, to);
  }
}

function stepOf(event: KeyboardEvent): 1 | -1 | undefined {
  if (isTyping(event) || layerCount() > 0 || !event.altKey) return undefined;
  return event.ctrlKey || event.metaKey || event.shiftKey ? undefined : STEPS[event.key];
}

export function arranging(node: HTMLElement, grid: Grid): { destroy: () => void } {
  const work = new Arranging(node, grid);
  return drawnBy(node, work);
}
