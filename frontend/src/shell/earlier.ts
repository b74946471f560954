// What an empty search box offers: presets that filter, then earlier searches.
import { formatCount } from '$kit/format';
import type { Preset } from '$api/presets';

export interface EarlierSearch {
  /** The name of a saved one; empty for what was only searched. */
  saved: string;
  filter: string;
  /** The filter as people read it. */
  words: string;
}

const SAVED = 5;
const MOST = 10;
const ID = /\bin:"?([0-9a-f-]{36})"?/gi;
const POSTS = /\b(id|parent|similar|same-prompt):((?:[0-9a-f]{8}-[0-9a-f-]{27},?)+)/gi;

/** `named` turns the id of a collection into its name. */
export function earlierSearches(presets: readonly Preset[], searched: readonly string[], now: string, named: (id: string) => string): EarlierSearch[] {
  const words = (filter: string): string => filter.replace(ID, (_, id: string) => `in:${named(id)}`)
    .replace(POSTS, (_, field: string, ids: string) => `${field}: ${formatCount(ids.split(',').filter(Boolean).length, 'post')}`);
  const saved = presets.filter((one) => one.filter && one.filter !== now).slice(0, SAVED);
  const found = saved.map((one) => ({ saved: one.name, filter: one.filter, words: words(one.filter) }));
  const known = new Set(found.map((one) => one.filter));
  const others = searched.filter((filter) => filter !== now && !known.has(filter));
  return [...found, ...others.map((filter) => ({ saved: '', filter, words: words(filter) }))].slice(0, MOST);
}
