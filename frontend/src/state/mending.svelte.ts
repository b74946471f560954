// Files that are not what they were, in words, and mending them from wherever they are shown; undo is in the line below.
import { mend, type Fault, type Mending } from '$api/keeping';
import { undoOperation } from '$api/marks';
import { ApiError } from '$api/http';
import { health } from './health.svelte';
import { toasts } from './toasts.svelte';

export const FAULTS: Record<Fault, { word: string; state: string }> = {
  lost: { word: 'Not there any more', state: 'missing' },
  changed: { word: 'Not the bytes it had', state: 'corrupt' },
  truncated: { word: 'Cut short', state: 'corrupt' },
  swapped: { word: 'The bytes of another file', state: 'corrupt' },
  unreadable: { word: 'Cannot be read', state: 'refused' },
};

export const MENDINGS: Record<Mending, { label: string; done: string }> = {
  relink: { label: 'Put right', done: 'The right bytes are looked for' },
  download: { label: 'Fetch again', done: 'They are fetched again; what was there is put aside' },
  accept: { label: 'Accept as it is', done: 'They count as right from now on' },
};

const TRIES = 40;
const AGAIN_MS = 500;

/** What can be tried with a file: bytes that cannot be read are not accepted, and not every file has an address. */
export function waysOf(fault: Fault, canDownload: boolean): Mending[] {
  const ways: Mending[] = ['relink'];
  if (canDownload) ways.push('download');
  if (fault !== 'lost' && fault !== 'unreadable') ways.push('accept');
  return ways;
}

/** Has a job mend the faulty files of these posts, or all there are, and offers to undo it. */
export async function startMending(how: Mending, ids: readonly string[] | 'all'): Promise<void> {
  try {
    const { operation } = await (ids === 'all' ? mend(how, [], 'fault:any') : mend(how, [...new Set(ids)]));
    toasts.show({ text: MENDINGS[how].done, undo: () => undone(operation) });
  } catch (error) {
    toasts.show({ kind: 'failed', text: `It could not be started. ${error instanceof Error ? error.message : ''}` });
  }
  await health.look();
}

/** Undo waits for the job to end first. */
async function undone(operation: string, tries = TRIES): Promise<void> {
  try {
    await undoOperation(operation);
    toasts.show({ text: 'They are brought back as they were' });
  } catch (error) {
    const running = error instanceof ApiError && error.code === 'operation_is_running';
    if (running && tries > 0) {
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      return undone(operation, tries - 1);
    }
    const nothing = error instanceof ApiError && error.status === 404;
    toasts.show({ kind: 'failed', text: nothing ? 'Nothing was changed, so there is nothing to undo' : 'It could not be undone yet. Try again in a moment.' });
  }
  await health.look();
}
