// The trash: what lies in it, taking it back, and emptying it.
import { getJson, sendJson } from './http';
import type { Changed } from './marks';
import type { Kind } from './types';

export interface Trashed {
  id: string;
  kind: Kind;
  thumbnail: string | null;
  placeholder: string | null;
  prompt: string;
  deleted_at: string;
  /** How many posts of its stack went with it. */
  children: number;
}

export interface TrashPage {
  count: number;
  /** What went with undone imports, and comes back with them. */
  with_undone_imports: number;
  items: Trashed[];
  next: string | null;
}

const PAGE = 100;

export function fetchTrash(cursor: string | null, signal?: AbortSignal): Promise<TrashPage> {
  return getJson<TrashPage>('/api/trash', { cursor, limit: PAGE }, signal);
}

export async function countTrash(): Promise<number> {
  return (await getJson<{ count: number }>('/api/trash/count')).count;
}

/** Some of it, or with null all of it. */
export function restoreTrash(ids: readonly string[] | null): Promise<Changed> {
  return sendJson<Changed>('POST', '/api/trash/restore', ids ? { ids } : { all: true });
}

export function emptyTrash(count: number): Promise<Changed> {
  return sendJson<Changed>('POST', '/api/trash/empty', { count });
}
