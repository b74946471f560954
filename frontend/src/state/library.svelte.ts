// The view that is open: its index, its cards, and what to do when the library has moved on meanwhile.
import { fetchCards } from '$api/cards';
import { ApiError, isAborted } from '$api/http';
import { LIKED, fetchIndex, locate } from '$api/index';
import type { IndexAnswer, ViewIndex } from '$api/index';
import type { Card, View } from '$api/types';
import { viewKey } from './address';
import { mayApply } from './arrivals';
import { Pager } from './pager';

/** What the grid holds on to while the order changes under it. */
export interface Anchor {
  id: string;
  position: number;
  /** The positions on screen. */
  first: number;
  last: number;
}

export class Library {
  view = $state.raw<View | null>(null);
  index = $state.raw<ViewIndex | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  /** Grows whenever a card came or changed; read it to be told. */
  cards = $state(0);
  /** A newer index that would move what is on screen: waits to be asked for. */
  pending = $state.raw<ViewIndex | null>(null);
  /** Set together with a new index: where the anchored post stands in it. */
  anchorAt: number | null = null;
  /** Set together with a new index: true when it differs from the last one in flags only. */
  inPlace = false;
  /** What was just put in the trash: there is no use in looking for it. */
  gone: ReadonlySet<string> = new Set();
  /** The grid says here what must not move. */
  anchor: (() => Anchor | null) | null = null;
  #etag: string | null = null;
  /** The view that is on its way: whoever closes a post meanwhile still wants to be where it stands. */
  #coming: string | null = null;
  #wanted: [number, number, readonly [number, number][]] | null = null;
  #pager: Pager | null = null;
  #control: AbortController | null = null;

  /** How many posts there were when the person last saw the top of the view. */
  #known = $state(0);

  /** How many posts came since then. */
  get fresh(): number {
    return Math.max(0, (this.pending?.count ?? this.index?.count ?? 0) - this.#known);
  }

  /** The top of the view is on screen. */
  sawTop(): void {
    if (!this.pending && this.index) this.#known = this.index.count;
  }

  /** Opens a view, at a post if wanted; what is on screen stays until the new one is here. */
  async show(view: View, at: string | null = null, again = false): Promise<void> {
    if (!again && (this.#shows(view) || this.#coming === viewKey(view))) return;
    this.#coming = viewKey(view);
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.loading = true;
    await this.#fetch(view, at, control.signal).catch((error: unknown) => this.#refuse(error));
    if (this.#control !== control) return;
    this.loading = false;
    this.#coming = null;
  }

  async #fetch(view: View, at: string | null, signal: AbortSignal): Promise<void> {
    const [answer, place] = await Promise.all([
      fetchIndex(view, null, signal),
      at ? locate(view, at, signal).catch(() => null) : null,
    ]);
    if (answer && !signal.aborted) this.#start(view, answer, place);
  }

  #shows(view: View): boolean {
    return this.view !== null && this.error === null && viewKey(view) === viewKey(this.view);
  }

  #start(view: View, answer: IndexAnswer, place: number | null): void {
    this.view = view;
    this.error = null;
    this.#etag = answer.etag;
    this.#known = answer.index.count;
    this.#open(answer.index, place);
  }

  #refuse(error: unknown): void {
    if (isAborted(error)) return;
    this.error = error instanceof ApiError ? error : new ApiError(0, 'page', String(error));
  }

  #open(index: ViewIndex, anchorAt: number | null): void {
    const view = this.view as View;
    this.#pager?.stop();
    this.anchorAt = anchorAt;
    this.inPlace = false;
    this.pending = null;
    this.index = index;
    const pager: Pager = new Pager((chunk, signal) => fetchCards(view, chunk, signal), index.version, {
      changed: () => (this.cards += 1),
      moved: () => void this.refresh(true),
    }, index.chunk);
    this.#pager = pager;
    this.cards += 1;
  }

  cardAt(position: number): Card | undefined {
    return this.#pager?.cardAt(position);
  }

  positionOf(id: string): number | undefined {
    return this.#pager?.positionOf(id);
  }

  /** Fetches the cards of these positions; cancels others. */
  want(first: number, last: number, but: readonly [number, number][] = []): void {
    this.#wanted = [first, last, but];
    this.#pager?.want(first, Math.min(last, (this.index?.count ?? 0) - 1), but);
  }

  /** One card, fetched if need be. */
  async load(position: number): Promise<Card | undefined> {
    const pager = this.#pager;
    if (!pager || position < 0 || position >= (this.index?.count ?? 0)) return undefined;
    await pager.load(Math.floor(position / pager.size));
    return pager.cardAt(position);
  }

  /** Where a post stands in the open view; null when it is not in it. */
  async locate(id: string): Promise<number | null> {
    const near = this.positionOf(id);
    if (near !== undefined || !this.view) return near ?? null;
    return locate(this.view, id).catch(() => null);
  }

  /** Changes a card that is shown, before the server has answered; answers the card as it was. */
  patch(id: string, change: Partial<Card>): Card | undefined {
    return this.#pager?.patch(id, change);
  }

  liked(id: string): boolean | undefined {
    const position = this.positionOf(id);
    const card = position === undefined ? undefined : this.cardAt(position);
    return card && (card.flags & LIKED) !== 0;
  }

  /** Looks whether the library has moved on. With `now`, takes the new order at once, holding the anchor. */
  async refresh(now = false): Promise<void> {
    const { view } = this;
    if (!view || this.loading) return;
    try {
      const answer = await fetchIndex(view, this.#etag);
      if (view !== this.view) return;
      this.error = null;
      if (answer) this.#etag = answer.etag;
      await this.#arrive(answer?.index ?? this.pending, now);
    } catch (error) {
      if (!this.index) this.#refuse(error);
    }
  }

  async #arrive(next: ViewIndex | null, now: boolean): Promise<void> {
    if (!next || !this.index) return;
    const held = this.anchor?.() ?? null;
    const how = mayApply(this.index, next, held);
    if (how === 'in place') return this.#renew(next);
    if (how === 'anchored' || now || !held) return this.#apply(next, held);
    this.pending = next;
    await this.#freshen(held);
  }

  /** Nothing has moved: new flags, and the cards on screen once more. */
  #renew(next: ViewIndex): void {
    this.inPlace = true;
    this.index = next;
    this.pending = null;
    this.#pager?.renew(next.version);
    // Posts of equal shapes may have changed places, and nothing else would ask for what is on screen.
    if (this.#wanted) this.want(...this.#wanted);
    this.cards += 1;
  }

  async #apply(next: ViewIndex, held: Anchor | null): Promise<void> {
    const at = held && this.view && !this.gone.has(held.id) ? await locate(this.view, held.id).catch(() => null) : null;
    this.#open(next, at);
  }

  /** Takes what waits and goes to the top. */
  takePending(): void {
    if (this.pending) this.#open(this.pending, 0);
    this.sawTop();
  }

  /** Takes what waits and holds the anchor: for moments in which what would move is not on screen. */
  async settle(): Promise<void> {
    if (this.pending) await this.#apply(this.pending, this.anchor?.() ?? null);
  }

  /** While newer posts wait, the cards on screen still get their thumbnails. */
  async #freshen(held: Anchor): Promise<void> {
    const view = this.view as View;
    const at = await locate(view, held.id).catch(() => null);
    if (at === null || !this.#pager) return;
    const size = this.#pager.size;
    const last = at + held.last - held.position;
    for (let chunk = Math.floor(at / size); chunk <= Math.floor(last / size); chunk++) {
      const answer = await fetchCards(view, chunk).catch(() => null);
      if (answer && view === this.view) this.#pager.merge(answer.cards);
    }
  }
}

export const library = new Library();
