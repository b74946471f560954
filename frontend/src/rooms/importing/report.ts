// What an import's report means: headline, buckets, files, time left, places. Numbers and text only.
import type { ImportProblem, ImportReport } from '$api/importing.types';
import { formatBytes, formatCount, formatNumber, formatSpan } from '$kit/format';
import type { IconName } from '$kit/icons';
import type { Tone } from '$kit/states';
import { UNTAKEN } from './failures';

const GOING = new Set(['queued', 'blocked', 'checking', 'running', 'waiting']);
const OVER = new Set(['succeeded', 'partial', 'failed', 'rejected', 'expired', 'cancelled', 'unknown_outcome', 'undone']);

/** True when it has ended; it may still be taken back. */
export function isOver(report: Pick<ImportReport, 'state'>): boolean {
  return OVER.has(report.state);
}

/** True when nothing changes until someone asks for it. */
export function isResting(report: Pick<ImportReport, 'state' | 'undo'>): boolean {
  return !GOING.has(report.state) && !report.undo?.going;
}

/** True when it came in, wholly or in part. */
export function cameIn(report: Pick<ImportReport, 'state'>): boolean {
  return report.state === 'succeeded' || report.state === 'partial';
}

export function count(report: Pick<ImportReport, 'counts'>, name: string): number {
  return report.counts?.[name] ?? 0;
}

export interface Bucket {
  icon: IconName;
  tone: Tone;
  name: string;
  value: number;
  note: string;
}

/** Posts that came in for the first time, children among them: the server counts children in `new` too. */
export function fresh(report: Pick<ImportReport, 'counts'>): number {
  return count(report, 'new');
}

/** The five buckets; they never change place, and an empty one stays and says so. */
export function bucketsOf(report: Pick<ImportReport, 'counts'>): Bucket[] {
  const of = (name: string): number => count(report, name);
  const note = (value: number, words: string): string => (value === 0 ? 'none' : words);
  const roots = Math.max(0, of('new') - of('children_new'));
  return [
    { icon: 'plus', tone: 'done', name: 'New', value: roots, note: note(roots, 'posts that were not here') },
    { icon: 'check', tone: 'queued', name: 'The same', value: of('same'), note: note(of('same'), 'nothing to do') },
    { icon: 'retry', tone: 'running', name: 'Changed', value: of('changed'), note: note(of('changed'), 'filled in, nothing blanked') },
    { icon: 'stack', tone: 'running', name: 'New children', value: of('children_new'), note: note(of('children_new'), 'clips and versions') },
    { icon: 'alert', tone: 'failed', name: 'Problems', value: of('problems'), note: note(of('problems'), 'listed below, nothing lost') },
  ];
}

/** Everything that is listed: records that did not come in, and those that came in with care. */
export function remarks(report: Pick<ImportReport, 'counts'>): number {
  return count(report, 'problems') + count(report, 'warnings');
}

/** One sentence for the top of a finished report. */
export function headline(report: ImportReport): string {
  if (report.undo?.going) return report.undo.redo ? 'Bringing it back in' : 'Taking it back';
  if (report.state === 'cancelled') return cancelled(report);
  if (report.state === 'undone') return 'This import was undone';
  if (!cameIn(report)) return UNTAKEN;
  if (fresh(report) === 0 && count(report, 'changed') === 0) return 'Nothing new: all of it was here already';
  if (fresh(report) === 0) return `${formatCount(count(report, 'changed'), 'post')} brought up to date`;
  return `${formatCount(fresh(report), 'new post')} in the library`;
}

function cancelled(report: ImportReport): string {
  return fresh(report) === 0 ? 'Cancelled, nothing was written' : `Cancelled, ${formatCount(fresh(report), 'new post')} stay`;
}

/** Under the headline of an import that was taken back, or is being taken back. */
export function undoneWords({ undo }: Pick<ImportReport, 'undo'>): string {
  if (!undo) return 'The library is as it was before.';
  const parts = [
    undo.posts > 0 && `${formatCount(undo.posts, 'post')} went out again`,
    undo.reverted > 0 && `${formatCount(undo.reverted, 'post')} are as before`,
    undo.kept > 0 && `${formatNumber(undo.kept)} stay, because you changed them since`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'The library is as it was before.';
}

/** What was done to the posts beside bringing them; empty when nothing was. */
export function gatheredWords(report: Pick<ImportReport, 'counts' | 'options'>, collection: string | null): string {
  const [tagged, gathered] = [count(report, 'tagged'), count(report, 'gathered')];
  const rules = report.options?.tags ?? [];
  // By rules, each post has other ones.
  const same = rules.every((rule) => Object.keys(rule.when).length === 0);
  const parts = [
    tagged > 0 && `${formatCount(tagged, 'post')} tagged ${same ? rules.map((rule) => rule.tag).join(', ') : 'by their rules'}`,
    gathered > 0 && `${formatCount(gathered, 'post')} put into ${collection ?? 'a collection'}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `${parts.join('; ')}.` : '';
}

function sizeIn(report: ImportReport): number | null {
  const { progress } = report;
  return progress?.unit === 'bytes' && (progress.total ?? 0) > 1 ? progress.total : null;
}

function postsIn({ progress }: ImportReport): string | null {
  if (!progress || progress.posts === 0) return null;
  const children = progress.children > 0 ? `, ${formatCount(progress.children, 'child', 'children')}` : '';
  return `${formatCount(progress.posts, 'post')}${children}`;
}

function timeTaken({ started_at, finished_at }: ImportReport): string | null {
  if (!started_at || !finished_at) return null;
  const seconds = (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
  return seconds < 10 ? `${Math.max(0.1, seconds).toFixed(1)} s` : formatSpan(seconds);
}

const SHAPES: Record<string, string> = {
  array: 'one list', lines: 'one record a line', page: 'one page of posts', pages: 'pages of posts', post: 'one post',
  assets: 'a list of assets', account: 'account export', zip: 'zip', har: 'browser capture', links: 'list of links',
  media: 'picture or clip', object: 'JSON', folder: 'folder', urls: 'list of links', account_export: 'account export',
  library: 'an archive of this kind', sidecar: 'notes beside a file', video_metadata: 'facts about clips',
};

/** A shape in words, also of what a folder or a zip holds: "zip of pages of posts". */
export function shapeWords(shape: string | null): string | null {
  if (!shape) return null;
  return shape.split(' of ').map((word) => SHAPES[word] ?? word.replaceAll('_', ' ')).join(' of ');
}

/** Facts under the headline: size, kind, how many, how long it took. */
export function summary(report: ImportReport, size: number | null): string[] {
  const bytes = size ?? sizeIn(report);
  const parts = [bytes === null ? null : formatBytes(bytes), shapeWords(report.shape), postsIn(report), timeTaken(report)];
  return parts.filter((part) => part !== null);
}

/** Which colour a share of the files has; the same in a check and in a report. */
export const FILE_MARKS = { here: 'done', unhashed: 'unhashed', missing: 'missing', gone: 'gone', damaged: 'failed', refused: 'refused', wanted: 'pending' } as const;

export interface FileShare {
  mark: (typeof FILE_MARKS)[keyof typeof FILE_MARKS];
  value: number;
  words: string;
  /** Shown even when there is none of it. */
  always: boolean;
}

export interface FileShares {
  total: number;
  here: number;
  /** What a download could bring. */
  fetchable: number;
  shares: FileShare[];
}

/** The library's files by state; these stand in the report once its posts are in. */
export function filesOf(report: Pick<ImportReport, 'counts'>): FileShares {
  const of = (state: string): number => count(report, `files_${state}`);
  const all: FileShare[] = [
    { mark: 'done', value: of('present'), words: 'here', always: true },
    { mark: 'missing', value: of('missing'), words: 'missing, can be fetched', always: true },
    { mark: 'gone', value: of('gone'), words: 'gone where they came from', always: false },
    { mark: 'failed', value: of('corrupt'), words: 'damaged, can be fetched again', always: false },
    { mark: 'refused', value: of('refused'), words: 'refused, no safe path', always: true },
    { mark: 'pending', value: of('wanted'), words: 'still being looked for', always: false },
  ];
  return {
    total: all.reduce((sum, share) => sum + share.value, 0),
    here: of('present'),
    fetchable: of('missing') + of('corrupt'),
    shares: all.filter((share) => share.always || share.value > 0),
  };
}

/** True while jobs still look for the files that the import named. */
export function isSettling(report: ImportReport): boolean {
  return cameIn(report) && !report.undo?.going && count(report, 'files_wanted') > 0;
}

/** How far the reading is, 0 to 1; null while the end is not known. */
export function shareDone(report: ImportReport): number | null {
  const { progress } = report;
  if (isOver(report)) return 1;
  if (!progress || !progress.total) return null;
  return Math.min(1, progress.done / progress.total);
}

/** Seconds to go at the pace since `since`; null until the pace can be trusted. */
export function secondsLeft(done: number, total: number, since: { at: number; done: number }, now: number): number | null {
  const [passed, made] = [(now - since.at) / 1000, done - since.done];
  if (passed < 1.5 || made <= 0 || total <= done) return null;
  return ((total - done) * passed) / made;
}

/** Bytes a second since `since`; null until the pace can be trusted. */
export function speedOf(done: number, since: { at: number; done: number }, now: number): number | null {
  const passed = (now - since.at) / 1000;
  return passed < 1 || done <= since.done ? null : (done - since.done) / passed;
}

/** "Record 58 · line 2,113": people count from one. */
export function problemPlace(problem: ImportProblem): string {
  const parts: string[] = [];
  if (typeof problem.index === 'number') parts.push(`Record ${formatNumber(problem.index + 1)}`);
  if (problem.line) parts.push(`line ${formatNumber(problem.line)}`);
  if (parts.length === 0) parts.push(problem.position ? `Byte ${formatNumber(problem.position)}` : 'The whole file');
  return parts.join(' · ');
}

export interface Fetching {
  format: 'txt' | 'aria2' | 'curl';
  tool: string;
  file: string;
  command: string;
}

/** Three lists of what is missing, named as the server names them, each with the command that fetches it. */
export const FETCHING: readonly Fetching[] = [
  { format: 'txt', tool: 'wget', file: 'missing-files.txt', command: 'wget -x -nc -P https_ -i' },
  { format: 'aria2', tool: 'aria2', file: 'missing-files.aria2.txt', command: 'aria2c -c --auto-file-renaming=false -j 6 -x 1 -i' },
  { format: 'curl', tool: 'curl', file: 'missing-files.curl.txt', command: 'curl --create-dirs --fail --remote-time -Z --parallel-max 6 -K' },
].map((way) => ({ ...way, command: `${way.command} ${way.file}` }) as Fetching);
