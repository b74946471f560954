// Tiles carried to the navigation: let go over a pinned collection they are put into it, over "Collections" the picker
// asks into which, over the trash they are thrown away.
import { addTo } from '$actions/collect';
import { trash } from '$actions/marks';
import type { Target } from '$api/marks';
import { drawnBy } from '$kit/drawing';
import { formatCount } from '$kit/format';
import { collections } from '$state/collections.svelte';
import { library } from '$state/library.svelte';
import { picking } from '$state/picking.svelte';
import { selection } from '$state/selection.svelte';

const SLACK = 8;
/** What takes tiles says so: the id of a collection, or one of these words. */
const TAKES = '[data-takes]';

interface Carried {
  target: Target;
  count: number;
}

/** What is carried with this tile: all that is chosen, when it is among it. */
function carriedWith(tile: HTMLElement): Carried | null {
  const id = library.cardAt(Number(tile.dataset['position']))?.root_id;
  if (id === undefined) return null;
  return selection.has(id) && selection.active ? { target: selection.target, count: selection.count } : { target: { ids: [id] }, count: 1 };
}

function letGo(over: string, { target, count }: Carried): void {
  if (over === 'trash') return void trash(target);
  if (over === 'collections') return picking.open('picker', target, count);
  const one = collections.byId(over);
  if (one && !one.is_smart) void addTo(one, target);
}

class Carrying {
  #from: { x: number; y: number; what: Carried } | null = null;
  #ghost: HTMLElement | null = null;
  #over: HTMLElement | null = null;
  /** The click that ends it opens nothing. */
  #swallow = false;

  down = (event: PointerEvent): void => {
    this.#swallow = false;
    const target = event.target as Element;
    const tile = target.closest<HTMLElement>('[role=gridcell][data-position]');
    const plain = event.pointerType === 'mouse' && event.button === 0 && !event.shiftKey && !event.ctrlKey && !target.closest('button');
    const what = tile && plain ? carriedWith(tile) : null;
    if (what) this.#from = { x: event.clientX, y: event.clientY, what };
  };

  #begin(count: number): HTMLElement {
    const ghost = document.createElement('div');
    ghost.className = 'carried';
    ghost.textContent = formatCount(count, 'post');
    document.body.append(ghost);
    this.#ghost = ghost;
    this.#swallow = true;
    return ghost;
  }

  move = (event: PointerEvent): void => {
    const from = this.#from;
    const { clientX: x, clientY: y } = event;
    if (!from || (!this.#ghost && Math.hypot(x - from.x, y - from.y) < SLACK)) return;
    const ghost = this.#ghost ?? this.#begin(from.what.count);
    ghost.style.transform = `translate(${x + 12}px, ${y + 12}px)`;
    const over = document.elementFromPoint(x, y)?.closest<HTMLElement>(TAKES) ?? null;
    if (over === this.#over) return;
    this.#over?.removeAttribute('data-over');
    over?.setAttribute('data-over', '');
    this.#over = over;
  };

  stop = (): void => {
    this.#over?.removeAttribute('data-over');
    this.#ghost?.remove();
    this.#over = this.#ghost = this.#from = null;
  };

  up = (): void => {
    const [what, over] = [this.#from?.what, this.#ghost ? this.#over?.dataset['takes'] : undefined];
    this.stop();
    if (what && over) letGo(over, what);
  };

  click = (event: Event): void => {
    if (!this.#swallow) return;
    this.#swallow = false;
    event.stopPropagation();
    event.preventDefault();
  };

  key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#ghost) return;
    event.preventDefault();
    event.stopPropagation();
    this.stop();
  };
}

/** `use:carrying`: tiles of this grid may be carried; where tiles are put in order by hand, that comes first. */
export function carrying(node: HTMLElement): { destroy: () => void } {
  const work = new Carrying();
  return drawnBy(node, work);
}
