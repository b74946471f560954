// Liking a post, and taking the like back: shown at once, rolled back if the server refuses, undone from the toast.
import { LIKED } from '$api/index';
import { putLike } from '$api/posts';
import { library } from '$state/library.svelte';
import { toasts } from '$state/toasts.svelte';
import type { Action } from './action';

export interface Likeable {
  id: string;
  liked: boolean | null;
  /** Told the new state for views that keep their own copy. */
  changed?: (liked: boolean | null) => void;
}

function show(target: Likeable, liked: boolean | null): void {
  const position = library.positionOf(target.id);
  const card = position === undefined ? undefined : library.cardAt(position);
  if (card) library.patch(target.id, { flags: liked ? card.flags | LIKED : card.flags & ~LIKED });
  target.changed?.(liked);
}

/** Sets the like; answers whether the server took it. */
async function set(target: Likeable, liked: boolean | null, before: boolean | null): Promise<boolean> {
  show(target, liked);
  try {
    await putLike(target.id, liked);
    return true;
  } catch (error) {
    show(target, before);
    const why = error instanceof Error && error.message ? ` ${error.message}` : '';
    toasts.show({ kind: 'failed', text: `The like was not saved.${why}` });
    return false;
  }
}

export const like: Action<Likeable> = {
  name: 'like',
  label: (target) => (target.liked ? 'Take the like back' : 'Like'),
  icon: 'heart',
  key: 'f',
  possible: () => true,
  async perform(target) {
    const before = target.liked;
    const now = before !== true;
    if (!(await set(target, now, before))) return;
    toasts.show({ text: now ? 'Liked' : 'Like taken back', undo: async () => void (await set(target, before, now)) });
  },
};
