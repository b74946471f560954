// One post: its details, its like, its relatives.
import { ask, getJson, sendJson } from './http';
import type { PostDetail, Similar } from './types';

export function fetchPost(id: string, signal?: AbortSignal): Promise<PostDetail> {
  return getJson<PostDetail>(`/api/media/${encodeURIComponent(id)}`, undefined, signal);
}

export interface LikeAnswer {
  id: string;
  like_status: boolean | null;
}

export function putLike(id: string, liked: boolean | null): Promise<LikeAnswer> {
  return sendJson<LikeAnswer>('PUT', `/api/media/${encodeURIComponent(id)}/like`, { liked });
}

const PATIENCE = 20;
const PAUSE_MS = 1500;

/** The relatives of a post; while the server still makes their index, it is asked again for half a minute. */
export async function fetchSimilar(id: string, limit = 6, signal?: AbortSignal): Promise<Similar[]> {
  for (let tries = 1; ; tries++) {
    const answer = await ask(`/api/media/${encodeURIComponent(id)}/similar`, { query: { limit }, signal });
    const found = (await answer.json()) as Similar[];
    if (found.length || answer.headers.get('X-Similar-Index') !== 'building' || tries === PATIENCE) return found;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    signal?.throwIfAborted();
  }
}
