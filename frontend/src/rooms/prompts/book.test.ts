// Facts about the list of prompts: pages, searching at rest, and late answers.
import { describe, expect, it, vi } from 'vitest';
import type { Prompt, PromptPage } from '$api/overview';
import { Book } from './book.svelte';

const prompt = (text: string): Prompt => ({
  prompt: text, usage_count: 1, mode_type: 'parent', first_used: null, last_used: null, id: text, filter: '', sample_posts: [],
});
const page = (next: string | null, ...texts: string[]): PromptPage => ({ prompts: texts.map(prompt), total: 4, next_cursor: next });
const texts = (book: Book): string[] => book.prompts.map((one) => one.prompt);

describe('the list of prompts', () => {
  it('goes on page by page and stops at its end', async () => {
    const list = vi.fn((_sort: string, cursor: string | null) => Promise.resolve(cursor ? page(null, 'c', 'd') : page('x', 'a', 'b')));
    const book = new Book({ list, search: vi.fn() });
    await book.start();
    await book.next();
    await book.next();
    expect(texts(book)).toEqual(['a', 'b', 'c', 'd']);
    expect(list).toHaveBeenCalledTimes(2);
    expect(book.more).toBe(false);
  });

  it('asks once for ten quick letters', async () => {
    vi.useFakeTimers();
    const search = vi.fn(() => Promise.resolve(page(null, 'fox')));
    const book = new Book({ list: () => Promise.resolve(page(null, 'a')), search });
    for (let length = 1; length <= 10; length++) book.type('red foxes!'.slice(0, length));
    await vi.advanceTimersByTimeAsync(299);
    expect(search).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(search).toHaveBeenCalledOnce();
    expect([texts(book), book.found]).toEqual([['fox'], 'red foxes!']);
    vi.useRealTimers();
  });

  it('never shows a late answer over a newer one', async () => {
    let answer: (late: PromptPage) => void = () => undefined;
    const late = new Promise<PromptPage>((done) => (answer = done));
    const search = vi.fn((words: string) => (words === 'old' ? late : Promise.resolve(page(null, words))));
    const book = new Book({ list: vi.fn(), search });
    book.typed = 'old';
    const first = book.start();
    book.typed = 'new';
    await book.start();
    answer(page(null, 'old'));
    await first;
    expect([texts(book), book.loading]).toEqual([['new'], false]);
  });

  it('says what went wrong and keeps what it had', async () => {
    const list = vi.fn().mockResolvedValueOnce(page(null, 'a')).mockRejectedValueOnce(new Error('away'));
    const book = new Book({ list, search: vi.fn() });
    await book.start();
    await book.start();
    expect([texts(book), book.problem]).toEqual([['a'], 'away']);
  });
});
