// Counts: how much of what there is under a filter, and in the whole library.
import { getJson } from './http';
import { timeZone } from './index';
import type { Facets, Stack, Stats } from './types';

export function fetchFacets(filter: string, stack?: Stack, signal?: AbortSignal): Promise<Facets> {
  return getJson<Facets>('/api/facets', { filter, stack, tz: timeZone }, signal);
}

export function fetchStats(signal?: AbortSignal): Promise<Stats> {
  return getJson<Stats>('/api/stats', undefined, signal);
}
