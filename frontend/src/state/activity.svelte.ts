// What goes on at the server: asked gently while someone looks, more often while work is running.
import { fetchJobs } from '$api/jobs';
import type { Job } from '$api/types';
import { library } from './library.svelte';

const CALM_MS = 5000;
const BUSY_MS = 2500;

class Activity {
  jobs = $state.raw<Job[]>([]);
  /** True while the server does not answer. */
  away = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = false;

  get running(): number {
    return this.jobs.length;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.look();
    });
    void this.look();
  }

  /** Looks now and keeps looking. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    if (!document.hidden) {
      await this.#jobs();
      await library.refresh();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), this.running > 0 ? BUSY_MS : CALM_MS);
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
