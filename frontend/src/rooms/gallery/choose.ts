// Choosing by position: one tile, everything between two, a day, the whole view.
import { fetchCards } from '$api/cards';
import { locate } from '$api/index';
import type { Target } from '$api/marks';
import { tooMany } from '$actions/marks';
import { library } from '$state/library.svelte';
import { MOST_BY_HAND, selection } from '$state/selection.svelte';

/** The posts whose tiles stand there (a tile may show another one of its stack), fetched where they are not here; null when the view has moved on meanwhile. */
async function idsBetween(first: number, last: number): Promise<string[] | null> {
  const { view, index } = library;
  if (!view || !index) return null;
  const ids: string[] = [];
  for (let at = first; at <= last; ) {
    const here = library.cardAt(at);
    if (here) {
      ids.push(here.root_id);
      at += 1;
      continue;
    }
    const chunk = Math.floor(at / index.chunk);
    const answer = await fetchCards(view, chunk).catch(() => null);
    if (answer?.version !== index.version || answer.cards.length === 0) return null;
    const end = Math.min(last, (chunk + 1) * index.chunk - 1);
    ids.push(...answer.cards.slice(at - chunk * index.chunk, end + 1 - chunk * index.chunk).map((card) => card.root_id));
    at = end + 1;
  }
  return ids;
}

export function chooseAll(): void {
  if (library.view && library.index) selection.takeAll(library.view, library.index.count);
}

export function chooseOthers(): void {
  if (library.view && library.index && !selection.invert(library.view, library.index.count)) tooMany();
}

export async function chooseRange(from: number, to: number, on = true): Promise<void> {
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  if (on && last - first + 1 === library.index?.count) return chooseAll();
  if (last - first >= MOST_BY_HAND) return tooMany();
  const ids = await idsBetween(first, last);
  if (ids && !selection.set(ids, on)) tooMany();
}

/** One tile by itself, or with `range` everything since the last one. */
export function choose(position: number, range = false): void {
  const id = library.cardAt(position)?.root_id;
  if (range && selection.anchor !== null) return void chooseRange(selection.anchor, position);
  if (!id) return;
  selection.anchor = position;
  if (!selection.toggle(id)) tooMany();
}

/** How much of a stretch is chosen; only what is here can be told one by one. */
export function chosenIn(start: number, count: number): boolean {
  for (let at = start; at < start + Math.min(count, 400); at++) {
    const id = library.cardAt(at)?.root_id;
    if (!selection.has(id)) return false;
  }
  return true;
}

export interface Meant {
  target: Target;
  count: number;
}

/** What an action is about: the selection, else the tile that is meant. */
export function meantBy(position: number): Meant | null {
  if (selection.active) return { target: selection.target, count: selection.count };
  const id = library.cardAt(position)?.root_id;
  return id ? { target: { ids: [id] }, count: 1 } : null;
}

export async function placeOf(id: string): Promise<number | null> {
  return library.view ? locate(library.view, id).catch(() => null) : null;
}
