// Facts about the room of similar posts: what is said, what is asked, and which answer counts.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Question, SimilarAnswer } from '$api/similar';
import { SimilarSearch } from './search.svelte';
import { bandOf, percent, whyLine } from './words';

const answer = (more: Partial<SimilarAnswer> = {}): SimilarAnswer => ({
  anchors: [], hits: [], index: { state: 'ready', behind: 0 }, pictures_waiting: 0, ...more,
});
const A = 'a';

describe('words', () => {
  it('name bands and percents', () => {
    expect([1.8, 0.9, 0.61, 0.4, 0.1, 0].map(bandOf)).toEqual(['nearly the same', 'nearly the same', 'close', 'related', 'something in common', 'anything']);
    expect([percent(1.8), percent(0.826)]).toEqual(['100%', '83%']);
  });

  it('say why once', () => {
    const words = [{ word: 'neon', share: 0.5 }, { word: 'rain', share: 0.2 }];
    const others = { count: 0, share: 0 };
    const boosts = [{ name: 'same model', factor: 1.5 }];
    expect(whyLine({ words, others, boosts, picture: null, recipe: ['same model', 'same size'] })).toBe('neon, rain; same model ×1.5; same size');
    expect(whyLine({ words, others: { count: 14, share: 0.3 }, boosts: [], picture: null, recipe: [] })).toBe('neon, rain and 14 more');
    expect(whyLine({ words: [], others, boosts: [], picture: { structure: 0.92, colours: 1 }, recipe: [] })).toBe('structure 92%, colours 100%');
  });
});

describe('a question', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked once for many quick changes, with what is set then', async () => {
    const fetch = vi.fn<(question: Question) => Promise<SimilarAnswer>>(() => Promise.resolve(answer()));
    const search = new SimilarSearch(fetch);
    search.start([A]);
    for (const threshold of [0.1, 0.2, 0.3]) {
      search.threshold = threshold;
      search.look();
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(fetch).toHaveBeenCalledOnce();
    expect(fetch.mock.calls[0]?.[0]).toMatchObject({ anchors: [A], threshold: 0.3, filter: '', exclude_family: true });
  });

  it('waits for what is being made, and no longer', async () => {
    const fetch = vi.fn().mockResolvedValueOnce(answer({ index: { state: 'building', behind: 0 } })).mockResolvedValue(answer());
    const search = new SimilarSearch(fetch);
    search.start([A]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('leaves out what was rejected, until it is taken back or other posts are asked with', async () => {
    const fetch = vi.fn<(question: Question) => Promise<SimilarAnswer>>(() => Promise.resolve(answer()));
    const search = new SimilarSearch(fetch);
    search.start([A]);
    search.reject('x');
    await vi.advanceTimersByTimeAsync(500);
    search.restore('x');
    await vi.advanceTimersByTimeAsync(500);
    search.reject('y');
    search.start(['b']);
    await vi.advanceTimersByTimeAsync(500);
    expect(fetch.mock.calls.map(([question]) => question.rejected)).toEqual([['x'], [], []]);
  });

  it('that fails says so', async () => {
    const search = new SimilarSearch(() => Promise.reject(new Error('away')));
    search.start([A]);
    await vi.advanceTimersByTimeAsync(10);
    expect([search.problem, search.loading]).toEqual(['away', false]);
  });
});
