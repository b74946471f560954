// Background work: what runs, and how to stop it.
import { getJson, sendJson } from './http';
import type { Job } from './types';

export async function fetchJobs(state: 'active' | 'all' = 'all', signal?: AbortSignal): Promise<Job[]> {
  const said = await getJson<{ jobs: Job[] }>('/api/jobs', { state }, signal);
  return said.jobs;
}

export function fetchJob(id: string, signal?: AbortSignal): Promise<Job> {
  return getJson<Job>(`/api/jobs/${encodeURIComponent(id)}`, undefined, signal);
}

export function cancelJob(id: string): Promise<Job | null> {
  return sendJson<Job | null>('POST', `/api/jobs/${encodeURIComponent(id)}/cancel`);
}
