// How whole the library is, for the line over the grid and for the room that keeps it.
import { fetchHealth, type Health } from '$api/keeping';
import { formatAgo, formatCount, formatNumber } from '$kit/format';
import { newest } from '$kit/newest';
import { events } from './events.svelte';

const DISMISSED_KEY = 'sovia.health.dismissed';
const AGAIN_MS = 1500;
const OURS = /^(keeping\.|library\.look|ops\.make_backup|fetching\.)/;

export interface Verdict {
  tone: 'well' | 'ill' | 'unknown';
  text: string;
}

const MIRROR = {
  away: 'the mirror is away', refuses: 'the mirror does not let us in', full: 'the mirror is full',
  failed: 'the mirror is not up to date', faulty: 'not all is right in the mirror',
} as const;

/** The library's health in one line; nothing while there is no file to speak of. */
export function verdictOf(health: Health, now: Date = new Date()): Verdict | null {
  const here = verdictHere(health, now);
  if (here === null || !health.mirror) return here;
  return { tone: here.tone === 'well' ? 'unknown' : here.tone, text: `${here.text}; ${MIRROR[health.mirror]}` };
}

function verdictHere(health: Health, now: Date): Verdict | null {
  if (health.files === 0) return null;
  if (health.faulty > 0) {
    return { tone: 'ill', text: `${formatCount(health.faulty, 'file')} of ${formatNumber(health.files)} ${health.faulty === 1 ? 'is' : 'are'} not what ${health.faulty === 1 ? 'it was' : 'they were'}` };
  }
  const here = health.intact + health.unproven;
  const missing = health.missing + health.damaged;
  if (here === 0) return null;
  if (health.last_proven_at === null) return { tone: 'unknown', text: `${formatCount(here, 'file')} here, not proven yet` };
  const whole = `${formatNumber(health.intact)} of ${formatNumber(missing > 0 ? health.files : here)} intact`;
  return { tone: missing > 0 ? 'unknown' : 'well', text: `${whole}, last proven ${proven(health.last_proven_at, now)}` };
}

function proven(when: string, now: Date): string {
  const same = new Date(when).toDateString() === now.toDateString();
  return same ? 'today' : formatAgo(when, now);
}

/** What would have to change for a dismissed line to come back. */
export function keyOf(health: Health): string {
  return (health.faulty > 0 ? `ill ${health.faulty}` : 'well') + (health.mirror ? ` ${health.mirror}` : '');
}

class HealthState {
  now = $state.raw<Health | null>(null);
  #dismissed = $state(readDismissed());
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #ask = newest(fetchHealth);

  /** Shown in the gallery unless it was put away in this very state. */
  get shown(): boolean {
    return this.now !== null && verdictOf(this.now) !== null && this.#dismissed !== keyOf(this.now);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    events.on('job', (job) => {
      if (!OURS.test(job.kind)) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.look(), AGAIN_MS);
    });
    void this.look();
  }

  async look(): Promise<void> {
    try {
      this.now = (await this.#ask()) ?? this.now;
    } catch {
      // What was known stays; the page says elsewhere that the server is away.
    }
  }

  dismiss(): void {
    if (this.now === null) return;
    this.#dismissed = keyOf(this.now);
    try {
      localStorage.setItem(DISMISSED_KEY, this.#dismissed);
    } catch {
      // Storage may be switched off; then it is away until the page is loaded again.
    }
  }
}

function readDismissed(): string {
  try {
    return localStorage.getItem(DISMISSED_KEY) ?? '';
  } catch {
    return '';
  }
}

export const health = new HealthState();
