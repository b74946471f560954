// What every part of the room does: have something begun and say so, and read how it stands.
import { newest } from '$kit/newest';
import { activity } from '$state/activity.svelte';
import { toasts } from '$state/toasts.svelte';

/** Has something begun, says what that is, and looks at the work again. */
export async function begin(deed: () => Promise<unknown>, said = ''): Promise<void> {
  try {
    await deed();
    await activity.look();
    if (said) toasts.show({ text: said });
  } catch (error) {
    toasts.show({ kind: 'failed', text: `It could not be started. ${error instanceof Error ? error.message : ''}`.trim() });
  }
}

/** What the server says of one thing, and why it cannot be read; what was read last stays. */
export class Reading<Answer> {
  now = $state.raw<Answer | null>(null);
  problem = $state('');
  // It is asked when a job begins and when it ends: the first answer must not come after the last.
  #ask: () => Promise<Answer | null>;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = newest(ask);
  }

  async read(): Promise<void> {
    try {
      this.now = (await this.#ask()) ?? this.now;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'The server did not answer.';
    }
  }
}
