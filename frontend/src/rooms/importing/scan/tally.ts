// What an export holds, counted while it is read: posts, children, media, the first and the last day.
import { CAPTURE, CHILDREN, ENTRIES, ID, MEDIA, POINTED, POSTS, PROMPT, TIME } from './keys';

/** The names of shapes are the server's; a capture's posts lie in texts that only the server takes apart. */
export type Shape =
  | 'array' | 'lines' | 'page' | 'pages' | 'post' | 'account' | 'assets' | 'har' | 'object'
  | 'zip' | 'media' | 'links' | 'text' | 'web_page' | 'empty';

interface Frame {
  list: boolean;
  /** What is known of an object: a sum of ID, MEDIA, PROMPT and TIME. */
  has: number;
  /** What the name before it says about everything inside. */
  under: number;
}

const TOP_SHAPES: Record<string, Shape> = {
  posts: 'page', post: 'post', id: 'post', media_posts: 'account', assets: 'assets', log: 'har', assetId: 'assets',
};

export class Tally {
  posts = 0;
  children = 0;
  media = 0;
  /** Requests of a capture. */
  requests = 0;
  first: number | null = null;
  last: number | null = null;
  shape: Shape | null = null;
  #frames: Frame[] = [];
  #names = 0;
  #tops = 0;

  get depth(): number {
    return this.#frames.length;
  }

  get inList(): boolean {
    return this.#frames.at(-1)?.list ?? true;
  }

  open(list: boolean): void {
    const around = this.#frames.at(-1);
    if (!around) this.#top(list);
    this.#frames.push({ list, has: 0, under: (around?.under ?? 0) | this.#names });
    this.#names = 0;
  }

  close(): void {
    const frame = this.#frames.pop();
    if (!frame || frame.list) return;
    if (isRecord(frame.has) && (frame.under & POINTED) === 0) {
      if ((frame.under & CHILDREN) !== 0) this.children += 1;
      else this.posts += 1;
      if ((frame.has & MEDIA) !== 0) this.media += 1;
    } else if ((frame.under & ENTRIES) !== 0 && this.depth === 3) this.requests += 1;
  }

  /** A name in the object that is open; `null` for one that means nothing. */
  name(found: { name: string; means: number } | null): void {
    this.#names = found ? found.means & (CHILDREN | POINTED | ENTRIES) : 0;
    const frame = this.#frames.at(-1);
    if (!found || !frame) return;
    frame.has |= found.means & (ID | PROMPT | TIME);
    if (found.means & (POSTS | CAPTURE | ID)) this.#hint(found.name);
  }

  /** A text that is the value of the name before it. */
  text(means: number): void {
    const frame = this.#frames.at(-1);
    if (frame) frame.has |= means & MEDIA;
  }

  /** A time that stands in an object, in milliseconds. */
  time(when: number): void {
    if (!Number.isFinite(when) || ((this.#frames.at(-1)?.under ?? 0) & POINTED) !== 0) return;
    if (this.first === null || when < this.first) this.first = when;
    if (this.last === null || when > this.last) this.last = when;
  }

  #top(list: boolean): void {
    this.#tops += 1;
    if (this.#tops === 1) this.shape = list ? 'array' : 'object';
    else if (this.#tops === 2) this.shape = 'lines';
  }

  #hint(name: string): void {
    const depth = this.depth;
    if (depth === 1 && this.shape === 'object') this.shape = TOP_SHAPES[name] ?? 'object';
    else if (depth === 1 && this.shape === 'post' && name === 'posts') this.shape = 'page';
    else if (depth === 2 && this.shape === 'array' && name === 'posts') this.shape = 'pages';
  }
}

/** A post says which one it is, and something about itself. */
function isRecord(has: number): boolean {
  return (has & ID) !== 0 && (has & (MEDIA | PROMPT | TIME)) !== 0;
}
