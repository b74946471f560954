// A library as a whole: its distinct prompts, and statistics of what a filter finds.
import { getJson } from './http';
import { timeZone } from './index';
import type { Card, Kind } from './types';

export type By = 'day' | 'week' | 'month';

export interface Stretch {
  /** The first and last local day, as YYYY-MM-DD. */
  from: string;
  to: string;
  stacks: number;
  image: number;
  video: number;
  audio: number;
  filter: string;
}

export interface Counted {
  value: string | null;
  stacks: number;
  /** How many posts, where posts of a stack differ. */
  posts?: number;
  /** Finds exactly these in the gallery; null where no filter can say it. */
  filter: string | null;
}

export type CountedField = 'type' | 'model' | 'mode' | 'host' | 'ratio' | 'size';

export interface Statistics extends Record<CountedField, Counted[]> {
  by: By;
  totals: {
    stacks: number; posts: number; images: number; videos: number; audios: number; liked: number; prompts: number;
    seconds: number; bytes: number;
  };
  timeline: Stretch[];
  undated: { stacks: number; filter: string };
  disk: { kind: Kind; files: number; bytes: number }[];
}

export function fetchStatistics(filter: string, by: By, signal?: AbortSignal): Promise<Statistics> {
  return getJson<Statistics>('/api/statistics', { filter, by, tz: timeZone }, signal);
}

export type PromptSort = 'usage' | 'recent' | 'alpha';

export interface Prompt {
  prompt: string;
  usage_count: number;
  mode_type: 'parent' | 'custom' | 'both';
  first_used: string | null;
  last_used: string | null;
  /** The newest post with it. */
  id: string;
  filter: string;
  sample_posts: Card[];
}

export interface PromptPage {
  prompts: Prompt[];
  total: number;
  next_cursor: string | null;
}

/** How many prompts come at once, and how many pictures with each. */
const PAGE = 40;
const SAMPLES = 4;

export function fetchPrompts(sort: PromptSort, cursor: string | null, signal?: AbortSignal): Promise<PromptPage> {
  return getJson<PromptPage>('/api/prompts', { sort, cursor, limit: PAGE, samples: SAMPLES }, signal);
}

/** The fifty most used prompts with these words. */
export async function searchPrompts(q: string, signal?: AbortSignal): Promise<PromptPage> {
  const found = await getJson<Omit<PromptPage, 'next_cursor'>>('/api/prompts/search', { q, samples: SAMPLES }, signal);
  return { ...found, next_cursor: null };
}
