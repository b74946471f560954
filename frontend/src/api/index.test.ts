// Facts about the binary index, and about errors on the way.
import { describe, expect, it } from 'vitest';
import { sizeFor, thumbnailUrl } from './cards';
import { ApiError, address, errorFrom } from './http';
import { parseIndex, viewQuery } from './index';

function binary(header: object, ratios: number[], flags: number[], count = ratios.length): ArrayBuffer {
  let text = JSON.stringify(header);
  while (new TextEncoder().encode(text).length % 4) text += ' ';
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(12 + head.length + ratios.length + flags.length);
  bytes.set(new TextEncoder().encode('8XI1'));
  new DataView(bytes.buffer).setUint32(4, count, true);
  new DataView(bytes.buffer).setUint32(8, head.length, true);
  bytes.set(head, 12);
  bytes.set(ratios, 12 + head.length);
  bytes.set(flags, 12 + head.length + ratios.length);
  return bytes.buffer;
}

const header = { version: 7, total: 9, sort: 'model', chunk: 256, sections: [{ label: '日本', start: 0, count: 3 }] };

describe('parseIndex', () => {
  it('reads header, ratios and flags', () => {
    const index = parseIndex(binary(header, [0, 128, 255], [4, 0, 65]));
    expect([index.version, index.total, index.count, index.sections[0]?.label]).toEqual([7, 9, 3, '日本']);
    expect([...index.ratios]).toEqual([0, 128, 255]);
    expect([...index.flags]).toEqual([4, 0, 65]);
  });

  it('reads an empty view', () => {
    expect(parseIndex(binary({ ...header, sections: [] }, [], [])).count).toBe(0);
  });

  it('refuses what is no index and what is cut off', () => {
    expect(() => parseIndex(new ArrayBuffer(4))).toThrow('cut off');
    expect(() => parseIndex(new ArrayBuffer(64))).toThrow('not an index');
    expect(() => parseIndex(binary(header, [1], [1], 50))).toThrow('cut off');
  });
});

describe('addresses', () => {
  it('leaves out what is not set', () => {
    expect(address('/api/x', { a: '', b: null, c: undefined, d: 0, e: 'ä b' })).toBe('/api/x?d=0&e=%C3%A4+b');
  });

  it('asks for a view by filter, order and time zone', () => {
    const query = viewQuery({ filter: 'cat liked:yes', sort: 'random', seed: 4 });
    expect(query).toMatchObject({ filter: 'cat liked:yes', sort: 'random', seed: 4 });
    expect(query['tz']).toBeTruthy();
  });

  it('chooses the smallest picture that fills the box', () => {
    expect([sizeFor(100, 150, 1), sizeFor(150, 224, 1), sizeFor(150, 224, 2), sizeFor(600, 400, 2)]).toEqual([160, 320, 640, 640]);
    expect(thumbnailUrl('ab', 320)).toBe('/derived/ab/320.webp');
  });
});

describe('errors', () => {
  it('keep code, message and request', () => {
    const error = errorFrom(404, '{"error":"post_not_found","message":"There is no post.","details":{"id":1}}', 'r1');
    expect(error).toMatchObject({ status: 404, code: 'post_not_found', message: 'There is no post.', request: 'r1', away: false });
  });

  it('are understood even when the answer is not ours', () => {
    expect(errorFrom(502, '<html>', '')).toMatchObject({ code: 'http_502', away: true });
    expect(new ApiError(0, 'unreachable', '').away).toBe(true);
  });
});
