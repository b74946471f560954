// What the quick picker knows: which collections there are, how many of the posts each has, and what was typed.
import { createCollection, fetchMembership } from '$api/collections';
import type { Collection } from '$api/collections';
import { addTo, removeFrom } from '$actions/collect';
import { failed, lookAgain, tellDone } from '$actions/undoing';
import { formatCount } from '$kit/format';
import type { Target } from '$api/marks';
import { collections } from '$state/collections.svelte';
import { pathOf } from '$state/tree';

export type Member = 'all' | 'some' | 'none' | 'unknown';

export interface Row {
  collection: Collection;
  path: string;
  member: Member;
}

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Used last first, then by name; those that begin with what was typed before those that have it inside. */
export function ranked(list: readonly Collection[], recent: readonly string[], typed: string): Collection[] {
  const wanted = plain(typed.trim());
  const place = (one: Collection): number => {
    const at = recent.indexOf(one.id);
    return at < 0 ? recent.length : at;
  };
  const begins = (one: Collection): number => (wanted && plain(one.name).startsWith(wanted) ? 0 : 1);
  return list
    .filter((one) => !one.is_smart && plain(one.name).includes(wanted))
    .sort((a, b) => begins(a) - begins(b) || place(a) - place(b) || a.name.localeCompare(b.name));
}

export class Picker {
  typed = $state('');
  chosen = $state(0);
  readonly target: Target;
  readonly count: number;
  #inside = $state.raw<ReadonlyMap<string, number> | null>(null);
  #line: Promise<void> = Promise.resolve();
  /** What was put in or taken out here, when the server cannot be asked. */
  #done = $state.raw<ReadonlyMap<string, Member>>(new Map());

  constructor(target: Target, count: number) {
    this.target = target;
    this.count = count;
    void this.look();
  }

  async look(): Promise<void> {
    if (!('ids' in this.target)) return;
    const answer = await fetchMembership(this.target.ids).catch(() => null);
    if (answer) this.#inside = new Map(answer.collections.map((one) => [one.id, one.in]));
  }

  #member(id: string): Member {
    const done = this.#done.get(id);
    if (done) return done;
    if (!this.#inside) return 'unknown';
    const inside = this.#inside.get(id) ?? 0;
    return inside === 0 ? 'none' : inside >= this.count ? 'all' : 'some';
  }

  get rows(): Row[] {
    return ranked(collections.list, collections.recent, this.typed).map((collection) => ({
      collection,
      path: pathOf(collections.list, collection).map((one) => one.name).join(' / '),
      member: this.#member(collection.id),
    }));
  }

  /** The name of a collection that could be made; empty when there is one already. */
  get fresh(): string {
    const name = this.typed.trim().slice(0, 100);
    return collections.list.some((one) => !one.is_smart && plain(one.name) === plain(name)) ? '' : name;
  }

  get entries(): number {
    return this.rows.length + (this.fresh ? 1 : 0);
  }

  move(by: number): void {
    const { entries } = this;
    if (entries > 0) this.chosen = (this.chosen + by + entries) % entries;
  }

  type(): void {
    this.chosen = 0;
  }

  /** One after the other, so that what is pressed last stands. */
  take(index: number): Promise<void> {
    const id = this.rows[index]?.collection.id;
    const name = id === undefined ? this.fresh : '';
    this.#line = this.#line.then(() => this.#take(id, name));
    return this.#line;
  }

  async #take(id: string | undefined, name: string): Promise<void> {
    const row = this.rows.find((one) => one.collection.id === id);
    if (row) await this.#toggle(row);
    else if (name) await this.#make(name);
  }

  async #toggle({ collection, member }: Row): Promise<void> {
    const before = this.#done;
    const now: Member = member === 'all' ? 'none' : 'all';
    this.#done = new Map(before).set(collection.id, now);
    const done = await (now === 'all' ? addTo(collection, this.target) : removeFrom(collection, this.target));
    if (!done) this.#done = before;
  }

  async #make(name: string): Promise<void> {
    try {
      const made = await createCollection('ids' in this.target ? { name, ids: [...this.target.ids] } : { name });
      collections.put(made);
      collections.used(made.id);
      this.typed = '';
      this.chosen = 0;
      this.#done = new Map(this.#done).set(made.id, 'all');
      if ('filter' in this.target) await addTo(made, this.target);
      else tellDone(`${formatCount(this.count, 'post')} added to ${made.name}`, made.operation);
      lookAgain();
    } catch (error) {
      failed('The collection was not made.', error);
    }
  }
}
