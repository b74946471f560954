// The whole view as bytes: one of ratio and one of flags per item, and where its sections begin.
import { ask } from './http';
import type { Query } from './http';
import type { View } from './types';

export interface Section {
  /** What fits the order: a local day as YYYY-MM-DD, a name, a letter, a range; "" for what lacks it. */
  label: string;
  start: number;
  count: number;
}

export interface ViewIndex {
  version: number;
  /** Stacks in the library, whatever the filter. */
  total: number;
  sort: string;
  chunk: number;
  count: number;
  sections: Section[];
  ratios: Uint8Array;
  flags: Uint8Array;
}

export const KIND_MASK = 0b11;
export const KIND_VIDEO = 1;
export const LIKED = 1 << 2;
export const AWAY = 1 << 3;
export const HAS_CHILDREN = 1 << 4;
export const CORRUPT = 1 << 5;
export const HAS_THUMBNAIL = 1 << 6;

const MAGIC = '8XI1';
const HEAD_BYTES = 12;

/** Reads the binary index; throws when it is not one or is cut off. The arrays share the buffer, nothing is copied. */
export function parseIndex(buffer: ArrayBuffer): ViewIndex {
  if (buffer.byteLength < HEAD_BYTES) throw new Error('The index is cut off.');
  const bytes = new DataView(buffer);
  if (new TextDecoder('latin1').decode(new Uint8Array(buffer, 0, 4)) !== MAGIC) throw new Error('This is not an index.');
  const count = bytes.getUint32(4, true);
  const headerBytes = bytes.getUint32(8, true);
  const start = HEAD_BYTES + headerBytes;
  if (buffer.byteLength < start + 2 * count) throw new Error('The index is cut off.');
  const text = new TextDecoder().decode(new Uint8Array(buffer, HEAD_BYTES, headerBytes));
  const header = JSON.parse(text) as Omit<ViewIndex, 'count' | 'ratios' | 'flags'>;
  return {
    version: header.version,
    total: header.total,
    sort: header.sort,
    chunk: header.chunk,
    sections: header.sections,
    count,
    ratios: new Uint8Array(buffer, start, count),
    flags: new Uint8Array(buffer, start + count, count),
  };
}

const UNKNOWN_RATIO = 2 / 3;

/** Width over height by ratio byte. */
export const RATIOS: Float64Array = Float64Array.from({ length: 256 }, (_, byte) =>
  byte === 0 ? UNKNOWN_RATIO : 2 ** ((byte - 128) / 40),
);

export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A view as the server's parameters; everything that answers for a view takes the same ones. */
export function viewQuery(view: View): Query {
  return { filter: view.filter, sort: view.sort, seed: view.seed, stack: view.stack, tz: timeZone };
}

export interface IndexAnswer {
  etag: string;
  index: ViewIndex;
}

/** The index of a view, or null when it is still the one with that ETag. */
export async function fetchIndex(view: View, etag: string | null, signal?: AbortSignal): Promise<IndexAnswer | null> {
  const headers = etag ? { 'If-None-Match': etag } : undefined;
  const answer = await ask('/api/index', { query: viewQuery(view), headers, signal });
  if (answer.status === 304) return null;
  return { etag: answer.headers.get('ETag') ?? '', index: parseIndex(await answer.arrayBuffer()) };
}

/** Where a post stands in a view; null when it is not in it. */
export async function locate(view: View, id: string, signal?: AbortSignal): Promise<number | null> {
  const answer = await ask('/api/index/locate', { query: { ...viewQuery(view), id }, signal });
  const said = (await answer.json()) as { position: number | null };
  return said.position;
}
