// Judging what is selected or meant: like, rating, status, tags, trash; shown at once, undone from the toast.
import { LIKED } from '$api/index';
import { markPosts, trashPosts } from '$api/marks';
import type { Change, Status, Target } from '$api/marks';
import type { Card } from '$api/types';
import { formatCount } from '$kit/format';
import { library } from '$state/library.svelte';
import { selection } from '$state/selection.svelte';
import { toasts } from '$state/toasts.svelte';
import { failed, lookAgain, tellDone } from './undoing';

export const STATUS_LABELS: Record<Status, string> = {
  approved: 'Approved', rejected: 'Rejected', review: 'To review', select: 'Selected', edit: 'To edit',
};

export const statusLabel = (status: string | null | undefined): string =>
  status ? (STATUS_LABELS[status as Status] ?? status) : 'No status';

/** What a change makes of a card that is on screen. */
function shownAs(card: Card, change: Change): Partial<Card> {
  const next: Partial<Card> = {};
  if (change.liked !== undefined) next.flags = change.liked ? card.flags | LIKED : card.flags & ~LIKED;
  if (change.rating !== undefined) next.rating = change.rating;
  if (change.status !== undefined) next.status = change.status;
  return next;
}

/** Shows a change on the cards that are here; answers how to take that back. */
function showNow(target: Target, change: Change): () => void {
  const before: Card[] = [];
  for (const id of 'ids' in target ? target.ids : []) {
    const position = library.positionOf(id);
    const card = position === undefined ? undefined : library.cardAt(position);
    const kept = card && library.patch(id, shownAs(card, change));
    if (kept) before.push(kept);
  }
  return () => before.forEach((card) => library.patch(card.id, card));
}

const posts = (count: number): string => formatCount(count, 'post');
const many = (count: number, one: string, several: (what: string) => string): string => (count === 1 ? one : several(posts(count)));

function marked(change: Change, count: number): string {
  if (change.liked !== undefined) return many(count, change.liked ? 'Liked' : 'Like taken back', (what) => (change.liked ? `${what} liked` : `Likes taken back from ${what}`));
  if (change.rating !== undefined) return ratedWords(change.rating, count);
  if (change.status !== undefined) return many(count, statusLabel(change.status), (what) => `${what}: ${statusLabel(change.status).toLowerCase()}`);
  return taggedWords(change, count);
}

function ratedWords(rating: number | null, count: number): string {
  const words = rating ? `rated ${rating}` : 'without a rating';
  return many(count, rating ? `Rated ${rating}` : 'Rating taken back', (what) => `${what} ${words}`);
}

function taggedWords(change: Change, count: number): string {
  const added = change.add_tags ?? [];
  const removed = change.remove_tags ?? [];
  const named = [...added.map((tag) => `+ ${tag}`), ...removed.map((tag) => `− ${tag}`)].join(', ');
  return many(count, `Tags: ${named}`, (what) => `Tags of ${what}: ${named}`);
}

/** Judges posts; `after` is told when the server has it, and again when it was undone. */
export async function mark(target: Target, change: Change, after?: () => void): Promise<boolean> {
  const back = showNow(target, change);
  try {
    const answer = await markPosts(target, change);
    if (answer.changed === null) tellDone('Marking all of these now; the jobs say how far it is', answer.operation, after);
    else tellDone(marked(change, answer.changed), answer.operation, after);
    after?.();
    lookAgain();
    return true;
  } catch (error) {
    back();
    failed('This was not saved.', error);
    return false;
  }
}

/** Puts posts into the trash; what was selected is not selected any more. */
export async function trash(target: Target): Promise<boolean> {
  try {
    const answer = await trashPosts(target);
    library.gone = new Set('ids' in target ? target.ids : []);
    selection.clear();
    tellDone(answer.changed === null ? 'Putting all of these in the trash now' : `${posts(answer.changed)} put in the trash`, answer.operation);
    lookAgain();
    return true;
  } catch (error) {
    failed('Nothing was put in the trash.', error);
    return false;
  }
}

/** The rating a key asks for; the same once more takes it back. */
export const nextRating = (rating: number, before: number | null | undefined): number | null =>
  rating === 0 || rating === before ? null : rating;

export function tooMany(): void {
  toasts.show({ text: 'Too many to choose one by one. Select everything, or narrow the filter first.' });
}
