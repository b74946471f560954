// Cards in chunks of 256, in the order of the index they belong to, and the addresses of their pictures.
import { getJson } from './http';
import { viewQuery } from './index';
import type { CardChunk, View } from './types';

/** The answer carries the version it was made from; when that is not the index's, positions have moved. */
export function fetchCards(view: View, chunk: number, signal?: AbortSignal): Promise<CardChunk> {
  return getJson<CardChunk>('/api/cards', { ...viewQuery(view), chunk }, signal);
}

/** How much of a prompt a card brings. */
const LONGEST = 120;

/** The beginning of a card's prompt, which says when there is more of it. */
export function promptOf(card: { alt: string }): string {
  return [...card.alt].length < LONGEST ? card.alt : `${card.alt.trimEnd()}…`;
}

export type ThumbnailSize = 160 | 320 | 640;

export function thumbnailUrl(key: string, size: ThumbnailSize): string {
  return `/derived/${key}/${size}.webp`;
}

/** The smallest derived picture that fills a box of this size on this screen (longest side counts). */
export function sizeFor(width: number, height: number, pixelRatio: number): ThumbnailSize {
  const wanted = Math.max(width, height) * pixelRatio;
  // A little softness is cheaper than four times the bytes.
  if (wanted <= 160 * 1.15) return 160;
  return wanted <= 320 * 1.15 ? 320 : 640;
}
