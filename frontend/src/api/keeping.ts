// Keeping: how whole the library is, backups and restores, and what is given out.
import { getJson, sendJson } from './http';
import type { Fault, Job, Kind } from './types';

export type { Fault };

export type Mending = 'accept' | 'relink' | 'download';

export interface Health {
  files: number;
  intact: number;
  unproven: number;
  missing: number;
  damaged: number;
  faulty: number;
  faults: Partial<Record<Fault, number>>;
  /** Files on disks that are not mounted: nothing is known of them now. */
  away: number;
  strays: number;
  posts: number;
  last_proven_at: string | null;
  last_looked_at: string | null;
  last_backup_at: string | null;
  mirror?: 'away' | 'refuses' | 'full' | 'failed' | 'faulty' | null;
  verify_days: number;
  free_bytes: number;
}

export interface FaultyFile {
  post_id: string;
  role: string;
  position: number;
  path: string;
  fault: Fault;
  size_bytes: number | null;
  proven_at: string | null;
  thumbnail: string | null;
  prompt: string;
  kind: Kind;
  can_download: boolean;
}

export type BackupState = 'proven' | 'not proven' | 'failed' | 'damaged';

export interface Backup {
  name: string;
  state: BackupState;
  damaged: string | null;
  size_bytes: number;
  kind: 'scheduled' | 'by hand' | 'restore point' | 'upgrade' | null;
  made_at: string | null;
  version: string | null;
  posts: number | null;
  files: number | null;
  proven_at: string | null;
  proof: { proven: boolean; differences: string[] } | null;
  can_restore: boolean;
}

export interface Restoring {
  backup: string;
  state: 'running' | 'succeeded' | 'failed' | 'interrupted';
  step: string;
  started_at: string;
  finished_at: string | null;
  kept_as: string | null;
  error: string | null;
}

export interface Archive {
  backups: Backup[];
  count: number;
  next_at: string | null;
  keep: number;
  keep_days: number;
  free_bytes: number;
  restore: Restoring | null;
}

type Wanted = Pick<Job, 'id' | 'kind' | 'title' | 'state'>;

export function fetchHealth(): Promise<Health> {
  return getJson<Health>('/api/keeping/health');
}

export function fetchFaults(after = ''): Promise<{ faults: FaultyFile[]; next: string | null }> {
  return getJson('/api/keeping/faults', { after, limit: 50 });
}

export function prove(full: boolean, filter = ''): Promise<Wanted> {
  return sendJson<Wanted>('POST', '/api/keeping/proofs', { filter, full });
}

export function mend(how: Mending, ids: string[], filter = ''): Promise<Wanted & { operation: string }> {
  return sendJson<Wanted & { operation: string }>('POST', '/api/keeping/mendings', { how, ids, filter });
}

export function fetchArchive(): Promise<Archive> {
  return getJson<Archive>('/api/backups');
}

export function makeBackup(): Promise<Job> {
  return sendJson<Job>('POST', '/api/backups');
}

export function proveBackup(name: string): Promise<Job> {
  return sendJson<Job>('POST', `/api/backups/${encodeURIComponent(name)}/prove`);
}

export function startRestore(name: string): Promise<Restoring> {
  return sendJson<Restoring>('POST', `/api/backups/${encodeURIComponent(name)}/restore`);
}

export async function fetchRestore(): Promise<Restoring | null> {
  return (await getJson<{ restore: Restoring | null }>('/api/restore')).restore;
}

export function prepareExport(filter: string, template: string): Promise<Wanted> {
  return sendJson<Wanted>('POST', '/api/exports', { filter, template });
}

export type MirrorState = 'none' | 'new' | 'well' | 'behind' | 'faulty' | 'away' | 'refuses' | 'full' | 'failed';

export interface Mirror {
  kind: 'folder' | 'bucket' | null;
  name: string | null;
  state: MirrorState;
  problem: { code: string; message: string } | null;
  files: number;
  bytes: number;
  faulty: number;
  waiting: number;
  waiting_bytes: number;
  oldest_proven_at: string | null;
  done_at?: string | null;
  checked_at?: string | null;
  tried_at?: string | null;
  at?: string;
  same_disk?: boolean | null;
}

export function fetchMirror(): Promise<Mirror> {
  return getJson<Mirror>('/api/keeping/mirror');
}

export function mirrorNow(): Promise<Wanted> {
  return sendJson<Wanted>('POST', '/api/keeping/mirror');
}

export function checkMirror(): Promise<Wanted> {
  return sendJson<Wanted>('POST', '/api/keeping/mirror/check', {});
}
