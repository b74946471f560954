// What the keeping room calls things.
import type { Backup } from '$api/keeping';
import type { Job } from '$api/types';
import { formatBytes, formatCount, formatNumber } from '$kit/format';

export const KINDS: Record<NonNullable<Backup['kind']>, string> = {
  scheduled: 'By itself',
  'by hand': 'By hand',
  'restore point': 'Before a restore',
  upgrade: 'Before an update',
};

export const STATES: Record<Backup['state'], { word: string; state: string }> = {
  proven: { word: 'Proven', state: 'done' },
  'not proven': { word: 'Not proven', state: 'unknown_outcome' },
  failed: { word: 'Proof failed', state: 'failed' },
  damaged: { word: 'Damaged', state: 'corrupt' },
};

/** What a job is at: "Copying to the mirror: 300 of 800, 23 MB a second". */
export function workWords({ title, state, note, progress_done, progress_total }: Job): string {
  if (state !== 'running') return `${title}: waits for its turn`;
  const far = progress_total ? `${formatNumber(progress_done ?? 0)} of ${formatNumber(progress_total)}` : '';
  const said = [far, note].filter(Boolean).join(', ');
  return said ? `${title}: ${said}` : title;
}

/** The facts of a backup beside its date: "By itself · 1,203 posts · 12 MB · version 1.4.0". */
export function backupFacts({ kind, posts, size_bytes, version }: Backup): string {
  const parts = [kind && KINDS[kind], posts !== null && formatCount(posts, 'post'), formatBytes(size_bytes), version && `version ${version}`];
  return parts.filter(Boolean).join(' · ');
}

/** What of a backup can be gone back to: one that is whole, and not known to differ. */
export function restorable({ can_restore, state }: Backup): boolean {
  return can_restore && state !== 'failed' && state !== 'damaged';
}

const KEPT_MS = 7 * 86_400_000;

/** The zips that were prepared, newest first: those that are still kept, and the last one when it could not be made. */
export function zipsOf(jobs: readonly Job[], now: number): Job[] {
  const all = jobs.filter((job) => job.kind === 'keeping.export_zip' && typeof job.finished_at === 'string' && now - Date.parse(job.finished_at) < KEPT_MS);
  return all.filter((job, at) => job.state === 'succeeded' || (job.state === 'failed' && at === 0)).slice(0, 5);
}

/** What is in a zip, or why there is none: "1,203 posts · 23 GB". */
export function zipWords({ state, result, error_message }: Job): string {
  if (state === 'failed') return `${error_message ?? 'It could not be prepared.'} Nothing was changed; prepare it again.`;
  const [posts, bytes] = [result?.posts, result?.size_bytes];
  return [typeof posts === 'number' && formatCount(posts, 'post'), typeof bytes === 'number' && formatBytes(bytes)].filter(Boolean).join(' · ');
}
