// Says what a file is and what it holds, by its own bytes: read once, in blocks, wherever there is room to think.
import { JsonScan, type Broken } from './json';
import type { Shape } from './tally';
import { contentsOf, type Contents } from './zip';

export interface Scan {
  shape: Shape;
  /** null where only the server can count: in a zip, in a capture. */
  posts: number | null;
  children: number;
  media: number;
  /** Of a capture. */
  requests: number;
  links: number;
  contents: Contents | null;
  /** The first and last moment that is named, in milliseconds. */
  first: number | null;
  last: number | null;
  broken: Broken | null;
  /** How it begins, when it is nothing we know. */
  begins: string;
}

const BLOCK = 4_194_304;
const HEAD = 1024;
const NOTHING: Omit<Scan, 'shape'> = {
  posts: null, children: 0, media: 0, requests: 0, links: 0, contents: null, first: null, last: null, broken: null, begins: '',
};
const SIGNS: readonly [Shape | 'gzip', number, string][] = [
  ['zip', 0, 'PK\u0003\u0004'], ['zip', 0, 'PK\u0005\u0006'], ['gzip', 0, '\u001f\u008b'],
  ['media', 0, '\u0089PNG'], ['media', 0, '\u00ff\u00d8\u00ff'], ['media', 0, 'GIF8'], ['media', 8, 'WEBP'],
  ['media', 4, 'ftyp'], ['media', 0, '\u001aE\u00df\u00a3'], ['media', 0, 'fLaC'], ['media', 0, 'ID3'],
];

type Progress = (done: number) => void;

function signOf(bytes: Uint8Array): Shape | 'gzip' | null {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  return SIGNS.find(([, at, sign]) => text.startsWith(sign, at))?.[0] ?? null;
}

/** What text is by how it begins. */
export function textShape(head: string): 'json' | 'web_page' | 'links' | 'empty' | 'text' {
  const text = head.replace(/^\ufeff/, '').trimStart();
  if (text === '') return 'empty';
  if (/^[[{]/.test(text)) return 'json';
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(text)) return 'web_page';
  return /^(#|https?:\/\/|[0-9a-f]{8}-[0-9a-f]{4}-)/i.test(text) ? 'links' : 'text';
}

async function* blocksOf(file: Blob, packed: boolean, progress: Progress): AsyncGenerator<Uint8Array> {
  if (!packed) {
    const read = (at: number): Promise<ArrayBuffer> => file.slice(at, at + BLOCK).arrayBuffer();
    let next = read(0);
    for (let at = 0; at < file.size; at += BLOCK) {
      const block = await next;
      // The disk reads the next block while this one is looked at.
      next = read(at + BLOCK);
      yield new Uint8Array(block);
      progress(Math.min(file.size, at + BLOCK));
    }
    return;
  }
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

async function firstBytes(file: Blob, packed: boolean): Promise<Uint8Array> {
  if (!packed) return new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  const { value } = await reader.read();
  void reader.cancel().catch(() => {});
  return (value ?? new Uint8Array()).subarray(0, HEAD);
}

async function scanJson(file: Blob, packed: boolean, progress: Progress): Promise<Scan> {
  const json = new JsonScan();
  let first = true;
  for await (const block of blocksOf(file, packed, progress)) {
    const marked = first && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf;
    first = false;
    if (!json.feed(marked ? block.subarray(3) : block)) break;
  }
  json.end();
  const { tally } = json;
  const counted = tally.shape !== 'har';
  return {
    ...NOTHING, shape: tally.shape ?? 'object', posts: counted ? tally.posts : null, children: tally.children, media: tally.media,
    requests: tally.requests, first: tally.first, last: tally.last, broken: json.broken,
  };
}

async function countLinks(file: Blob, packed: boolean, progress: Progress): Promise<number> {
  const words = new TextDecoder();
  let [links, rest] = [0, ''];
  const count = (line: string): void => {
    if (/^\s*(https?:\/\/|[0-9a-f]{8}-[0-9a-f]{4}-)/i.test(line)) links += 1;
  };
  for await (const block of blocksOf(file, packed, progress)) {
    const lines = (rest + words.decode(block, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, HEAD);
    lines.forEach(count);
  }
  count(rest);
  return links;
}

/** Reads a file to its end and says what is in it; `progress` hears how many bytes were read. */
export async function scan(file: Blob, progress: Progress = () => {}): Promise<Scan> {
  if (file.size === 0) return { ...NOTHING, shape: 'empty' };
  const sign = signOf(await firstBytes(file, false));
  if (sign === 'zip') return { ...NOTHING, shape: 'zip', contents: await contentsOf(file) };
  if (sign === 'media') return { ...NOTHING, shape: 'media', media: 1 };
  const packed = sign === 'gzip';
  const head = new TextDecoder().decode(await firstBytes(file, packed));
  const shape = textShape(head);
  if (shape === 'json') return scanJson(file, packed, progress);
  if (shape === 'links') return { ...NOTHING, shape, links: await countLinks(file, packed, progress) };
  return { ...NOTHING, shape, begins: head.trim().slice(0, 80) };
}
