// The rule builder's memory: one filter as rules and as text, whichever was changed last, with its count and examples.
import { explain, preview } from '$api/collections';
import type { Explained, Preview } from '$api/collections';
import { fetchFields, understand } from '$api/filters';
import type { FilterField, Problem } from '$api/filters';
import { isAborted } from '$api/http';
import { documentOf, group, groupOf, rule, WORDS } from './rules';
import type { Group } from './rules';

const AFTER_MS = 300;
const EXAMPLES = 12;

export class Builder {
  group = $state<Group>(group('all'));
  text = $state('');
  problems = $state.raw<Problem[]>([]);
  fields = $state.raw<FilterField[]>([]);
  found = $state.raw<Preview | null>(null);
  explained = $state.raw<Explained | null>(null);
  /** The count on screen is of an older state of the rules. */
  stale = $state(false);
  failed = $state('');
  /** Told the text whenever it is known to be without mistakes, and whether it is. */
  #told: (filter: string, sound: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #control: AbortController | null = null;

  constructor(filter: string, told: (filter: string, sound: boolean) => void) {
    this.text = filter;
    this.#told = told;
    void fetchFields().then((fields) => (this.fields = fields), () => {});
    void this.#read();
  }

  /** The rules were changed by hand: the text follows. */
  changedRules(): void {
    this.#later(() => this.#write());
  }

  /** The text was changed by hand: the rules follow when it has no mistake. */
  changedText(): void {
    this.#later(() => this.#read());
  }

  #later(work: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.stale = true;
    this.#timer = setTimeout(() => void work(), AFTER_MS);
  }

  #signal(): AbortSignal {
    this.#control?.abort();
    this.#control = new AbortController();
    return this.#control.signal;
  }

  async #write(): Promise<void> {
    const signal = this.#signal();
    await this.#guard(async () => {
      const answer = await understand({ document: documentOf($state.snapshot(this.group) as Group) }, signal);
      this.text = answer.text ?? '';
      this.problems = [];
      await this.#look(signal);
    });
  }

  async #read(): Promise<void> {
    const signal = this.#signal();
    await this.#guard(async () => {
      const answer = await understand({ text: this.text }, signal);
      this.problems = answer.errors;
      if (!answer.document) return this.#told(this.text, false);
      this.group = groupOf(answer.document);
      if (this.group.parts.length === 0) this.group.parts = [rule(WORDS, '=')];
      await this.#look(signal);
    });
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.failed = '';
    this.#told(this.text, true);
    this.found = await preview(this.text, EXAMPLES, signal);
    this.stale = false;
    if (this.explained) this.explained = await explain(this.text, signal);
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isAborted(error)) return;
      this.failed = error instanceof Error ? error.message : String(error);
      this.#told(this.text, false);
    }
  }

  async explain(): Promise<void> {
    if (this.explained) this.explained = null;
    else this.explained = await explain(this.text).catch(() => null);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#control?.abort();
  }
}
