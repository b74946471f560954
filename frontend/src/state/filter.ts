// The text of a filter as the page handles it: its parts, the chips among them, and changes by click. The server alone
// says what a text means and whether it has mistakes; see docs/formats/filter.md.
import type { Sort } from '$api/types';

export interface Part {
  text: string;
  /** Null for words, groups, and alternatives. */
  field: string | null;
  values: string[];
  negated: boolean;
}

const OPENING = '(（';
const CLOSING = ')）';
const FIELD = /^(-?)([A-Za-z][\w-]*)[:：](.+)$/su;
/** What a chip of a field may hold; comparisons and beginnings are shown as they are. */
const VALUE = /"((?:\\.|[^"\\])*)"\*?|[^",]+/gsu;
/** What people type for a value, beside its own name. */
const SAME: Record<string, Record<string, string>> = {
  type: { picture: 'image', pictures: 'image', images: 'image', clip: 'video', clips: 'video', videos: 'video', sound: 'audio', sounds: 'audio' },
  liked: { true: 'yes', liked: 'yes', false: 'no', unliked: 'no' },
  state: { here: 'present', damaged: 'corrupt', wanted: 'missing' },
};

/** Whether a text has signs of the language, so that the server must be asked what it means. */
export function hasSigns(text: string): boolean {
  return /["“”„()（）:：*]|(^|\s)(OR|AND|NOT|-)(\s|$)/u.test(text);
}

const unquoted = (text: string): string => text.replace(/\\(["\\])/g, '$1');

export function quoted(value: string): string {
  return /[\s"(),*\\“”„（）،、，]|^[<>=≤≥]/u.test(value) ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value;
}

/** Phrases, parentheses, blanks, and everything between them. */
const TOKEN = /"(?:\\.|[^"\\])*"?|“(?:\\.|[^”\\])*”?|„(?:\\.|[^“\\])*“?|[(（)）]|\s+|[^\s"“„(（)）]+/gsu;

/** The pieces between blanks that are in no quotation marks and no parentheses. */
export function chunks(text: string): string[] {
  const found = [''];
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (OPENING.includes(token)) depth += 1;
    if (CLOSING.includes(token)) depth = Math.max(0, depth - 1);
    if (depth === 0 && token.trim() === '') found.push('');
    else found.push((found.pop() ?? '') + token);
  }
  return found.filter(Boolean);
}

const NAMES: Record<string, string> = { file: 'state' };

function partOf(text: string): Part {
  const [, minus = '', typed = '', rest = ''] = FIELD.exec(text) ?? [];
  const lower = typed.toLowerCase();
  const field = NAMES[lower] ?? lower;
  if (!field || field === 'prompt') return { text, field: null, values: [], negated: text.startsWith('-') };
  const values = [...rest.matchAll(VALUE)].map((found) => (found[1] === undefined ? found[0] : unquoted(found[1])));
  return { text, field, values: values.map((value) => SAME[field]?.[value.toLowerCase()] ?? value), negated: minus !== '' };
}

/** What must all hold; alternatives on the top level are one part. */
export function partsOf(filter: string): Part[] {
  const pieces = chunks(filter);
  if (pieces.includes('OR')) return [{ text: filter.trim(), field: null, values: [], negated: false }];
  return pieces.filter((piece) => piece !== 'AND').reduce<Part[]>((parts, piece) => {
    const last = parts.at(-1);
    if (last?.text !== 'NOT') return [...parts, partOf(piece)];
    return [...parts.slice(0, -1), partOf(`-${piece}`)];
  }, []);
}

/** Parts put together again. Alternatives among others need parentheses. */
export function joined(texts: readonly string[]): string {
  const kept = texts.filter(Boolean);
  if (kept.length === 1) return kept[0] ?? '';
  return kept.map((text) => (chunks(text).includes('OR') ? `(${text})` : text)).join(' ');
}

export function chipsOf(filter: string): Part[] {
  return partsOf(filter).filter((part) => part.field !== null);
}

/** What stands in the search box beside the chips. */
export function restOf(filter: string): string {
  return joined(partsOf(filter).filter((part) => part.field === null).map((part) => part.text));
}

export function without(filter: string, part: Part): string {
  const parts = partsOf(filter);
  const at = parts.findIndex((other) => other.text === part.text);
  return joined(parts.filter((_, i) => i !== at).map((other) => other.text));
}

/** How many parts hide something: chips, and all words together. */
export function countFilters(filter: string): number {
  return chipsOf(filter).length + (restOf(filter) ? 1 : 0);
}

const isChoice = (part: Part, name: string): boolean =>
  part.field === name && !part.negated && !/[:：](<|>|=|≤|≥)|\.\.|\*$/u.test(part.text);

/** The values of a field that are chosen; any of them will do. */
export function chosen(filter: string, name: string): string[] {
  return partsOf(filter).filter((part) => isChoice(part, name)).flatMap((part) => part.values);
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether all values of a chip are ids of posts. */
export function namesPosts(chip: Part): boolean {
  return ['id', 'parent', 'similar', 'same-prompt'].includes(chip.field ?? '') && chip.values.every((value) => ID.test(value));
}

/** Whether a filter names posts that others are to be like. */
export function comparesPosts(filter: string): boolean {
  return chosen(filter, 'similar').length > 0;
}

/** The order that goes with a filter: by resemblance as soon as posts are named for it, and only as long as they are. */
export function orderWith(filter: string, before: string, sort: Sort): Sort {
  if (!comparesPosts(filter)) return sort === 'resemblance' ? 'date_desc' : sort;
  return sort === 'date_desc' && !comparesPosts(before) ? 'resemblance' : sort;
}

/** Chooses a value of a field beside those that are chosen, or drops it. */
export function withChoice(filter: string, name: string, value: string, on: boolean): string {
  const values = chosen(filter, name).filter((other) => other !== value);
  if (on) values.push(value);
  const others = partsOf(filter).filter((part) => !isChoice(part, name)).map((part) => part.text);
  return joined([...others, values.length > 0 ? `${name}:${values.map(quoted).join(',')}` : '']);
}

/** What a text in the search box makes of the chips beside it. While someone types, a field at the end waits. */
export function typedInto(chips: readonly Part[], text: string, whole: boolean): { filter: string; finished: string; chips: number; rest: string } {
  const last = chunks(text).at(-1) ?? '';
  const typing = !whole && text.endsWith(last) && FIELD.test(`${last}x`) ? last : '';
  const finished = text.slice(0, text.length - typing.length);
  const read = partsOf(finished);
  const fields = read.filter((part) => part.field !== null).map((part) => part.text);
  const words = joined(read.filter((part) => part.field === null).map((part) => part.text));
  return {
    filter: joined([...chips.map((chip) => chip.text), ...fields, words]),
    finished,
    chips: fields.length,
    rest: [words, typing].filter(Boolean).join(' '),
  };
}

/** The words that posts were found by, for showing them in prompts. */
export function wordsIn(filter: string): string[] {
  const texts = partsOf(filter).filter((part) => part.field === null && !part.negated).map((part) => part.text.replace(/-[(（][^()（）]*[)）]/gu, ' '));
  const found = texts.join(' ').matchAll(/(-?)(?:(?:prompt:)?"((?:\\.|[^"\\])*)"|([^\s()（）"]+))/gsu);
  return [...found].filter(([, minus]) => minus === '').map(([, , phrase, word]) => (phrase === undefined ? plain(word ?? '') : unquoted(phrase))).filter(Boolean);
}

function plain(word: string): string {
  const text = word.replace(/^prompt:/i, '').replace(/[*,،、，]+$/u, '');
  return ['OR', 'AND', 'NOT'].includes(text) || FIELD.test(text) ? '' : text;
}
