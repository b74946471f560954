// Counts: how much of what there is under a filter, and in the whole library.
import { getJson } from './http';
import { timeZone } from './index';
import type { Facets, Stats } from './types';

export function fetchFacets(filter: string, signal?: AbortSignal): Promise<Facets> {
  return getJson<Facets>('/api/facets', { filter, tz: timeZone }, signal);
}

export function fetchStats(signal?: AbortSignal): Promise<Stats> {
  return getJson<Stats>('/api/stats', undefined, signal);
}
