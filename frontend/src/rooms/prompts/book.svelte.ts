// The prompts on screen: page after page of an order, or what was searched for, the newest wish always winning.
import { isAborted } from '$api/http';
import { fetchPrompts, searchPrompts, type Prompt, type PromptPage, type PromptSort } from '$api/overview';

export interface Asks {
  list: (sort: PromptSort, cursor: string | null, signal: AbortSignal) => Promise<PromptPage>;
  search: (words: string, signal: AbortSignal) => Promise<PromptPage>;
}

const WAIT_MS = 300;
const SHORTEST = 2;

export class Book {
  prompts = $state.raw<Prompt[]>([]);
  total = $state(0);
  loading = $state(false);
  problem = $state('');
  sort = $state<PromptSort>('usage');
  /** What is typed, and what the prompts on screen were found by. */
  typed = $state('');
  found = $state('');
  #following: string | null = null;
  #control: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asks: Asks;

  constructor(asks: Asks = { list: fetchPrompts, search: searchPrompts }) {
    this.#asks = asks;
  }

  get more(): boolean {
    return this.#following !== null;
  }

  /** Searches when the typing rests. */
  type(text: string): void {
    this.typed = text;
    clearTimeout(this.#timer);
    if (this.#words === this.found) return;
    this.#timer = setTimeout(() => void this.start(), WAIT_MS);
  }

  order(sort: PromptSort): void {
    this.sort = sort;
    void this.start();
  }

  /** From the beginning; what is on screen stays until the answer is here. */
  start(): Promise<void> {
    const words = this.#words;
    return this.#ask(
      (signal) => (words ? this.#asks.search(words, signal) : this.#asks.list(this.sort, null, signal)),
      (page) => {
        this.found = words;
        return page.prompts;
      },
    );
  }

  /** The next page, if there is one and none is on its way. */
  async next(): Promise<void> {
    const cursor = this.#following;
    if (cursor === null || this.loading) return;
    await this.#ask((signal) => this.#asks.list(this.sort, cursor, signal), (page) => [...this.prompts, ...page.prompts]);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#control?.abort();
  }

  get #words(): string {
    const words = this.typed.trim();
    return words.length >= SHORTEST ? words : '';
  }

  async #ask(fetch: (signal: AbortSignal) => Promise<PromptPage>, take: (page: PromptPage) => Prompt[]): Promise<void> {
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.loading = true;
    try {
      const page = await fetch(control.signal);
      if (control.signal.aborted) return;
      this.prompts = take(page);
      this.total = page.total;
      this.#following = page.next_cursor;
      this.problem = '';
    } catch (error) {
      if (!isAborted(error) && this.#control === control) this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      if (this.#control === control) this.loading = false;
    }
  }
}
