// Gathering: putting posts into collections and taking them out, making, changing, moving and deleting collections.
import * as api from '$api/collections';
import type { Collection, CollectionChange, How } from '$api/collections';
import type { Target } from '$api/marks';
import { formatCount, formatNumber } from '$kit/format';
import { collections } from '$state/collections.svelte';
import { library } from '$state/library.svelte';
import { router } from '$state/router.svelte';
import { failed, lookAgain, tellDone } from './undoing';

const posts = (count: number): string => formatCount(count, 'post');

export async function addTo(one: Pick<Collection, 'id' | 'name'>, target: Target): Promise<boolean> {
  try {
    const answer = await api.addItems(one.id, target);
    collections.used(one.id);
    tellDone(answer.added === 0 ? `Already in ${one.name}` : `${posts(answer.added)} added to ${one.name}`, answer.added ? answer.operation : null);
    lookAgain();
    return true;
  } catch (error) {
    failed('Nothing was added.', error);
    return false;
  }
}

export async function removeFrom(one: Pick<Collection, 'id' | 'name'>, target: Target): Promise<boolean> {
  try {
    const answer = await api.removeItems(one.id, target);
    tellDone(`${posts(answer.removed)} taken out of ${one.name}`, answer.operation);
    lookAgain();
    return true;
  } catch (error) {
    failed('Nothing was taken out.', error);
    return false;
  }
}

export async function create(given: CollectionChange): Promise<Collection | null> {
  try {
    const made = await api.createCollection(given);
    collections.put(made);
    collections.used(made.id);
    void collections.load();
    return made;
  } catch (error) {
    failed('The collection was not made.', error);
    return null;
  }
}

/** Changes a collection: shown at once, put back when the server refuses. */
export async function change(one: Collection, given: CollectionChange, told?: string): Promise<boolean> {
  collections.put({ ...one, ...given } as Collection);
  try {
    const changed = await api.changeCollection(one.id, given);
    collections.put(changed);
    if (told) tellDone(told, changed.operation);
    void collections.load();
    return true;
  } catch (error) {
    collections.put(one);
    failed('The collection was not changed.', error);
    return false;
  }
}

export async function remove(one: Collection): Promise<void> {
  const shown = collections.opened(router.place.view.filter)?.id === one.id;
  try {
    const answer = await api.deleteCollection(one.id);
    collections.drop(one.id);
    if (shown) router.go({ room: 'collections', view: { filter: '', sort: 'date_desc' }, post: null });
    tellDone(`${one.name} deleted. Its posts stay.`, answer?.operation);
    lookAgain();
  } catch (error) {
    failed('The collection was not deleted.', error);
  }
}

export async function place(one: Collection, parent: string | null, next: string | null): Promise<void> {
  const was = one.parent_id;
  collections.put({ ...one, parent_id: parent });
  try {
    const answer = await api.placeCollection(one.id, parent, next);
    if (was !== parent) tellDone(parent ? `${one.name} is in ${collections.byId(parent)?.name ?? 'it'} now` : `${one.name} is at the top now`, answer?.operation);
    await collections.load();
  } catch (error) {
    collections.put(one);
    failed('The collection was not moved.', error);
  }
}

export async function reorder(one: Collection, ids: readonly string[], next: string | null): Promise<void> {
  try {
    const answer = await api.orderItems(one.id, ids, next);
    tellDone(`${posts(ids.length)} moved`, answer?.operation);
    // Whoever moves a post goes on from where it stands then.
    await library.refresh(true);
    void collections.load();
  } catch (error) {
    failed('Nothing was moved.', error);
  }
}

async function make(making: Promise<Collection>, told: (made: Collection) => string): Promise<Collection | null> {
  try {
    const made = await making;
    collections.put(made);
    void collections.load();
    tellDone(told(made), made.operation);
    return made;
  } catch (error) {
    failed('The collection was not made.', error);
    return null;
  }
}

const sized = (made: Collection): string => `${made.name}: ${formatNumber(made.item_count)} ${made.item_count === 1 ? 'post' : 'posts'}`;
const named = (name: string, extra: string): string => `${name.slice(0, 100 - extra.length - 1)} ${extra}`;

export const snapshot = (one: Collection): Promise<Collection | null> => make(api.snapshot(one.id, named(one.name, 'as it is')), sized);
export const duplicate = (one: Collection): Promise<Collection | null> => make(api.duplicate(one.id, named(one.name, 'copy')), sized);
export const combine = (ids: readonly string[], how: How, name: string): Promise<Collection | null> => make(api.combine(ids, how, name), sized);
