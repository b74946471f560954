// Taste that follows the person: kept here at once, in the database a moment later, and taken from there when the page opens.
import { ApiError } from '$api/http';
import type { Kept } from '$api/preferences';

export interface Keeper {
  fetch: () => Promise<Kept>;
  put: (kept: Kept) => Promise<Kept>;
}

type Values = Record<string, unknown>;

const AFTER_MS = 1200;
const AGAIN_MS = 30_000;
const TRIES = 3;

export class Preferences {
  #keeper: Keeper;
  /** What the page does with preferences that come from the database. */
  #apply: (values: Values) => void;
  #kept: Kept | null = null;
  /** Changed here, not yet in the database. */
  #changed: Values = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;

  constructor(keeper: Keeper, apply: (values: Values) => void) {
    this.#keeper = keeper;
    this.#apply = apply;
  }

  /** Takes what the database has; it wins over what this device remembered, not over what was changed since. */
  async load(): Promise<void> {
    try {
      this.#kept = await this.#keeper.fetch();
      this.#apply({ ...this.#kept.preferences, ...this.#changed });
    } catch {
      // Then this device's memory stands, and the next change tries again.
    }
  }

  /** Notes a change; one burst of changes is one request. */
  changed(values: Values): void {
    Object.assign(this.#changed, values);
    this.#later(AFTER_MS);
  }

  #later(after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), after);
  }

  /** Sends what is waiting, now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (Object.keys(this.#changed).length === 0) return;
    if (this.#sending) return this.#later(AFTER_MS);
    this.#sending = true;
    const sent = this.#changed;
    this.#changed = {};
    try {
      await this.#send(sent);
    } catch {
      this.#changed = { ...sent, ...this.#changed };
      this.#later(AGAIN_MS);
    } finally {
      this.#sending = false;
    }
  }

  /** Another device may have been faster: then its changes are taken, and ours put on top. */
  async #send(changes: Values): Promise<void> {
    for (let tries = 1; ; tries++) {
      this.#kept ??= await this.#keeper.fetch();
      try {
        const { preferences, version } = this.#kept;
        this.#kept = await this.#keeper.put({ preferences: { ...preferences, ...changes }, version });
        return;
      } catch (error) {
        const late = error instanceof ApiError && (error.status === 409 || error.status === 412);
        this.#kept = null;
        if (!late || tries === TRIES) throw error;
        this.#kept = await this.#keeper.fetch();
        this.#apply({ ...this.#kept.preferences, ...changes });
      }
    }
  }
}
