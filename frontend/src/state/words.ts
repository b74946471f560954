// The search box as text: which parts of what is typed are filters, and which are words to look for.
import type { Filter } from '$api/types';
import { FIELDS } from './address';

export type ChipName = Exclude<keyof Filter, 'search'>;

export interface Chip {
  name: ChipName;
  value: string;
}

export const CHIPS: readonly ChipName[] = ['type', 'model', 'mode', 'liked', 'state', 'has_custom_videos'];

/** What people type for a value, beside its own name. */
const SAME: Record<string, Record<string, string>> = {
  type: { picture: 'image', pictures: 'image', clip: 'video', clips: 'video', sound: 'audio', images: 'image', videos: 'video' },
  liked: { yes: 'liked', true: 'liked', no: 'unliked', false: 'unliked' },
  state: { here: 'present', damaged: 'corrupt' },
};

const FIELD = /(^|\s)(type|model|mode|liked|state|file):(?:"([^"]+)"|([^\s"]+))(?=\s|$)/gi;

/** The value as the filter has it; null when the field has no such value. */
export function valueOf(name: ChipName, typed: string): string | null {
  const value = SAME[name]?.[typed.toLowerCase()] ?? typed;
  const allowed = FIELDS[name];
  return allowed === null || allowed.includes(value) ? value : null;
}

/** Takes the finished `field:value` parts out of a text. */
export function readWords(text: string): { search: string; chips: Chip[] } {
  const chips: Chip[] = [];
  const search = text.replace(FIELD, (whole, before: string, field: string, quoted: string | undefined, plain: string | undefined) => {
    const name = (field.toLowerCase() === 'file' ? 'state' : field.toLowerCase()) as ChipName;
    const value = valueOf(name, quoted ?? plain ?? '');
    if (value === null) return whole;
    chips.push({ name, value });
    return before;
  });
  return { search: search.replace(/\s+/g, ' ').trim(), chips };
}

/** The active filters, in one order everywhere. */
export function chipsOf(filter: Filter): Chip[] {
  return CHIPS.flatMap((name) => {
    const value = filter[name];
    return value ? [{ name, value }] : [];
  });
}

export function withChip(filter: Filter, chip: Chip): Filter {
  return { ...filter, [chip.name]: chip.value };
}

export function without(filter: Filter, name: keyof Filter): Filter {
  const rest = { ...filter };
  delete rest[name];
  return rest;
}

/** How many parts hide something: chips and words together. */
export function countFilters(filter: Filter): number {
  return chipsOf(filter).length + (filter.search ? 1 : 0);
}

/** What a text in the search box makes of a filter. While someone types, a field at the end waits for its value. */
export function typedInto(filter: Filter, text: string, whole: boolean): { filter: Filter; chips: number; rest: string } {
  const typing = whole ? '' : (/\S+$/.exec(text)?.[0] ?? '');
  const unfinished = typing.includes(':') ? typing : '';
  const read = readWords(text.slice(0, text.length - unfinished.length));
  const next = read.chips.reduce(withChip, without(filter, 'search'));
  if (read.search) next.search = read.search;
  return { filter: next, chips: read.chips.length, rest: [read.search, unfinished].filter(Boolean).join(' ') };
}
