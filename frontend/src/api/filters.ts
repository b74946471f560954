// The language of filters: what a text means, what is wrong with it, what could be typed next.
import { getJson, sendJson } from './http';

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

/** A field that filters know. */
export interface FilterField {
  name: string;
  also: string[];
  help: string;
  examples: string[];
  values: string[];
}

export function fetchFields(): Promise<FilterField[]> {
  return getJson<FilterField[]>('/api/filters/fields');
}
