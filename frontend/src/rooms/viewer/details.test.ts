// What the panel says follows from the record alone.
import { describe, expect, it } from 'vitest';
import {
  around, cardLabel, downloadName, fileLines, isWebAddress, lineageOf, promptParts, sizeWords, stackNeighbours, whyWords,
} from './details';
import { card, record } from './details.fixture';

const clips = ['a', 'b', 'c', 'd', 'e'].map((id) => card(id, { kind: 'video', duration: 6 }));
const stack = [card('root'), ...clips];

describe('promptParts', () => {
  const root = record('root', { effective_prompt: 'a felt pumpkin' });

  it('puts a clip under the prompt of its picture, with its own beside its number', () => {
    const clip = record('b', { kind: 'video', effective_prompt: 'a bird passes', original_prompt: 'a bird passes', mode: 'custom', stack });
    expect(promptParts(clip, root)).toEqual([
      { heading: null, tag: null, text: 'a felt pumpkin' },
      { heading: 'Clip 2 of 5, own prompt', tag: 'custom', text: 'a bird passes' },
    ]);
  });
  it('marks an inherited prompt', () => {
    const clip = record('b', { effective_prompt: 'a felt pumpkin', prompt_inherited: true, stack });
    expect(promptParts(clip, root).map((part) => part.tag)).toEqual(['inherited']);
  });
  it('keeps what the provider made of the words', () => {
    const post = record('root', { effective_prompt: 'cat', original_prompt: 'cat', prompt: 'a cat, soft light' });
    expect(promptParts(post, post).map((part) => part.text)).toEqual(['cat', 'a cat, soft light']);
  });
  it('says nothing where there is nothing', () => {
    expect(promptParts(record('root'), null)).toEqual([]);
  });
});

describe('lineageOf', () => {
  it('shows three children and how many more', () => {
    const found = lineageOf(record('root', { stack }));
    expect([found?.children.length, found?.more, found?.edge]).toEqual([3, 2, '5 clips']);
  });
  it('shows a child with its parent', () => {
    const found = lineageOf(record('a', { stack, parent: card('root') }));
    expect([found?.parent?.id, found?.self?.id, found?.children.length]).toEqual(['root', 'a', 0]);
  });
  it('is silent for a post alone', () => {
    expect(lineageOf(record('root', { stack: [card('root')] }))).toBeNull();
  });
});

it('names files by role and numbers several', () => {
  const file = { state: 'present', reason: null, url: null, path: null, media: null, size_bytes: null, mime_type: null, width: null, height: null, duration: null, fault: null, verified_at: null } as const;
  const names = fileLines([{ ...file, role: 'media', position: 0 }, { ...file, role: 'audio', position: 0 }, { ...file, role: 'audio', position: 1 }]);
  expect(names.map((line) => line.name)).toEqual(['File', 'Sound 1', 'Sound 2']);
});

it('says size with what is known of it', () => {
  expect([sizeWords(record('x', { width: 1024, height: 768, size_bytes: 80_123 })), sizeWords(record('x'))]).toEqual(['1024 × 768 · 80 KB', null]);
});

it('names a download by the post, with the ending of the file or of its type', () => {
  expect(downloadName(record('x', { media: '/media/https_/h/users/1/image.jpg' }))).toBe('x.jpg');
  expect(downloadName(record('x', { media: '/media/https_/h/users/1/content', mime_type: 'video/mp4' }))).toBe('x.mp4');
});

it('makes links of web addresses only', () => {
  expect(['https://a.b/c', 'javascript:alert(1)', null].map(isWebAddress)).toEqual([true, false, false]);
});

it('knows both neighbours in the stack and stops at its ends', () => {
  expect([stackNeighbours(stack, 'a'), stackNeighbours(stack, 'root').before, stackNeighbours(stack, 'e').after]).toEqual([
    { before: 'root', after: 'b' }, null, null,
  ]);
});

it('draws only a part of a huge stack, around what is open', () => {
  const many = Array.from({ length: 1000 }, (_, at) => card(String(at)));
  expect(around(many, '500', 10).map((one) => one.id)).toEqual(['495', '496', '497', '498', '499', '500', '501', '502', '503', '504']);
  expect(around(many, '0', 3).map((one) => one.id)).toEqual(['0', '1', '2']);
});

it('says why and what', () => {
  expect(whyWords({ words: ['soft', '3d'], others: 0, boosts: ['same model'] })).toBe('soft, 3d; same model');
  expect(whyWords({ words: ['a1', 'b1', 'c1', 'd1', 'e1'], others: 2, boosts: [] })).toBe('a1, b1, c1, d1 and 3 more');
  expect(cardLabel(card('x', { kind: 'video', duration: 6, alt: 'a bird' }))).toBe('Clip, 0:06: a bird');
});
