// Collections as a tree: who lies below whom, in their order, and the way up from each.
import type { Collection } from '$api/collections';

export const DEEPEST = 8;

export interface Branch {
  collection: Collection;
  /** 1 for those at the top. */
  level: number;
  children: Branch[];
}

const inOrder = (a: Collection, b: Collection): number => a.position - b.position || a.name.localeCompare(b.name);

/** Every collection once; one whose parent is not there, or below itself, stands at the top. */
export function treeOf(list: readonly Collection[]): Branch[] {
  const known = new Map(list.map((one) => [one.id, one]));
  const below = new Map<string | null, Collection[]>();
  for (const one of list) {
    const parent = one.parent_id !== null && known.has(one.parent_id) && !loops(one, known) ? one.parent_id : null;
    below.set(parent, [...(below.get(parent) ?? []), one]);
  }
  const grow = (parent: string | null, level: number): Branch[] =>
    (below.get(parent) ?? []).sort(inOrder).map((collection) => ({ collection, level, children: grow(collection.id, level + 1) }));
  return grow(null, 1);
}

function loops(one: Collection, known: ReadonlyMap<string, Collection>): boolean {
  const seen = new Set([one.id]);
  for (let at = known.get(one.parent_id ?? ''); at; at = known.get(at.parent_id ?? '')) {
    if (seen.has(at.id)) return true;
    seen.add(at.id);
  }
  return false;
}

/** The branches one sees when only these are unfolded. */
export function unfolded(tree: readonly Branch[], open: ReadonlySet<string>): Branch[] {
  return tree.flatMap((branch) => [branch, ...(open.has(branch.collection.id) ? unfolded(branch.children, open) : [])]);
}

/** From the top down to the collection's parent. */
export function pathOf(list: readonly Collection[], one: Collection): Collection[] {
  const known = new Map(list.map((other) => [other.id, other]));
  const path: Collection[] = [];
  for (let at = known.get(one.parent_id ?? ''); at && !path.includes(at) && at !== one; at = known.get(at.parent_id ?? '')) path.unshift(at);
  return path;
}

/** The collection itself and everything below it. */
export function family(list: readonly Collection[], id: string): Set<string> {
  const all = new Set([id]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const one of list) {
      if (one.parent_id !== null && all.has(one.parent_id) && !all.has(one.id)) {
        all.add(one.id);
        grown = true;
      }
    }
  }
  return all;
}

/** How many levels a collection and what is below it need. */
export function depthOf(list: readonly Collection[], id: string): number {
  const below = list.filter((one) => one.parent_id === id);
  return 1 + Math.max(0, ...below.map((one) => depthOf(list, one.id)));
}
