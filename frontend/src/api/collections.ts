// Collections: the list, one of them, and everything that changes what is in them.
import { ask, getJson, sendJson } from './http';
import type { Operation, Target } from './marks';
import { bodyOf } from './marks';

export interface Collection {
  id: string;
  name: string;
  description: string | null;
  notes: string | null;
  color: string | null;
  icon: string | null;
  is_smart: boolean;
  smart_filters: unknown;
  /** The text of a smart collection's filter. */
  filter: string | null;
  parent_id: string | null;
  position: number;
  pinned: boolean;
  /** Tells of new matches. */
  alert: boolean;
  sort: string | null;
  item_count: number;
  new_count: number;
  /** The post that was chosen as cover. */
  cover_id: string | null;
  /** The address of the one picture that stands for it. */
  cover: string | null;
  /** Addresses of up to four pictures. */
  covers: string[];
  created_at: string;
  updated_at: string;
  /** In the answer to a change: what undoes it. */
  operation?: Operation | null;
}

export type CollectionChange = Partial<
  Pick<Collection, 'name' | 'description' | 'notes' | 'color' | 'icon' | 'is_smart' | 'parent_id' | 'pinned' | 'alert' | 'sort' | 'cover_id'>
> & { filter?: string | undefined; ids?: string[] | undefined };

const at = (id: string): string => `/api/collections/${encodeURIComponent(id)}`;

export function fetchCollections(signal?: AbortSignal): Promise<Collection[]> {
  return getJson<Collection[]>('/api/collections', { tree: 1 }, signal);
}

export function createCollection(given: CollectionChange): Promise<Collection> {
  return sendJson<Collection>('POST', '/api/collections', given);
}

export function changeCollection(id: string, change: CollectionChange): Promise<Collection> {
  return sendJson<Collection>('PATCH', at(id), change);
}

export interface Done {
  message?: string;
  operation: Operation | string | null;
}

export function deleteCollection(id: string): Promise<Done> {
  return sendJson<Done>('DELETE', at(id));
}

/** Puts posts in; counts those that were not in before. */
export function addItems(id: string, target: Target): Promise<Done & { added: number }> {
  return sendJson('POST', `${at(id)}/items`, bodyOf(target));
}

export function removeItems(id: string, target: Target): Promise<Done & { removed: number }> {
  return sendJson('POST', `${at(id)}/items/remove`, bodyOf(target));
}

/** Moves posts before another one, or to the end. */
export function orderItems(id: string, ids: readonly string[], before: string | null): Promise<Done> {
  return sendJson('PUT', `${at(id)}/order`, { ids, before });
}

/** Moves a collection below another one, before one of its children or to their end. */
export function placeCollection(id: string, parent: string | null, before: string | null): Promise<Done> {
  return sendJson('PUT', `${at(id)}/place`, { parent_id: parent, before });
}

export function snapshot(id: string, name: string): Promise<Collection> {
  return sendJson('POST', `${at(id)}/snapshot`, { name });
}

export function duplicate(id: string, name: string): Promise<Collection> {
  return sendJson('POST', `${at(id)}/duplicate`, { name });
}

export type How = 'merge' | 'intersect' | 'subtract';

export function combine(ids: readonly string[], how: How, name: string): Promise<Collection> {
  return sendJson('POST', '/api/collections/combine', { ids, how, name });
}

export interface Membership {
  of: number;
  collections: { id: string; in: number }[];
}

export function fetchMembership(ids: readonly string[]): Promise<Membership> {
  return sendJson('POST', '/api/collections/membership', { ids });
}

export interface MemberOf {
  id: string;
  name: string;
}

export function collectionsOf(post: string, signal?: AbortSignal): Promise<MemberOf[]> {
  return getJson<MemberOf[]>(`/api/media/${encodeURIComponent(post)}/collections`, undefined, signal);
}

/** What is new in it was seen. */
export function markSeen(id: string): Promise<unknown> {
  return sendJson('POST', `${at(id)}/seen`);
}

export interface Sample {
  id: string;
  thumbnail: string | null;
}

export interface Preview {
  total: number;
  posts: Sample[];
}

interface SentSample {
  id: string;
  thumbnail?: string | null;
  thumbnail_url?: string | null;
}

/** How much a filter finds, and the first of it. */
export async function preview(filter: string, limit: number, signal?: AbortSignal): Promise<Preview> {
  const answer = await ask('/api/collections/smart/preview', { query: { filter, limit }, ...(signal ? { signal } : {}) });
  const posts = (await answer.json()) as SentSample[];
  return {
    total: Number(answer.headers.get('X-Total-Count') ?? posts.length),
    posts: posts.map(({ id, thumbnail, thumbnail_url }) => ({ id, thumbnail: thumbnail ?? thumbnail_url ?? null })),
  };
}

export interface Explained {
  count: number;
  rules: { text: string; count: number }[];
}

export async function explain(filter: string, signal?: AbortSignal): Promise<Explained> {
  const answer = await ask('/api/collections/smart/explain', { method: 'POST', json: { filter }, ...(signal ? { signal } : {}) });
  return (await answer.json()) as Explained;
}
