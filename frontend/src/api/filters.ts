// The language of filters: what a text means, what is wrong with it, what could be typed next.
import { ask, getJson, sendJson } from './http';

/** A mistake: `length` code points from `start`, and what to write instead. */
export interface Problem {
  start: number;
  length: number;
  message: string;
  fix: string | null;
}

/** A text to put in place of what is typed; one that is not complete still wants a value. */
export interface Offer {
  text: string;
  field: string | null;
  value: string;
  count: number | null;
  complete: boolean;
}

export interface Offers {
  start: number;
  length: number;
  suggestions: Offer[];
}

export async function fetchProblems(text: string): Promise<Problem[]> {
  return (await sendJson<{ errors: Problem[] }>('POST', '/api/filters/parse', { text })).errors;
}

/** Offers for what stands at the cursor, counted in code points. */
export function fetchOffers(text: string, cursor: number, signal?: AbortSignal): Promise<Offers> {
  return getJson<Offers>('/api/suggest', { text, cursor }, signal);
}

/** A part of a filter's document, see docs/formats/filter.md. */
export type FilterNode =
  | { is: 'text' | 'prefix'; text: string }
  | { is: 'field'; field: string; operator: string; values: string[] }
  | { is: 'not'; of: FilterNode }
  | { is: 'all' | 'any'; of: FilterNode[] };

export interface FilterDocument {
  version: 1;
  filter: FilterNode | null;
}

/** A filter in both forms; both null when the text has mistakes. */
export interface Understood {
  text: string | null;
  document: FilterDocument | null;
  errors: Problem[];
  /** Values that stand for nothing, with what may have been meant. */
  hints: Hint[];
}

export interface Hint {
  field: string;
  value: string;
  message: string;
  fix: string | null;
}

/** With `spelling`, words that no prompt has are told as well. */
export async function understand(given: { text: string; spelling?: boolean } | { document: FilterDocument }, signal?: AbortSignal): Promise<Understood> {
  const answer = await ask('/api/filters/parse', { method: 'POST', json: given, ...(signal ? { signal } : {}) });
  return (await answer.json()) as Understood;
}

export interface FilterField {
  name: string;
  operators: string[];
  help: string;
  examples: string[];
  /** Everything it takes, where that is a closed list. */
  values: string[];
  counted: boolean;
}

export function fetchFields(): Promise<FilterField[]> {
  return getJson<FilterField[]>('/api/filters/fields');
}
