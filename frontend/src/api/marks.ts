// Judging posts, one or a million at once: likes, ratings, status, tags, the trash, and taking any of it back.
import { getJson, sendJson } from './http';

export const STATUSES = ['approved', 'rejected', 'review', 'select', 'edit'] as const;
export type Status = (typeof STATUSES)[number];

/** Some posts by id, or all that a filter finds. */
export type Target = { ids: readonly string[] } | { filter: string };

/** A target as the body of a request. */
export function bodyOf(target: Target): Record<string, unknown> {
  return 'ids' in target ? { ids: target.ids } : { filter: target.filter };
}

export interface Operation {
  id: string;
  kind: string;
  label: string;
  count: number;
  state: string;
  at: string;
}

export interface Change {
  liked?: boolean | null;
  rating?: number | null;
  status?: Status | null;
  add_tags?: string[];
  remove_tags?: string[];
}

export interface Changed {
  /** Null while a job is still at it: the server gives very many to one. */
  changed: number | null;
  operation: Operation | string | null;
}

export function markPosts(target: Target, change: Change): Promise<Changed> {
  return sendJson<Changed>('POST', '/api/posts/marks', { ...bodyOf(target), ...change });
}

export function trashPosts(target: Target): Promise<Changed> {
  return sendJson<Changed>('POST', '/api/posts/trash', bodyOf(target));
}

export function undoOperation(id: string): Promise<Operation> {
  return sendJson<Operation>('POST', `/api/operations/${encodeURIComponent(id)}/undo`);
}

/** The id of an operation, however much of it the answer says. */
export function operationId(operation: Operation | string | null | undefined): string | null {
  return typeof operation === 'string' ? operation : (operation?.id ?? null);
}

/** Tags that begin so, those used most first. */
export async function suggestTags(typed: string, signal?: AbortSignal): Promise<string[]> {
  const text = `tag:${typed}`;
  const answer = await getJson<{ suggestions: { field: string | null; value: string; complete: boolean }[] }>('/api/suggest', { text }, signal);
  return answer.suggestions.filter((offer) => offer.field === 'tag' && offer.complete).map((offer) => offer.value);
}
