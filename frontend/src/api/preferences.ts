// What a person prefers, as the database keeps it for all their devices; a version tells whether somebody was faster.
import { ask } from './http';

export interface Kept {
  preferences: Record<string, unknown>;
  /** What `If-Match` takes. */
  version: string;
}

async function kept(answer: Response): Promise<Kept> {
  const said = (await answer.json()) as { preferences?: Record<string, unknown>; version?: string | number };
  return { preferences: said.preferences ?? {}, version: answer.headers.get('ETag') ?? String(said.version ?? '') };
}

export async function fetchPreferences(): Promise<Kept> {
  return kept(await ask('/api/users/me/preferences'));
}

/** Throws an ApiError with status 409 or 412 when the version is not the newest. */
export async function putPreferences({ preferences, version }: Kept): Promise<Kept> {
  const headers = { 'If-Match': version };
  return kept(await ask('/api/users/me/preferences', { method: 'PUT', json: { preferences }, headers }));
}
