// What a check found, in words: six buckets that never change place, the fields that would change, the files.
import type { BucketName, ImportCheck, ImportReport, Preview } from '$api/importing.types';
import { formatBytes, formatCount, formatDate, formatNumber } from '$kit/format';
import type { IconName } from '$kit/icons';
import { FILE_MARKS, shapeWords, type FileShare } from './report';

export interface CheckBucket {
  name: BucketName;
  icon: IconName;
  tone: 'done' | 'queued' | 'running' | 'missing' | 'failed';
  title: string;
  value: number;
  note: string;
}

const FIELD_WORDS: Record<string, string> = {
  prompt: 'prompt', original_prompt: 'own prompt', liked: 'like', created_at: 'time', model: 'model', mode: 'mode',
  media_url: 'media', hd_url: 'HD media', parent_id: 'parent', thumbnail_url: 'preview', mime_type: 'type',
};

/** A field as people call it. */
export function fieldWord(name: string): string {
  return FIELD_WORDS[name] ?? name.replaceAll('_', ' ');
}

/** "prompt 6, like 3": the fields that would change, most first. */
export function changedWords(fields: Record<string, number>, most = 3): string {
  const sorted = Object.entries(fields).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, most).map(([name, count]) => `${fieldWord(name)} ${formatNumber(count)}`);
  return sorted.length > most ? `${shown.join(', ')}, …` : shown.join(', ');
}

const NONE = 'none';

/** The six buckets; an empty one stays and says so. */
export function checkBuckets({ buckets, changed_fields }: ImportCheck): CheckBucket[] {
  const of = (name: BucketName, rest: Omit<CheckBucket, 'name' | 'value'>): CheckBucket => {
    const value = buckets[name] ?? 0;
    return { name, value, ...rest, note: value === 0 ? NONE : rest.note };
  };
  return [
    of('new', { icon: 'plus', tone: 'done', title: 'New', note: 'posts that are not here yet' }),
    of('identical', { icon: 'check', tone: 'queued', title: 'The same', note: 'nothing to do' }),
    of('changed', { icon: 'retry', tone: 'running', title: 'Changed', note: changedWords(changed_fields) || 'filled in, nothing blanked' }),
    of('children_added', { icon: 'stack', tone: 'running', title: 'New children', note: 'clips and versions of posts' }),
    of('conflicts', { icon: 'warn', tone: 'missing', title: 'Conflicts', note: 'here and there differ' }),
    of('unreadable', { icon: 'alert', tone: 'failed', title: 'Unreadable', note: 'kept aside, nothing lost' }),
  ];
}

/** How many posts an import would bring or change. */
export function wouldTouch({ buckets }: ImportCheck): number {
  return (buckets.new ?? 0) + (buckets.changed ?? 0) + (buckets.children_added ?? 0) + (buckets.conflicts ?? 0);
}

/** The words of the button that takes it in. */
export function importWords(check: ImportCheck): string {
  const fresh = (check.buckets.new ?? 0) + (check.buckets.children_added ?? 0);
  if (fresh > 0) return `Import ${formatCount(fresh, 'post')}`;
  const changed = (check.buckets.changed ?? 0) + (check.buckets.conflicts ?? 0);
  return changed > 0 ? `Bring ${formatCount(changed, 'post')} up to date` : 'Import anyway';
}

function span(first: string | null, last: string | null): string | null {
  if (!first || !last) return null;
  const [from, to] = [formatDate(first), formatDate(last)];
  return from === to ? from : `${from} to ${to}`;
}

function postWords(report: ImportReport): string | null {
  // A quick check ends before it has told how far it is; what it read of each file stands in the end.
  const sum = (name: 'posts' | 'children'): number =>
    report.progress?.[name] || (report.files ?? []).reduce((total, file) => total + file[name], 0);
  const [posts, children] = [sum('posts'), sum('children')];
  if (posts + children === 0) return null;
  return `${formatCount(posts, 'post')}${children > 0 ? `, ${formatCount(children, 'child', 'children')}` : ''}`;
}

/** Facts under the headline of a check: size, kind, how many, from when to when, how long it took. */
export function checkFacts(report: ImportReport, check: ImportCheck): string[] {
  const size = (report.files ?? []).reduce((sum, file) => sum + (file.size ?? 0), 0);
  const several = (report.files?.length ?? 0) > 1;
  return [
    several ? formatCount(report.files?.length ?? 0, 'file') : null,
    size > 0 ? formatBytes(size) : null,
    several ? null : shapeWords(report.shape),
    postWords(report),
    span(check.first, check.last),
    `read in ${check.seconds < 10 ? check.seconds.toFixed(1) : Math.round(check.seconds)} s`,
  ].filter((part) => part !== null);
}

/** The files that the posts ask for, before anything was written. */
export function checkFiles({ files }: ImportCheck): { total: number; here: number; fetchable: number; shares: FileShare[] } {
  const shares: FileShare[] = [
    { mark: FILE_MARKS.here, value: files.present, words: 'here and verified', always: true },
    { mark: FILE_MARKS.unhashed, value: files.unhashed, words: 'here, not yet hashed', always: true },
    { mark: FILE_MARKS.missing, value: files.missing, words: 'missing, can be fetched', always: true },
    { mark: FILE_MARKS.refused, value: files.unmappable, words: 'no path for this host', always: true },
  ];
  const total = shares.reduce((sum, share) => sum + share.value, 0);
  return { total, here: files.present + files.unhashed, fetchable: files.missing, shares };
}

/** Hosts by how many files they have, most first. */
export function hostsOf({ hosts }: ImportCheck): { host: string; files: number }[] {
  return Object.entries(hosts).map(([host, files]) => ({ host, files })).sort((a, b) => b.files - a.files || a.host.localeCompare(b.host));
}

/** A value of a field as it may be shown. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What a post of a bucket is called: why it cannot be read, else its prompt, else its id. */
export function previewName(item: Preview): string {
  return item.reason || item.prompt || item.id || 'A post without words';
}
