// A file is recognised and counted by its own bytes, in whatever blocks they come.
import { expect, it } from 'vitest';
import { JsonScan } from './json';
import { scan, textShape, type Scan } from './scan';

const POST = {
  id: 'p', createTime: '2025-09-08T10:00:00.123456Z', prompt: 'a "quoted\\" cat', mediaUrl: 'https://assets.example/a',
  userInteractionStatus: { likeStatus: true },
  originalPost: { id: 'o', mediaUrl: 'https://assets.example/o', createTime: '2020-01-01T00:00:00Z' },
  childPosts: [{ id: 'c', mediaUrl: 'https://assets.example/c', createTime: '2025-10-22T00:00:00Z', childPosts: [{ id: 'g', prompt: 'x' }] }],
};
const file = (...parts: (string | Uint8Array)[]): Blob => new Blob(parts as BlobPart[]);
const told = ({ shape, posts, children, media }: Scan): unknown[] => [shape, posts, children, media];

it.each([
  ['array', [POST, POST]], ['page', { posts: [POST, POST], nextCursor: '' }], ['pages', [{ posts: [POST] }, { posts: [POST] }]],
] as const)('counts posts, children and media of the shape %s', async (shape, value) => {
  expect(told(await scan(file(JSON.stringify(value, null, 2))))).toEqual([shape, 2, 4, 4]);
});

it('counts one post, one post a line, and posts in an account', async () => {
  const line = JSON.stringify(POST);
  expect(told(await scan(file(line)))).toEqual(['post', 1, 2, 2]);
  expect(told(await scan(file(`\ufeff${line}\n${line}\n`)))).toEqual(['lines', 2, 4, 4]);
  expect(told(await scan(file(JSON.stringify({ conversations: [], media_posts: [{ id: 'a', create_time: 'x' }] }))))).toEqual(['account', 1, 0, 0]);
  expect(told(await scan(file(JSON.stringify({ assets: [{ assetId: 'a', key: 'users/a' }] }))))).toEqual(['assets', 1, 0, 1]);
});

it('knows the first and the last day, of what is there and not of what is pointed at', async () => {
  const found = await scan(file(JSON.stringify([POST])));
  expect([found.first, found.last].map((when) => new Date(when ?? 0).toISOString().slice(0, 10))).toEqual(['2025-09-08', '2025-10-22']);
});

it('counts the same wherever the blocks are cut', () => {
  const bytes = new TextEncoder().encode(JSON.stringify([POST, { ...POST, prompt: '\\\\' }, { ...POST, prompt: 'قطة 猫 \\"' }]));
  for (let size = 1; size < 40; size++) {
    const json = new JsonScan();
    for (let at = 0; at < bytes.length; at += size) json.feed(bytes.slice(at, at + size));
    json.end();
    const { posts, children, media, last } = json.tally;
    expect([size, posts, children, media, last, json.broken]).toEqual([size, 3, 6, 6, Date.parse('2025-10-22T00:00:00Z'), null]);
  }
});

it('says where a file breaks off, with what stands there', async () => {
  const whole = JSON.stringify([POST, POST], null, 1);
  const short = await scan(file(whole.slice(0, whole.lastIndexOf('"likeStatus"'))));
  const lines = whole.slice(0, whole.lastIndexOf('"likeStatus"')).split('\n').length;
  expect([short.posts, short.broken?.text, short.broken?.line]).toEqual([1, 'The file ends too early', lines]);
  const { broken } = await scan(file('[{"id": 1},\n {"id": two]}'));
  expect([broken?.text, broken?.line, broken?.column]).toEqual(['This does not belong here', 2, 10]);
  expect(broken?.excerpt).toContain('"id": two');
  expect((await scan(file('[1, 2}'))).broken?.text).toBe('This bracket closes nothing');
});

it('reads what is packed', async () => {
  const packed = await new Response(file(JSON.stringify([POST])).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
  expect(told(await scan(file(new Uint8Array(packed))))).toEqual(['array', 1, 2, 2]);
});

it('tells web pages, lists of links, media and nothing apart', async () => {
  expect((await scan(file('<!DOCTYPE html><title>Sign in</title>'))).shape).toBe('web_page');
  const links = await scan(file('# mine\nhttps://assets.example/a\nhttps://assets.example/b\n\n'));
  expect([links.shape, links.links]).toEqual(['links', 2]);
  expect((await scan(file(new Uint8Array([0x89, 80, 78, 71, 13, 10])))).shape).toBe('media');
  expect([(await scan(file())).shape, (await scan(file(' \n'))).shape]).toEqual(['empty', 'empty']);
  const text = await scan(file('Dear diary'));
  expect([text.shape, text.begins]).toEqual(['text', 'Dear diary']);
  expect(textShape('{"a"')).toBe('json');
});

it('leaves the counting of captures to the server', async () => {
  const har = { log: { version: '1.2', pages: [{ id: 'x', title: 'y' }], entries: [{ request: { url: 'u' }, response: {} }, { request: {} }] } };
  const found = await scan(file(JSON.stringify(har)));
  expect([found.shape, found.posts, found.requests]).toEqual(['har', null, 2]);
});

it('reads the contents of a zip without opening it', async () => {
  const name = new TextEncoder().encode('ttl/export.json');
  const entry = new Uint8Array(46 + name.length);
  new DataView(entry.buffer).setUint32(0, 0x02014b50, true);
  new DataView(entry.buffer).setUint16(28, name.length, true);
  entry.set(name, 46);
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint32(12, entry.length, true);
  view.setUint32(16, 4, true);
  const found = await scan(file(new Uint8Array([0x50, 0x4b, 3, 4]), entry, end));
  expect([found.shape, found.contents]).toEqual(['zip', { members: 1, json: 1, media: 0 }]);
});
