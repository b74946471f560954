// Questions about resemblance: several anchors, several ways, and why each post was found.
import { ask, sendJson } from './http';
import { timeZone } from './index';
import type { Card } from './types';

export type Way = 'prompt' | 'picture' | 'recipe' | 'mix';
export type Weights = Record<Exclude<Way, 'mix'>, number>;

export interface Question {
  anchors: readonly string[];
  rejected: readonly string[];
  by: Way;
  weights: Weights;
  threshold: number;
  filter: string;
  exclude_family: boolean;
  limit: number;
}

export interface Reasons {
  words: { word: string; share: number }[];
  /** What more is shared: how many words, and what they add together. */
  others: { count: number; share: number };
  boosts: { name: string; factor: number }[];
  picture: { structure: number; colours: number } | null;
  recipe: string[];
}

export interface Hit {
  id: string;
  score: number;
  why: Reasons;
  card: Card;
}

export interface SimilarAnswer {
  anchors: Card[];
  hits: Hit[];
  index: { state: 'ready' | 'building'; behind: number };
  pictures_waiting: number;
}

export async function askSimilar(question: Question, signal?: AbortSignal): Promise<SimilarAnswer> {
  const answer = await ask('/api/similar', { method: 'POST', json: { ...question, tz: timeZone }, signal });
  return (await answer.json()) as SimilarAnswer;
}

/** Has the index and the prints of pictures brought up to date. */
export async function updateSimilar(): Promise<void> {
  await sendJson('POST', '/api/similar/update');
}
