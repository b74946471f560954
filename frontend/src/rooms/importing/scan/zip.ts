// The table of contents at the end of a zip, read without opening any member.

export interface Contents {
  members: number;
  json: number;
  media: number;
}

const END_SIZE = 22;
const LONGEST_COMMENT = 65_535;
const MOST_BYTES = 32_000_000;
const MEDIA = /\.(png|jpe?g|webp|gif|avif|mp4|webm|mov|flac|mp3|wav)$/i;

/** Finds where the table lies; null when this is no whole zip, or one too large for the old table. */
function tableIn(tail: DataView): { size: number; at: number } | null {
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue;
    const [size, start] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    return start === 0xffffffff || size > MOST_BYTES ? null : { size, at: start };
  }
  return null;
}

async function view(blob: Blob): Promise<DataView> {
  return new DataView(await blob.arrayBuffer());
}

/** What the zip says it holds; null when it does not say it in a way that is quick to read. */
export async function contentsOf(file: Blob): Promise<Contents | null> {
  const table = tableIn(await view(file.slice(Math.max(0, file.size - LONGEST_COMMENT - END_SIZE))));
  if (!table) return null;
  const entries = await view(file.slice(table.at, table.at + table.size));
  const found: Contents = { members: 0, json: 0, media: 0 };
  const words = new TextDecoder();
  for (let at = 0; at + 46 <= entries.byteLength && entries.getUint32(at, true) === 0x02014b50; ) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => entries.getUint16(at + offset, true)) as [number, number, number];
    const path = words.decode(new Uint8Array(entries.buffer, at + 46, Math.min(name, entries.byteLength - at - 46)));
    at += 46 + name + extra + comment;
    if (path.endsWith('/')) continue;
    found.members += 1;
    if (/\.(json|jsonl|ndjson|har)(\.gz)?$/i.test(path)) found.json += 1;
    else if (MEDIA.test(path) || path.endsWith('/content')) found.media += 1;
  }
  return found;
}
