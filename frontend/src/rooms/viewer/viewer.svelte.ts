// The post that is open: its record, its stack and its relatives, fetched once and kept while one steps through them.
import { isAborted } from '$api/http';
import { AWAY, CORRUPT } from '$api/index';
import type { Card, PostDetail, Similar } from '$api/types';
import { ratioOf } from './details';

export interface Fetchers {
  post: (id: string, signal: AbortSignal) => Promise<PostDetail>;
  similar: (id: string, limit: number, signal: AbortSignal) => Promise<Similar[]>;
}

/** What the stage needs; known from a card before the record is here. */
export interface Shown {
  id: string;
  kind: Card['kind'];
  alt: string;
  media: string | null;
  thumbnail: string | null;
  placeholder: string | null;
  width: number;
  height: number;
  duration: number | null;
}

const KEPT = 60;
const SIMILAR = 6;
/** The side a picture is laid out with until its true size is known. */
const GUESS = 1024;

export class ViewerState {
  id = $state('');
  post = $state.raw<PostDetail | null>(null);
  /** The record of the stack's root, for the prompt that a clip was made under. */
  root = $state.raw<PostDetail | null>(null);
  stack = $state.raw<Card[]>([]);
  similar = $state.raw<Similar[] | null>(null);
  error = $state.raw<Error | null>(null);
  similarFailed = $state(false);
  #card = $state.raw<Card | null>(null);
  #fetch: Fetchers;
  #control: AbortController | null = null;
  #kept = new Map<string, PostDetail>();
  #relatives = new Map<string, Similar[]>();

  constructor(fetch: Fetchers) {
    this.#fetch = fetch;
  }

  /** True while what is shown comes from a card only. */
  get loading(): boolean {
    return this.post === null && this.error === null;
  }

  get shown(): Shown | null {
    if (this.post) return fromPost(this.post);
    return this.#card ? fromCard(this.#card) : null;
  }

  /** Opens a post; `card`, when the gallery has one, is drawn until the record is here. */
  async open(id: string, card: Card | null = null): Promise<void> {
    if (id === this.id && !this.error) return;
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    const inStack = this.stack.find((one) => one.id === id) ?? null;
    if (!inStack) this.stack = [];
    this.id = id;
    this.#card = card ?? inStack;
    this.error = null;
    this.similarFailed = false;
    this.#show(this.#kept.get(id) ?? null);
    this.similar = this.#relatives.get(id) ?? null;
    await this.#load(id, control.signal);
  }

  async retry(): Promise<void> {
    this.#kept.delete(this.id);
    this.error ??= new Error('retry');
    await this.open(this.id, this.#card);
  }

  close(): void {
    this.#control?.abort();
  }

  /** Reads the post again after something about it has changed. */
  async renew(id: string): Promise<void> {
    const fresh = await this.#fetch.post(id, new AbortController().signal).catch(() => null);
    if (!fresh) return;
    this.#keep(fresh);
    if (this.post?.id === id) this.#show(fresh);
  }

  /** The like as it stands now, set by whoever changed it. */
  setLiked(id: string, liked: boolean | null): void {
    const kept = this.#kept.get(id);
    if (kept) this.#keep({ ...kept, liked });
    if (this.post?.id === id) this.post = { ...this.post, liked };
  }

  async #load(id: string, signal: AbortSignal): Promise<void> {
    try {
      const post = this.#kept.get(id) ?? this.#keep(await this.#fetch.post(id, signal));
      if (signal.aborted) return;
      this.#show(post);
      await Promise.all([this.#loadRoot(post, signal), this.#loadSimilar(id, signal)]);
    } catch (error) {
      if (isAborted(error) || signal.aborted) return;
      this.error = error instanceof Error ? error : new Error(String(error));
    }
  }

  async #loadRoot(post: PostDetail, signal: AbortSignal): Promise<void> {
    if (post.root_id === post.id || this.root?.id === post.root_id) return;
    try {
      const root = this.#kept.get(post.root_id) ?? this.#keep(await this.#fetch.post(post.root_id, signal));
      if (!signal.aborted) this.root = root;
    } catch {
      // The clip is complete without its root's prompt; the root itself says what is wrong when it is opened.
    }
  }

  async #loadSimilar(id: string, signal: AbortSignal): Promise<void> {
    if (this.#relatives.has(id)) return;
    try {
      const found = await this.#fetch.similar(id, SIMILAR, signal);
      this.#relatives.set(id, found);
      if (!signal.aborted) this.similar = found;
    } catch (error) {
      if (!isAborted(error) && !signal.aborted) this.similarFailed = true;
    }
  }

  #show(post: PostDetail | null): void {
    this.post = post;
    if (!post) return;
    this.stack = post.stack;
    this.root = post.root_id === post.id ? post : (this.#kept.get(post.root_id) ?? null);
  }

  #keep(post: PostDetail): PostDetail {
    this.#kept.delete(post.id);
    this.#kept.set(post.id, post);
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
      this.#relatives.delete(oldest);
    }
    return post;
  }
}

function fromPost(post: PostDetail): Shown {
  const card = post.stack.find((one) => one.id === post.id);
  const known = post.width && post.height;
  return {
    id: post.id,
    kind: post.kind,
    alt: post.effective_prompt.slice(0, 120),
    media: post.state === 'present' ? post.media : null,
    thumbnail: post.thumbnail,
    placeholder: post.placeholder,
    duration: post.duration,
    ...(known ? { width: post.width as number, height: post.height as number } : guessed(card)),
  };
}

function fromCard(card: Card): Shown {
  const { id, kind, alt, thumbnail, placeholder, duration } = card;
  const media = card.flags & (AWAY | CORRUPT) ? null : card.media;
  return { id, kind, alt, media, thumbnail, placeholder, duration, ...guessed(card) };
}

function guessed(card: Card | undefined): { width: number; height: number } {
  if (card?.width && card.height) return { width: card.width, height: card.height };
  const ratio = card ? ratioOf(card) : 2 / 3;
  return { width: Math.round(GUESS * Math.min(1, ratio)), height: Math.round(GUESS / Math.max(1, ratio)) };
}
