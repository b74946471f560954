// The orders and stacks of the gallery in words, and what their sections are called.
import type { Sort, Stack } from '$api/types';

export const ORDERS: { value: Sort; label: string }[] = [
  { value: 'date_desc', label: 'Newest first' },
  { value: 'date_asc', label: 'Oldest first' },
  { value: 'added', label: 'Added last' },
  { value: 'likes', label: 'Liked first' },
  { value: 'name', label: 'By prompt' },
  { value: 'model', label: 'By model' },
  { value: 'mode', label: 'By mode' },
  { value: 'type', label: 'By type' },
  { value: 'size', label: 'Largest file' },
  { value: 'duration', label: 'Longest clip' },
  { value: 'random', label: 'Shuffled' },
];

export const STACKINGS: { value: Stack; label: string }[] = [
  { value: 'parent', label: 'Stacked' },
  { value: 'none', label: 'Not stacked' },
  { value: 'family', label: 'Same prompt' },
  { value: 'batch', label: 'Same batch' },
];

const WITHOUT: Record<string, string> = {
  model: 'No model', mode: 'No mode', name: 'No prompt', size: 'Size not known', duration: 'No length', likes: 'Not liked',
  manual: 'Own order',
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
  return NAMES[sort]?.[label] ?? label;
}
