// The question that is open in the room of similar posts, and its answer; a newer wish takes the place of the older.
import { isAborted } from '$api/http';
import { askSimilar, type Hit, type Question, type SimilarAnswer, type Way, type Weights } from '$api/similar';
import type { Card } from '$api/types';

const SOON_MS = 200;
const AGAIN_MS = 2000;
/** How long an index or prints that are being made are waited for, asking every two seconds. */
const PATIENCE = 60;
const LIMIT = 120;

export class SimilarSearch {
  by = $state<Way>('prompt');
  threshold = $state(0);
  weights = $state<Weights>({ prompt: 1, picture: 1, recipe: 0.5 });
  family = $state(false);
  /** The filter of the gallery; null for everywhere. */
  scope = $state<string | null>(null);
  rejected = $state.raw<readonly string[]>([]);
  anchors = $state.raw<Card[]>([]);
  hits = $state.raw<Hit[]>([]);
  answer = $state.raw<Omit<SimilarAnswer, 'hits' | 'anchors'> | null>(null);
  loading = $state(false);
  problem = $state('');
  #of: readonly string[] = [];
  #control: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #fetch: (question: Question, signal: AbortSignal) => Promise<SimilarAnswer>;

  constructor(fetch: (question: Question, signal: AbortSignal) => Promise<SimilarAnswer> = askSimilar) {
    this.#fetch = fetch;
  }

  /** Starts from other posts; what was rejected belonged to the former ones. */
  start(of: readonly string[]): void {
    this.#of = of;
    this.rejected = [];
    this.look(0);
  }

  /** Asks again soon, with everything as it is set now. */
  look(delay = SOON_MS): void {
    this.#tries = 0;
    this.#later(delay);
  }

  reject(id: string): void {
    this.rejected = [...this.rejected, id];
    this.hits = this.hits.filter((hit) => hit.id !== id);
    this.look();
  }

  restore(id: string): void {
    this.rejected = this.rejected.filter((other) => other !== id);
    this.look(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#control?.abort();
  }

  #later(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), delay);
  }

  get #question(): Question {
    return {
      anchors: this.#of, rejected: this.rejected, by: this.by, weights: { ...this.weights }, threshold: this.threshold,
      filter: this.scope ?? '', exclude_family: !this.family, limit: LIMIT,
    };
  }

  async #ask(): Promise<void> {
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.loading = true;
    try {
      const { hits, anchors, ...answer } = await this.#fetch(this.#question, control.signal);
      if (control.signal.aborted) return;
      Object.assign(this, { hits, anchors, answer, problem: '' });
      this.#wait(answer);
    } catch (error) {
      if (isAborted(error) || this.#control !== control) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.hits = [];
    } finally {
      if (this.#control === control) this.loading = false;
    }
  }

  /** While the server still makes what it answers from, it is asked again. */
  #wait(answer: Omit<SimilarAnswer, 'hits' | 'anchors'>): void {
    this.#tries += 1;
    const unready = (this.by !== 'picture' && this.by !== 'recipe' && answer.index.state === 'building') || answer.pictures_waiting > 0;
    if (unready && this.#tries < PATIENCE) this.#later(AGAIN_MS);
  }
}
