// Counts: how much of what there is under a filter, and in the whole library.
import { getJson } from './http';
import type { Facets, Filter, Stats } from './types';

export function fetchFacets(filter: Filter, signal?: AbortSignal): Promise<Facets> {
  return getJson<Facets>('/api/facets', { ...filter }, signal);
}

export function fetchStats(signal?: AbortSignal): Promise<Stats> {
  return getJson<Stats>('/api/stats', undefined, signal);
}
