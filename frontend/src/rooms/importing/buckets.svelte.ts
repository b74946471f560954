// The posts behind the six buckets of a check: a few of each at once, more of the one that is opened.
import type { BucketName, ImportCheck, Preview, PreviewPage } from '$api/importing.types';

export type FetchBucket = (bucket: BucketName, after: number | null, limit: number) => Promise<PreviewPage>;

export interface Shelf {
  items: readonly Preview[];
  next: number | null;
  loading: boolean;
  failed: boolean;
}

const EMPTY: Shelf = { items: [], next: null, loading: false, failed: false };
const FEW = 12;
const MANY = 48;

export class Buckets {
  open = $state<BucketName | null>(null);
  shelves = $state.raw<Partial<Record<BucketName, Shelf>>>({});
  #fetch: FetchBucket;

  constructor(fetch: FetchBucket) {
    this.#fetch = fetch;
  }

  of(bucket: BucketName): Shelf {
    return this.shelves[bucket] ?? EMPTY;
  }

  /** The first posts of every bucket that has any; a report that is told again changes nothing. */
  async start(check: ImportCheck): Promise<void> {
    const full = (Object.keys(check.buckets) as BucketName[]).filter((name) => check.buckets[name] > 0 && !this.shelves[name]);
    await Promise.all(full.map((name) => this.more(name, FEW)));
  }

  toggle(bucket: BucketName): void {
    this.open = this.open === bucket ? null : bucket;
  }

  async more(bucket: BucketName, limit = MANY): Promise<void> {
    const now = this.of(bucket);
    const whole = now.items.length > 0 && now.next === null;
    if (now.loading || whole) return;
    this.#set(bucket, { ...now, loading: true, failed: false });
    try {
      const page = await this.#fetch(bucket, now.next, limit);
      this.#set(bucket, { items: [...now.items, ...page.items], next: page.next, loading: false, failed: false });
    } catch {
      this.#set(bucket, { ...now, loading: false, failed: true });
    }
  }

  #set(bucket: BucketName, shelf: Shelf): void {
    this.shelves = { ...this.shelves, [bucket]: shelf };
  }
}
