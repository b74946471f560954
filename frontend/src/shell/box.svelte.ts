// What the search box remembers: its text, the mistakes in it, what is offered, and which offer is chosen.
import { fetchOffers, fetchProblems } from '$api/filters';
import type { Offer, Problem } from '$api/filters';
import { isAborted } from '$api/http';
import { chipsOf, hasSigns, joined, restOf, typedInto } from '$state/filter';

const OFFERS_AFTER_MS = 80;

/** Where code point number `points` of a text begins, as browsers count. */
export function unitsOf(text: string, points: number): number {
  return [...text].slice(0, points).join('').length;
}

export interface Slice {
  before: string;
  wrong: string;
  after: string;
}

/** A text cut at a mistake. */
export function sliceAt(text: string, problem: Problem): Slice {
  const from = unitsOf(text, problem.start);
  const to = Math.max(from, unitsOf(text, problem.start + problem.length));
  return { before: text.slice(0, from), wrong: text.slice(from, to), after: text.slice(to) };
}

export class Box {
  text = $state('');
  problems = $state.raw<Problem[]>([]);
  offers = $state.raw<Offer[]>([]);
  chosen = $state(-1);
  /** The part of the text that an offer takes the place of, as browsers count. */
  #span = { from: 0, to: 0 };
  /** What the last filter of ours left in the box, so that an answer to typing does not overwrite what is typed. */
  #sent = '';
  #control: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** The filter changed: by us, or by Back, a chip, another room. */
  follow(filter: string): void {
    const rest = restOf(filter);
    if (rest === this.#sent) return;
    this.text = this.#sent = rest;
    this.problems = [];
    void this.check(rest);
  }

  async check(text: string): Promise<boolean> {
    const asked = (this.#asked += 1);
    const found = hasSigns(text) ? await fetchProblems(text).catch(() => []) : [];
    if (asked === this.#asked) this.problems = found;
    return asked === this.#asked && found.length === 0;
  }

  /** The filter that chips and text make; null when it has mistakes, so that the last good one stays. */
  async read(filter: string, whole: boolean): Promise<{ filter: string; fresh: boolean } | null> {
    const read = typedInto(chipsOf(filter), this.text, whole);
    if (!(await this.check(read.finished))) return null;
    if (read.chips > 0) this.text = read.rest;
    const rest = restOf(read.filter);
    this.#sent = rest;
    if (read.filter === filter) return null;
    // Typing on in the same words is the same place; a first word or a new chip is another.
    return { filter: read.filter, fresh: read.chips > 0 || !restOf(filter) !== !rest };
  }

  /** Asks soon what could stand at the caret. */
  offer(filter: string, caret: number): void {
    this.close();
    if (this.text.trim() === '') return;
    this.#timer = setTimeout(() => void this.#fetch(filter, caret), OFFERS_AFTER_MS);
  }

  async #fetch(filter: string, caret: number): Promise<void> {
    const control = new AbortController();
    this.#control = control;
    const chips = joined(chipsOf(filter).map((chip) => chip.text));
    const before = chips && `${chips} `;
    const { text } = this;
    try {
      const answer = await fetchOffers(before + text, [...(before + text.slice(0, caret))].length, control.signal);
      if (control.signal.aborted) return;
      const start = answer.start - [...before].length;
      this.#span = { from: unitsOf(text, start), to: unitsOf(text, start + answer.length) };
      this.offers = answer.suggestions;
    } catch (error) {
      if (!isAborted(error)) this.offers = [];
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#control?.abort();
    this.offers = [];
    this.chosen = -1;
  }

  move(by: number): void {
    this.chosen = Math.max(-1, Math.min(this.offers.length - 1, this.chosen + by));
  }

  /** Puts an offer into the text; answers where the caret belongs, or null. */
  take(index: number): { caret: number; complete: boolean } | null {
    const offer = this.offers[index];
    if (!offer) return null;
    const { from, to } = this.#span;
    const after = this.text.slice(to);
    const put = offer.text + (offer.complete && !after.startsWith(' ') ? ' ' : '');
    this.text = this.text.slice(0, from) + put + after;
    this.close();
    return { caret: from + put.length, complete: offer.complete };
  }

  /** Writes what a mistake should have been. */
  fix(problem: Problem): void {
    const { before, after } = sliceAt(this.text, problem);
    this.text = before + (problem.fix ?? '') + after;
    this.problems = [];
  }

  clear(): void {
    this.text = this.#sent = '';
    this.problems = [];
    this.close();
  }
}
