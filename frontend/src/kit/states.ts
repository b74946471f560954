// What a state is called and which icon and colour say so; the same on every screen.
import type { IconName } from './icons';

export type Tone = 'queued' | 'running' | 'done' | 'rejected' | 'failed' | 'missing' | 'unknown';

export interface StateLook {
  tone: Tone;
  /** null: the turning mark. */
  icon: IconName | null;
  word: string;
}

export const STATES: Record<string, StateLook> = {
  queued: { tone: 'queued', icon: 'clock', word: 'Queued' },
  blocked: { tone: 'queued', icon: 'clock', word: 'Waits for another job' },
  waiting: { tone: 'queued', icon: 'clock', word: 'Waiting' },
  cancelled: { tone: 'queued', icon: 'close', word: 'Cancelled' },
  running: { tone: 'running', icon: null, word: 'Running' },
  checking: { tone: 'running', icon: null, word: 'Checking' },
  checked: { tone: 'queued', icon: 'eye', word: 'Checked, not imported' },
  paused: { tone: 'queued', icon: 'pause', word: 'Paused' },
  undone: { tone: 'queued', icon: 'undo', word: 'Undone' },
  succeeded: { tone: 'done', icon: 'check', word: 'Done' },
  done: { tone: 'done', icon: 'check', word: 'Done' },
  present: { tone: 'done', icon: 'shield', word: 'Here' },
  partial: { tone: 'missing', icon: 'warn', word: 'Done in part' },
  rejected: { tone: 'rejected', icon: 'rejected', word: 'Rejected' },
  refused: { tone: 'rejected', icon: 'rejected', word: 'Refused' },
  failed: { tone: 'failed', icon: 'alert', word: 'Failed' },
  corrupt: { tone: 'failed', icon: 'alert', word: 'Damaged' },
  expired: { tone: 'missing', icon: 'clock', word: 'Expired' },
  missing: { tone: 'missing', icon: 'missing', word: 'Missing' },
  wanted: { tone: 'queued', icon: 'clock', word: 'Not looked for yet' },
  gone: { tone: 'missing', icon: 'missing', word: 'Gone at the source' },
  none: { tone: 'queued', icon: 'minus', word: 'None' },
  unknown_outcome: { tone: 'unknown', icon: 'question', word: 'Outcome unknown' },
};

/** How a state looks; one we do not know is shown by its own name, as unknown. */
export function lookOf(state: string): StateLook {
  return STATES[state] ?? { tone: 'unknown', icon: 'question', word: state };
}
