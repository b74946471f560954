// Facts about words found in a text.
import { describe, expect, it } from 'vitest';
import { highlight } from './highlight';

const marked = (text: string, ...words: string[]): string =>
  highlight(text, words).map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join('');

describe('highlight', () => {
  it.each([
    ['A Red fox, red.', ['red'], 'A [Red] fox, [red].'],
    ['Café noir', ['cafe'], '[Café] noir'],
    ['Cafe\u0301 noir', ['café'], '[Cafe\u0301] noir'],
    ['灯台の上', ['台'], '灯[台]の上'],
    ['قِطَّة سوداء', ['قطة'], '[قِطَّة] سوداء'],
    ['red\nfox', ['red fox'], '[red\nfox]'],
    ['aaa', ['aa', 'a'], '[aa][a]'],
    ['<img src=x>', ['img'], '<[img] src=x>'],
    ['🦊 fox 🦊', ['fox'], '🦊 [fox] 🦊'],
    ['nothing', ['', ' ', 'zebra'], 'nothing'],
  ])('%s', (text, words, shown) => {
    expect(marked(text, ...words)).toBe(shown);
  });
});
