// Facts about cards by position.
import { describe, expect, it, vi } from 'vitest';
import type { Card, CardChunk } from '$api/types';
import { HAS_THUMBNAIL } from '$api/index';
import { mayApply } from './arrivals';
import { Pager } from './pager';

const card = (id: string, change: Partial<Card> = {}): Card => ({
  id, root_id: id, kind: 'image', ratio: 128, flags: 0, width: null, height: null, duration: null, children: 0, alt: '', created_at: null,
  model: null, mode: null, thumbnail: null, placeholder: null, media: null, sound: null, preview: null, ...change,
});
const chunkOf = (chunk: number, version = 1): CardChunk => ({
  version, chunk, cards: Array.from({ length: 4 }, (_, i) => card(`p${chunk * 4 + i}`)),
});

function setUp(answer = (chunk: number): Promise<CardChunk> => Promise.resolve(chunkOf(chunk))) {
  const asked: number[] = [];
  const signals: AbortSignal[] = [];
  const events = { changed: vi.fn(), moved: vi.fn() };
  const pager = new Pager((chunk, signal) => {
    asked.push(chunk);
    signals.push(signal);
    return answer(chunk);
  }, 1, events, 4);
  return { pager, asked, signals, events };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

describe('Pager', () => {
  it('asks once for what covers the positions', async () => {
    const { pager, asked } = setUp();
    pager.want(2, 9);
    pager.want(2, 9);
    await settled();
    pager.want(2, 9);
    expect(asked).toEqual([0, 1, 2]);
    expect(pager.cardAt(5)?.id).toBe('p5');
    expect(pager.positionOf('p9')).toBe(9);
  });

  it('gives up what has been passed by', () => {
    const { pager, signals } = setUp(() => new Promise(() => {}));
    pager.want(0, 3);
    pager.want(400, 403);
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  });

  it('forgets what was not seen for long', async () => {
    const { pager, asked } = setUp();
    for (let chunk = 0; chunk < 40; chunk++) {
      pager.want(chunk * 4, chunk * 4);
      await settled();
    }
    expect(pager.cardAt(0)).toBeUndefined();
    expect(pager.positionOf('p0')).toBeUndefined();
    pager.want(0, 0);
    expect(asked.at(-1)).toBe(0);
  });

  it('drops cards of another order and says so', async () => {
    const { pager, events } = setUp((chunk) => Promise.resolve(chunkOf(chunk, 2)));
    pager.want(0, 0);
    await settled();
    expect(events.moved).toHaveBeenCalledWith(2);
    expect(pager.cardAt(0)).toBeUndefined();
  });

  it('waits before it asks again after a failure', async () => {
    const { pager, asked } = setUp(() => Promise.reject(new Error('away')));
    pager.want(0, 0);
    await settled();
    pager.want(0, 0);
    expect(asked).toEqual([0]);
  });

  it('keeps showing stale cards until the new ones are here', async () => {
    const { pager, asked } = setUp((chunk) => Promise.resolve(chunkOf(chunk, pager.version)));
    pager.want(0, 0);
    await settled();
    pager.renew(2);
    expect(pager.cardAt(0)?.id).toBe('p0');
    pager.want(0, 0);
    await settled();
    expect(asked).toEqual([0, 0]);
  });

  it('changes a card and answers the one before', async () => {
    const { pager, events } = setUp();
    pager.want(0, 0);
    await settled();
    expect(pager.patch('p1', { flags: 4 })?.flags).toBe(0);
    expect(pager.cardAt(1)?.flags).toBe(4);
    expect(pager.patch('nobody', {})).toBeUndefined();
    pager.merge([card('p2', { thumbnail: 'key' }), card('unknown')]);
    expect(pager.cardAt(2)?.thumbnail).toBe('key');
    expect(events.changed).toHaveBeenCalledTimes(3);
  });
});

describe('mayApply', () => {
  const index = (ratios: number[], flags: number[], counts: number[]) => {
    let start = 0;
    const sections = counts.map((count, i) => ({ label: String(i), start: (start += count) - count, count }));
    return { version: 1, total: 9, sort: 'date_desc', chunk: 256, count: ratios.length, sections, ratios: Uint8Array.from(ratios), flags: Uint8Array.from(flags) };
  };
  const now = index([1, 2, 3, 4], [HAS_THUMBNAIL, 0, 0, 0], [2, 2]);

  it.each([
    ['in place', index([1, 2, 3, 4], [0, 9, 0, 9], [2, 2]), { first: 0, last: 3 }],
    ['wait', index([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], [2, 3]), { first: 0, last: 3 }],
    ['wait', index([1, 9, 3, 4], [0, 0, 0, 0], [2, 2]), { first: 0, last: 1 }],
    ['anchored', index([1, 2, 3, 9], [0, 0, 0, 0], [2, 2]), { first: 0, last: 1 }],
    ['anchored', index([1, 2, 3, 9], [0, 0, 0, 0], [2, 2]), { first: 2, last: 3 }],
    ['anchored', index([1, 9, 3, 4], [0, 0, 0, 0], [2, 2]), null],
  ] as const)('%s', (expected, next, seen) => {
    expect(mayApply(now, next, seen)).toBe(expected);
  });

  it('fills an empty library at once', () => {
    expect(mayApply(index([], [], []), now, null)).toBe('anchored');
  });
});
