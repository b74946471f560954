// Counts beside the filters: what each value would find, the other filters as they are.
import { fetchFacets } from '$api/facets';
import { isAborted } from '$api/http';
import type { FacetName, Facets, Stack } from '$api/types';

export interface FacetValue {
  /** As the filter has it. */
  value: string;
  label: string;
  count: number;
}

const LABELS: { readonly [name in FacetName]?: Record<string, string> } = {
  type: { image: 'Pictures', video: 'Clips', audio: 'Sound' },
  liked: { yes: 'Yes', no: 'No', unknown: 'Not known' },
  state: { present: 'Here', missing: 'Missing', corrupt: 'Damaged' },
};

/** The server counts columns; the filter has words for them. Values that no filter can ask for are left out. */
const WORDS: { readonly [name in FacetName]?: Record<string, string> } = {
  liked: { true: 'yes', false: 'no', null: 'unknown' },
  state: { wanted: 'missing' },
};

const asWord = (name: FacetName, value: unknown): string | null => {
  const word = WORDS[name]?.[String(value)] ?? (value === null ? null : String(value));
  const labels = LABELS[name];
  return word === null || word === '' || (labels && !(word in labels)) ? null : word;
};

/** The word on the page for a value of a filter. */
export function facetLabel(name: string, value: string): string {
  return LABELS[name as FacetName]?.[value] ?? value;
}

/** Rows in the order they had, with new counts; what is not counted any more stays at zero. */
export function facetRows(name: FacetName, answer: Facets, before: readonly FacetValue[]): FacetValue[] {
  const counts = new Map<string, number>();
  for (const key of Object.keys(LABELS[name] ?? {})) counts.set(key, 0);
  for (const row of before) counts.set(row.value, 0);
  for (const row of answer[name] ?? []) {
    const word = asWord(name, row.value);
    if (word !== null) counts.set(word, (counts.get(word) ?? 0) + row.count);
  }
  return [...counts].map(([value, count]) => ({ value, label: facetLabel(name, value), count }));
}

export const FACETS: readonly { name: FacetName; title: string }[] = [
  { name: 'type', title: 'Type' },
  { name: 'model', title: 'Model' },
  { name: 'mode', title: 'Mode' },
  { name: 'liked', title: 'Liked' },
  { name: 'state', title: 'File' },
];

export class FacetCounts {
  rows = $state.raw<Partial<Record<FacetName, FacetValue[]>>>({});
  #control: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Counts again soon; a newer wish takes the place of the older. */
  count(filter: string, stack: Stack | undefined, delay = 150): void {
    clearTimeout(this.#timer);
    this.#control?.abort();
    this.#timer = setTimeout(() => void this.#fetch(filter, stack), delay);
  }

  async #fetch(filter: string, stack: Stack | undefined): Promise<void> {
    const control = new AbortController();
    this.#control = control;
    try {
      const answer = await fetchFacets(filter, stack, control.signal);
      const rows = { ...this.rows };
      for (const { name } of FACETS) rows[name] = facetRows(name, answer, rows[name] ?? []);
      this.rows = rows;
    } catch (error) {
      // Old counts stay; the grid itself says when the server is away.
      if (!isAborted(error)) this.#timer = setTimeout(() => void this.#fetch(filter, stack), 5000);
    }
  }
}

export const facets = new FacetCounts();
