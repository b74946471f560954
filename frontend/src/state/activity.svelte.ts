// What goes on at the server: told by the stream of news, and asked gently where that is silent.
import { fetchJobs } from '$api/jobs';
import type { Job } from '$api/types';
import { events } from './events.svelte';
import { library } from './library.svelte';

const CALM_MS = 5000;
const BUSY_MS = 2500;
/** While the stream of news is open, asking is only for what it might have missed. */
const LIVE_MS = 20_000;
/** An import tells of the library many times a second; the grid is renewed this often. */
const RENEW_MS = 1000;
const ACTIVE: ReadonlySet<string> = new Set(['queued', 'blocked', 'running', 'waiting']);

/** The list of active jobs after a piece of news about one. */
export function withNews(jobs: readonly Job[], news: Job): Job[] {
  const others = jobs.filter((job) => job.id !== news.id);
  if (!ACTIVE.has(news.state)) return others;
  return others.length === jobs.length ? [news, ...others] : jobs.map((job) => (job.id === news.id ? news : job));
}

class Activity {
  jobs = $state.raw<Job[]>([]);
  /** True while the server does not answer. */
  away = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #renewal: ReturnType<typeof setTimeout> | undefined;

  get running(): number {
    return this.jobs.length;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.look();
    });
    events.on('job', (news) => (this.jobs = withNews(this.jobs, news)));
    events.on('library', () => this.#renew());
    events.start();
    void this.look();
  }

  #renew(): void {
    this.#renewal ??= setTimeout(() => {
      this.#renewal = undefined;
      void library.refresh();
    }, RENEW_MS);
  }

  /** Looks now and keeps looking. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    if (!document.hidden) {
      await this.#jobs();
      await library.refresh();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), this.#pause());
  }

  #pause(): number {
    if (events.live) return LIVE_MS;
    return this.running > 0 ? BUSY_MS : CALM_MS;
  }

  async #jobs(): Promise<void> {
    try {
      this.jobs = await fetchJobs('active');
      this.away = false;
    } catch (error) {
      this.away = error instanceof Error && 'away' in error && error.away === true;
    }
  }
}

export const activity = new Activity();
