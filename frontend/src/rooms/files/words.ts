// What the files room says of times, paces and states; pure.
import type { FetchStanding } from '$api/files';
import { formatBytes, formatCount, formatSpan } from '$kit/format';

/** How long until a moment, or that it has passed. */
export function untilWords(moment: string, now: number): string {
  const seconds = (Date.parse(moment) - now) / 1000;
  if (!(seconds > 0)) return 'now';
  return seconds < 86_400 ? formatSpan(seconds) : formatCount(Math.floor(seconds / 86_400), 'day');
}

/** The line under the number: what goes on with the files that are not here. */
export function standingWords(standing: FetchStanding): string {
  const { state, waiting, failed, lacking } = standing;
  if (lacking === 0) return 'Every file that a post names is here.';
  if (state === 'paused') return `Paused with ${formatCount(waiting, 'file')} to go.`;
  if (state === 'running') return waiting > 0 ? `Fetching. ${formatCount(waiting, 'file')} to go.` : 'Fetching.';
  if (state === 'waiting') return 'Begins as soon as the worker is free, or when a host can be asked again.';
  if (failed > 0) return `${formatCount(failed, 'file')} could not be fetched; below is why, and what helps.`;
  return `They can be fetched from where they came from: about ${formatBytes(standing.estimated_bytes)}.`;
}

export interface Choice {
  value: string;
  label: string;
}

/** The paces one can choose; another value that is set is among them. */
export function bandwidthChoices(current: number): Choice[] {
  const usual = [0, 500_000, 2_000_000, 10_000_000, 50_000_000];
  return withCurrent(usual, current).map((value) => ({ value: String(value), label: value ? `${formatBytes(value)} a second` : 'No limit' }));
}

export function perSecondChoices(current: number): Choice[] {
  return withCurrent([1, 4, 8, 20, 0], current).map((value) => ({ value: String(value), label: value ? `${value} a second` : 'No limit' }));
}

export function perHostChoices(current: number): Choice[] {
  return withCurrent([1, 2, 4, 6, 12, 32], current).map((value) => ({ value: String(value), label: `${value} at once` }));
}

function withCurrent(usual: number[], current: number): number[] {
  return usual.includes(current) ? usual : [...usual, current];
}
