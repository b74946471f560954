// Saying what was done, with the way back: every change of the server's is an operation that can be undone.
import { operationId, undoOperation } from '$api/marks';
import type { Operation } from '$api/marks';
import { collections } from '$state/collections.svelte';
import { library } from '$state/library.svelte';
import { picking } from '$state/picking.svelte';
import { toasts } from '$state/toasts.svelte';

/** After a change: the view, the collections and whoever shows memberships look again. */
export function lookAgain(): void {
  picking.changed();
  void library.refresh(true);
  void collections.load();
}

/** Says that something did not work, and why. */
export function failed(what: string, error: unknown): void {
  const why = error instanceof Error && error.message ? ` ${error.message}` : '';
  toasts.show({ kind: 'failed', text: `${what}${why}` });
}

async function takeBack(id: string, after?: () => void): Promise<void> {
  try {
    await undoOperation(id);
    library.gone = new Set();
    after?.();
    lookAgain();
    toasts.show({ text: 'Undone' });
  } catch (error) {
    failed('This could not be undone.', error);
  }
}

/** Tells what was done; `after` is called when it was undone. */
export function tellDone(text: string, operation: Operation | string | null | undefined, after?: () => void): void {
  const id = operationId(operation);
  toasts.show(id === null ? { text } : { text, undo: () => takeBack(id, after) });
}
