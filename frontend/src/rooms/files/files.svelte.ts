// What the files room knows: asked when it opens, again when jobs or the library tell of something, and after each deed.
import { fetchStanding, type FetchStanding } from '$api/files';
import type { Job } from '$api/types';
import { isAborted } from '$api/http';

const FETCH = 'fetching.fetch_files';
const LOOK = 'library.look_for_files';
const CALM_MS = 10_000;
const BUSY_MS = 2500;

export class FilesState {
  standing = $state.raw<FetchStanding | null>(null);
  problem = $state('');
  /** The job at work, as it was last told of. */
  job = $state.raw<Job | null>(null);
  looking = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | null = null;
  #ask: (signal: AbortSignal) => Promise<FetchStanding>;

  constructor(ask: (signal: AbortSignal) => Promise<FetchStanding> = fetchStanding) {
    this.#ask = ask;
  }

  /** Looks now and keeps looking until `stop`. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    try {
      this.take(await this.#ask(asked.signal));
    } catch (error) {
      if (isAborted(error)) return;
      this.problem = error instanceof Error ? error.message : 'The server did not answer.';
    }
    this.#timer = setTimeout(() => void this.look(), this.standing?.state === 'running' ? BUSY_MS : CALM_MS);
  }

  take(standing: FetchStanding): void {
    this.standing = standing;
    this.problem = '';
    if (standing.state !== 'running') this.job = null;
  }

  /** News of a job: progress is shown at once, an end is asked about. */
  hear(news: Job): void {
    if (news.kind === LOOK) this.looking = news.state === 'running' || news.state === 'queued';
    if (news.kind !== FETCH) return;
    if (news.state === 'running') this.job = news;
    if (news.state !== 'running' || this.standing?.state !== 'running') void this.look();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }
}
