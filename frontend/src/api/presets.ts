// Presets: a filter and how to look at what it finds, under a name.
import { getJson, sendJson } from './http';

export interface PresetView {
  sort?: string;
  seed?: number;
  [taste: string]: unknown;
}

export interface Preset {
  id: string;
  name: string;
  filter: string;
  view: PresetView;
  is_default: boolean;
}

export const LONGEST_NAME = 50;

const at = (id: string): string => `/api/presets/${encodeURIComponent(id)}`;

export function fetchPresets(): Promise<Preset[]> {
  return getJson<Preset[]>('/api/presets');
}

export function createPreset(given: Omit<Preset, 'id'>): Promise<Preset> {
  return sendJson<Preset>('POST', '/api/presets', given);
}

export function changePreset(id: string, change: Partial<Omit<Preset, 'id'>>): Promise<Preset> {
  return sendJson<Preset>('PATCH', at(id), change);
}

export function deletePreset(id: string): Promise<unknown> {
  return sendJson('DELETE', at(id));
}
