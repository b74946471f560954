// The one stream of news from the server, shared by whoever wants to know; closed while nobody looks.
import { listen, type Listener, type Told } from '$api/events';

const AGAIN_MS = 30_000;

type Hear<Kind extends keyof Told> = (what: Told[Kind]) => void;

export class Events {
  /** True while the stream is open; otherwise one has to ask. */
  live = $state(false);
  #hearers: { [Kind in keyof Told]: Set<Hear<Kind>> } = { job: new Set(), import: new Set(), library: new Set() };
  #close: (() => void) | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #listen: (listener: Listener) => () => void;

  constructor(listener: (listener: Listener) => () => void) {
    this.#listen = listener;
  }

  /** Opens the stream, and from then on keeps it open while the page is looked at. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    // A browser has six connections to a server; a page that nobody sees must not hold one.
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#stop() : this.#open()));
    if (!document.hidden) this.#open();
  }

  /** Calls `hear` with all news of a kind until the answer is called. */
  on<Kind extends keyof Told>(kind: Kind, hear: Hear<Kind>): () => void {
    this.#hearers[kind].add(hear);
    return () => this.#hearers[kind].delete(hear);
  }

  #open(): void {
    clearTimeout(this.#again);
    this.#close ??= this.#listen({
      told: (kind, what) => this.#hearers[kind].forEach((hear) => hear(what)),
      open: (is) => (this.live = is),
      refused: () => this.#later(),
    });
  }

  #later(): void {
    this.#stop();
    this.#again = setTimeout(() => this.#open(), AGAIN_MS);
  }

  #stop(): void {
    clearTimeout(this.#again);
    this.#close?.();
    this.#close = null;
    this.live = false;
  }
}

export const events = new Events(listen);
