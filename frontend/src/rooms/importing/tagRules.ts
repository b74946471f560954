// Tags of an import: typed ones become rules, and rules are said in words.
import type { Condition, TagRule } from '$api/importing.types';

export type Fits = Condition | 'all';

export const FITS: { value: Fits; label: string; example: string }[] = [
  { value: 'all', label: 'every post', example: '' },
  { value: 'folder', label: 'media in the folder', example: 'holiday/2025' },
  { value: 'host', label: 'media from the host', example: 'assets.grok.com' },
  { value: 'after', label: 'made on or after', example: '' },
  { value: 'before', label: 'made before', example: '' },
  { value: 'prompt', label: 'prompt matches', example: 'lighthouse|harbour' },
];

/** A tag as the server keeps it. */
export const tagOf = (text: string): string => text.normalize('NFC').toLowerCase().split(/\s+/u).filter(Boolean).join(' ');

const same = (a: TagRule, b: TagRule): boolean => a.tag === b.tag && JSON.stringify(a.when) === JSON.stringify(b.when);

/** The rules with the typed tags, each once. */
export function withTags(rules: readonly TagRule[], typed: string, fits: Fits, value: string): TagRule[] {
  const when: TagRule['when'] = fits === 'all' ? {} : { [fits]: value.trim() };
  const more = typed.split(/[,،、]/u).map(tagOf).filter(Boolean).map((tag) => ({ tag, when }));
  return more.reduce<TagRule[]>((all, one) => (all.some((other) => same(one, other)) ? all : [...all, one]), [...rules]);
}

export const without = (rules: readonly TagRule[], gone: TagRule): TagRule[] => rules.filter((one) => one !== gone);

/** For whom a tag is, where it is not for all. */
export function forWhom({ when }: TagRule): string {
  return FITS.filter(({ value }) => value !== 'all' && when[value] !== undefined)
    .map(({ value, label }) => `${label} ${when[value as Condition]}`)
    .join(', ');
}
