// The posts of the stand-in server: the sixty of the sample export, repeated over as many days as wanted.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Width and height from the header of a JPEG, PNG or WebP. */
function pictureSize(path) {
  const data = readFileSync(path);
  if (data.toString('latin1', 1, 4) === 'PNG') return [data.readUInt32BE(16), data.readUInt32BE(20)];
  if (data.toString('latin1', 12, 15) === 'VP8') return webpSize(data);
  for (let at = 2; at < data.length; ) {
    const marker = data[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [data.readUInt16BE(at + 7), data.readUInt16BE(at + 5)];
    }
    at += 2 + data.readUInt16BE(at + 2);
  }
  return [2, 3];
}

function webpSize(data) {
  if (data[15] === 0x58) return [1 + data.readUIntLE(24, 3), 1 + data.readUIntLE(27, 3)];
  return data[15] === 0x20 ? [data.readUInt16LE(26) & 0x3fff, data.readUInt16LE(28) & 0x3fff] : [2, 3];
}

const localPath = (gallery, url) => join(gallery, 'https_', new URL(url).host, new URL(url).pathname);
const ratioByte = (w, h) => Math.min(255, Math.max(1, Math.round(128 + 40 * Math.log2(w / h))));

function samplePosts(gallery) {
  const records = JSON.parse(readFileSync(join(gallery, 'export.json'), 'utf8'));
  return records.map((record) => {
    const local = localPath(gallery, record.mediaUrl);
    const here = existsSync(local) && !local.endsWith('.mp4');
    const [width, height] = here ? pictureSize(local) : [null, null];
    const clip = record.childPosts.map((c) => c.mediaUrl).find((u) => u && existsSync(localPath(gallery, u)));
    const first = record.childPosts[0];
    return {
      record, local, here, width, height,
      clip: clip ? `/media/https_/${new URL(clip).host}${new URL(clip).pathname}` : null,
      prompt: record.originalPrompt || record.prompt || '',
      model: record.modelName || first?.modelName || null,
      mode: record.mode || first?.mode || null,
      liked: record.userInteractionStatus?.likeStatus ?? (record.id.charCodeAt(0) % 3 === 0),
    };
  });
}

/** Posts newest first; with a count, the samples again and again, in bursts as people make them. */
export function makePosts(gallery, count, seed = 0) {
  const samples = samplePosts(gallery);
  const total = count || samples.length;
  let time = Date.UTC(2026, 7, 29, 20) / 1000 + seed;
  return Array.from({ length: total }, (_, i) => {
    const sample = samples[count ? (i * 37 + Math.floor(i / 60) * 11) % samples.length : samples.length - 1 - i];
    // Days of very different size: the gap between two posts swings between seconds and hours.
    time -= count ? Math.max(20, 60 * 60 * 24 * 700 / total * (0.15 + 2 * Math.sin(i / total * 40) ** 4)) : 0;
    return {
      id: count ? `${sample.record.id.slice(0, 24)}${String(seed + i).padStart(12, '0')}` : sample.record.id,
      kind: 'image', model: sample.model, mode: sample.mode, liked: sample.liked, likedWord: sample.liked ? 'yes' : 'unknown',
      state: sample.here && i % 41 !== 40 ? 'present' : 'missing', local: sample.local,
      ratio: sample.here ? ratioByte(sample.width, sample.height) : 0, width: sample.width, height: sample.height,
      children: sample.record.childPosts.length, duration: sample.clip && i % 4 === 0 ? 6 : null,
      prompt: sample.prompt, thumbnail: sample.here ? sample.record.id : null, clip: sample.clip,
      media: sample.here ? `/media/https_/${sample.local.split('/https_/')[1]}` : null,
      created_at: count ? new Date(time * 1000).toISOString() : sample.record.createTime,
    };
  });
}

const orders = { model: (p) => p.model ?? '', type: (p) => p.kind, likes: (p) => (p.liked ? 0 : 1) };

export function matching(posts, query) {
  // Words and `field:value,value` only; the real server knows the whole language.
  const parts = (query.get('filter') ?? '').split(/\s+/).filter(Boolean);
  const words = parts.filter((part) => !part.includes(':')).map((word) => word.toLowerCase());
  const fields = { type: 'kind', model: 'model', mode: 'mode', liked: 'likedWord', state: 'state' };
  const wanted = parts.filter((part) => part.includes(':')).map((part) => [fields[part.split(':')[0]], part.split(':')[1].split(',')]);
  const found = posts.filter((post) => wanted.every(([field, values]) => values.includes(post[field]))
    && words.every((word) => post.prompt.toLowerCase().includes(word)));
  const sort = query.get('sort') ?? 'date_desc';
  if (sort === 'date_asc') return found.reverse();
  const order = orders[sort];
  return order ? found.map((p) => [order(p), p]).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)).map((x) => x[1]) : found;
}

const labels = { date_desc: (p) => p.created_at.slice(0, 10), date_asc: (p) => p.created_at.slice(0, 10), model: (p) => p.model ?? '', type: (p) => p.kind };

const flagsOf = (post) => 0 | (post.liked ? 4 : 0) | (post.state === 'missing' ? 8 : 0) | (post.children ? 16 : 0) | (post.thumbnail ? 64 : 0);

export function gridIndex(posts, library, sort) {
  const sections = [];
  const label = labels[sort] ?? (() => '');
  posts.forEach((post, i) => {
    const last = sections.at(-1);
    if (last && last.label === label(post)) last.count += 1;
    else sections.push({ label: label(post), start: i, count: 1 });
  });
  let header = JSON.stringify({ version: library.version, total: library.posts.length, sort, chunk: 256, sections });
  const bytes = Buffer.byteLength(header);
  header += ' '.repeat((4 - (bytes % 4)) % 4);
  const head = Buffer.alloc(12);
  head.write('8XI1');
  head.writeUInt32LE(posts.length, 4);
  head.writeUInt32LE(Buffer.byteLength(header), 8);
  return Buffer.concat([head, Buffer.from(header), Buffer.from(posts.map((p) => p.ratio)), Buffer.from(posts.map(flagsOf))]);
}

export function gridCards(posts, version, chunk) {
  const cards = posts.slice(chunk * 256, chunk * 256 + 256).map((post) => ({
    id: post.id, kind: post.kind, ratio: post.ratio, flags: flagsOf(post), width: post.width, height: post.height,
    duration: post.duration, children: post.children, alt: post.prompt.slice(0, 120), created_at: post.created_at,
    model: post.model, mode: post.mode, thumbnail: post.thumbnail, placeholder: '3OcRJYB4d3h/iIeHeEh3eIhw+j2w', media: post.media, preview: post.clip,
  }));
  return { version, chunk, cards };
}
