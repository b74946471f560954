// The keys that judge, choose and gather what is selected or meant in the grid.
import { mark, nextRating, trash } from '$actions/marks';
import { LIKED } from '$api/index';
import { STATUSES } from '$api/marks';
import type { Target } from '$api/marks';
import type { Card } from '$api/types';
import { layerCount } from '$kit/layers';
import { endsSequence, isTyping } from '$kit/keys';
import { library } from '$state/library.svelte';
import { picking } from '$state/picking.svelte';
import { router } from '$state/router.svelte';
import { selection } from '$state/selection.svelte';
import { choose, chooseAll, chooseOthers, meantBy } from './choose';
import type { Meant } from './choose';
import type { Grid } from './grid.svelte';

function cardOf(target: Target): Card | undefined {
  const [only] = 'ids' in target && target.ids.length === 1 ? target.ids : [];
  const position = only === undefined ? undefined : library.positionOf(only);
  return position === undefined ? undefined : library.cardAt(position);
}

function like({ target }: Meant): void {
  const card = cardOf(target);
  void mark(target, { liked: !(card && card.flags & LIKED) });
}

function rate({ target }: Meant, rating: number): void {
  void mark(target, { rating: nextRating(rating, cardOf(target)?.rating) });
}

function setStatus({ target }: Meant, number: number): void {
  const status = STATUSES[number - 1] ?? null;
  void mark(target, { status: status === cardOf(target)?.status ? null : status });
}

const PLAIN: Record<string, (meant: Meant) => void> = {
  a: ({ target, count }) => picking.open('picker', target, count),
  t: ({ target, count }) => picking.open('tags', target, count),
  delete: ({ target }) => void trash(target),
};

/** The digit of a key, whatever Shift makes of it on this keyboard. */
const digitOf = (event: KeyboardEvent): number | null => (/^Digit[0-5]$/.test(event.code) ? Number(event.code.slice(5)) : null);

function withControl(event: KeyboardEvent): (() => void) | null {
  if (event.shiftKey || event.altKey) return null;
  return { a: chooseAll, i: chooseOthers }[event.key.toLowerCase()] ?? null;
}

function byDigit(event: KeyboardEvent, meant: Meant | null): (() => void) | null {
  const digit = digitOf(event);
  if (digit === null || !meant || (event.shiftKey && digit === 0)) return null;
  return () => (event.shiftKey ? setStatus(meant, digit) : rate(meant, digit));
}

function plain(event: KeyboardEvent, grid: Grid): (() => void) | null {
  const key = event.key.toLowerCase();
  if (event.key === 'Escape' && selection.active) return () => selection.clear();
  const meant = meantBy(grid.meant);
  const digit = byDigit(event, meant);
  if (digit || event.shiftKey || !meant) return digit;
  if (key === 'x') return () => choose(grid.meant);
  if (key === 'f' && selection.active) return () => like(meant);
  const perform = PLAIN[key];
  return perform ? () => perform(meant) : null;
}

/** Keys are the grid's when the focus is in it or nowhere; with a selection, wherever it is. */
function ours(event: KeyboardEvent, node: HTMLElement): boolean {
  if (event.defaultPrevented || isTyping(event) || event.isComposing || layerCount() > 0) return false;
  if (router.place.room !== 'library' || router.place.post !== null) return false;
  return selection.active || event.target === document.body || (event.target instanceof Node && node.contains(event.target));
}

/** What a key means here, if anything. */
export function commandFor(event: KeyboardEvent, node: HTMLElement, grid: Grid): (() => void) | null {
  if (endsSequence(event) || !ours(event, node)) return null;
  if (event.ctrlKey || event.metaKey) return withControl(event);
  return event.altKey ? null : plain(event, grid);
}
