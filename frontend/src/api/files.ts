// Bringing files home: how it stands, begin, pause, go on, stop, and what could not be brought.
import { address, getJson, sendJson } from './http';

export type FixKind = 'retry' | 'list' | 'allow_host';

export interface FetchCause {
  cause: string;
  title: string;
  meaning: string;
  count: number;
  hosts: string[];
  fix: { kind: FixKind; label: string };
}

export interface FetchHost {
  host: string;
  lacking: number;
  waiting: number;
  failed: number;
  allowed: boolean;
  held_until: string | null;
  /** When the first address there stops working. */
  expires_at: string | null;
}

export interface FetchSettings {
  paused: boolean;
  per_host: number;
  per_second: number;
  bytes_per_second: number;
  hosts: string[];
  product_hosts: string[];
}

export interface MediaRoot {
  id: string;
  name: string;
  is_away: boolean;
  scanned_at: string | null;
  file_count: number;
}

export interface FetchStanding {
  state: 'idle' | 'waiting' | 'running' | 'paused';
  job_id: string | null;
  lacking: number;
  /** About how large all of it is, by what is here of its kind. */
  estimated_bytes: number;
  waiting: number;
  failed: number;
  expiring: { count: number; first_at: string | null };
  hosts: FetchHost[];
  causes: FetchCause[];
  settings: FetchSettings;
  roots: MediaRoot[];
}

export interface FetchFailure {
  path: string;
  url: string;
  host: string;
  cause: string;
  reason: string;
  attempts: number;
}

export type FetchScope = { all: true } | { ids: string[] } | { import: string } | { filter: string; tz?: string };
export type SettingsChange = Partial<Omit<FetchSettings, 'product_hosts'>> & { allow?: string };

export function fetchStanding(signal?: AbortSignal): Promise<FetchStanding> {
  return getJson<FetchStanding>('/api/fetch', undefined, signal);
}

export function bringHome(scope: FetchScope): Promise<{ job_id: string }> {
  return sendJson<{ job_id: string }>('POST', '/api/fetch', scope);
}

export function steer(how: 'pause' | 'resume' | 'stop'): Promise<FetchStanding> {
  return sendJson<FetchStanding>('POST', `/api/fetch/${how}`);
}

export function retryFailed(which: { cause?: string; host?: string }): Promise<{ waiting: number }> {
  return sendJson<{ waiting: number }>('POST', '/api/fetch/retry', which);
}

export function changeFetchSettings(change: SettingsChange): Promise<FetchStanding> {
  return sendJson<FetchStanding>('PATCH', '/api/fetch/settings', change);
}

export async function fetchFailures(cause: string, limit = 20): Promise<FetchFailure[]> {
  return (await getJson<{ items: FetchFailure[] }>('/api/fetch/failures', { cause, limit })).items;
}

/** Where the list for one's own downloader is. */
export function fetchListUrl(format: 'txt' | 'aria2' | 'curl', cause: string): string {
  return address('/api/fetch/list', { format, cause });
}

export function lookAgain(): Promise<{ job_id: string }> {
  return sendJson<{ job_id: string }>('POST', '/api/files/look');
}

export function acceptRoot(id: string): Promise<{ job_id: string }> {
  return sendJson<{ job_id: string }>('POST', `/api/files/roots/${encodeURIComponent(id)}/accept`);
}
