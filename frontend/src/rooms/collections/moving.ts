// Where a collection may go in the tree: never below itself, never deeper than eight levels.
import type { Collection } from '$api/collections';
import { DEEPEST, depthOf, family, pathOf } from '$state/tree';

export interface Place {
  parent: string | null;
  /** The sibling it comes before; null for the end. */
  before: string | null;
}

export interface Drop extends Place {
  over: string;
  where: 'before' | 'into' | 'after';
}

function siblings(list: readonly Collection[], parent: string | null): Collection[] {
  return list.filter((one) => one.parent_id === parent).sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
}

/** Whether a collection fits below a parent. */
export function mayGo(list: readonly Collection[], one: Collection, parent: string | null): boolean {
  if (parent === null) return true;
  const above = list.find((other) => other.id === parent);
  if (!above || family(list, one.id).has(parent)) return false;
  return pathOf(list, above).length + 1 + depthOf(list, one.id) <= DEEPEST;
}

function nextOf(list: readonly Collection[], one: Collection, skip: string): string | null {
  const all = siblings(list, one.parent_id).filter((other) => other.id !== skip);
  return all[all.findIndex((other) => other.id === one.id) + 1]?.id ?? null;
}

/** What letting go over a row would do: its upper and lower quarter put in order, its middle puts inside. */
export function dropOf(list: readonly Collection[], moved: Collection, over: Collection, event: MouseEvent): Drop | null {
  if (moved.id === over.id) return null;
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const part = (event.clientY - box.top) / box.height;
  const where = part < 0.25 ? 'before' : part > 0.75 ? 'after' : 'into';
  const parent = where === 'into' ? over.id : over.parent_id;
  if (!mayGo(list, moved, parent)) return null;
  const before = where === 'before' ? over.id : where === 'after' ? nextOf(list, over, moved.id) : null;
  return { over: over.id, where, parent, before };
}

/** Alt with the arrows: up and down among siblings, in below the one above, out beside the parent. */
export function moveByKey(list: readonly Collection[], one: Collection, key: string): Place | null {
  const all = siblings(list, one.parent_id);
  const at = all.findIndex((other) => other.id === one.id);
  const [above, below] = [all[at - 1], all[at + 1]];
  const parent = list.find((other) => other.id === one.parent_id);
  const steps: Record<string, () => Place | null> = {
    ArrowUp: () => (above ? { parent: one.parent_id, before: above.id } : null),
    ArrowDown: () => (below ? { parent: one.parent_id, before: all[at + 2]?.id ?? null } : null),
    ArrowRight: () => (above && mayGo(list, one, above.id) ? { parent: above.id, before: null } : null),
    ArrowLeft: () => (parent ? { parent: parent.parent_id, before: nextOf(list, parent, one.id) } : null),
  };
  return steps[key]?.() ?? null;
}
