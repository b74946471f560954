// What the search box offers while someone types: values of fields with their counts, and the fields themselves.
import { FACETS, facets } from '$state/facets.svelte';

export interface Offer {
  /** The whole text of the box after taking it. */
  text: string;
  /** What it is about, before the colon. */
  field: string;
  value: string;
  count: number | null;
  /** False for a bare field, which still wants a value. */
  complete: boolean;
}

const MOST = 8;
const quoted = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);

function values(before: string, field: string, start: string): Offer[] {
  const word = start.toLowerCase();
  return FACETS.filter(({ name }) => field === '' || name === field).flatMap(({ name }) =>
    (facets.rows[name] ?? [])
      .filter((row) => row.value.toLowerCase().startsWith(word) || row.label.toLowerCase().startsWith(word))
      .map((row) => ({ text: `${before}${name}:${quoted(row.value)} `, field: name, value: row.label, count: row.count, complete: true })),
  );
}

function fields(before: string, start: string): Offer[] {
  const word = start.toLowerCase();
  return FACETS.filter(({ name, title }) => name.startsWith(word) || title.toLowerCase().startsWith(word)).map(({ name }) => ({
    text: `${before}${name}:`, field: name, value: '', count: null, complete: false,
  }));
}

/** Offers for the word at the end of the text. */
export function suggest(text: string): Offer[] {
  const last = /\S*$/.exec(text)?.[0] ?? '';
  if (last === '') return [];
  const before = text.slice(0, text.length - last.length);
  const [field, value] = last.includes(':') ? [last.slice(0, last.indexOf(':')), last.slice(last.indexOf(':') + 1)] : ['', last];
  const name = field.toLowerCase() === 'file' ? 'state' : field.toLowerCase();
  const offers = values(before, name, value.replace(/^"/, ''));
  return [...(field ? [] : fields(before, last)), ...offers].slice(0, MOST);
}
