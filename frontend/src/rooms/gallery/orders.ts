// The orders and stacks of the gallery in words, and what their sections are called.
import type { Sort, Stack } from '$api/types';
import { chosen, comparesPosts } from '$state/filter';

export const ORDERS: { value: Sort; label: string }[] = [
  { value: 'date_desc', label: 'Newest first' },
  { value: 'date_asc', label: 'Oldest first' },
  { value: 'added', label: 'Added last' },
  { value: 'likes', label: 'Liked first' },
  { value: 'rating', label: 'Best rated' },
  { value: 'name', label: 'By prompt' },
  { value: 'model', label: 'By model' },
  { value: 'mode', label: 'By mode' },
  { value: 'type', label: 'By type' },
  { value: 'size', label: 'Largest file' },
  { value: 'duration', label: 'Longest clip' },
  { value: 'random', label: 'Shuffled' },
];

/** The orders that mean something for a filter: one collection can be ordered by hand, posts like others by how much they are. */
export function ordersFor(filter: string): { value: Sort; label: string }[] {
  const held = chosen(filter, 'in').filter((name) => name !== 'none');
  const own: { value: Sort; label: string }[] = held.length === 1 ? [{ value: 'manual', label: 'Own order' }] : [];
  const alike: { value: Sort; label: string }[] = comparesPosts(filter) ? [{ value: 'resemblance', label: 'Resemblance' }] : [];
  return [...alike, ...own, ...ORDERS];
}

export const STACKINGS: { value: Stack; label: string }[] = [
  { value: 'parent', label: 'Stacked' },
  { value: 'none', label: 'Not stacked' },
  { value: 'family', label: 'Same prompt' },
  { value: 'batch', label: 'Same batch' },
];

const WITHOUT: Record<string, string> = {
  rating: 'Not rated', model: 'No model', mode: 'No mode', name: 'No prompt', size: 'Size not known', duration: 'No length', likes: 'Not liked',
  manual: 'Own order', resemblance: 'Not compared',
};
const NAMES: Record<string, Record<string, string>> = {
  type: { image: 'Pictures', video: 'Clips', audio: 'Sound' },
  likes: { liked: 'Liked', other: 'Not liked' },
};

/** Orders whose sections are days. */
export function isByDay(sort: string): boolean {
  return sort.startsWith('date') || sort === 'added';
}

/** What a section of an order other than by day is called. */
export function sectionName(sort: string, label: string): string {
  if (label === '') return WITHOUT[sort] ?? 'No date';
  if (sort === 'rating') return label === '1' ? '1 star' : `${label} stars`;
  return NAMES[sort]?.[label] ?? label;
}
