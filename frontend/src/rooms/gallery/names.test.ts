// What a tile says to those who do not see it.
import { expect, test } from 'vitest';
import type { Card } from '$api/types';
import { badgesOf, tileName } from './names';

const clip: Card = {
  id: 'a', root_id: 'a', kind: 'video', ratio: 128, flags: 1, width: 640, height: 480, duration: 6, children: 2, alt: 'waves', created_at: null,
  model: null, mode: null, thumbnail: 't', placeholder: null, media: '/media/a.mp4', sound: true, preview: null,
};

test('a clip with sound is told from a silent one', () => {
  expect(tileName(1, clip)).toBe('Clip: waves, 0:06, with sound, 3 in this stack');
  expect(tileName(1, { ...clip, sound: false })).toBe('Clip: waves, 0:06, 3 in this stack');
  expect(badgesOf(1, { ...clip, sound: null }).loud).toBe(false);
});

test('a sound needs not say that it is one', () => {
  expect(badgesOf(2, { ...clip, kind: 'audio', flags: 2 }).loud).toBe(false);
});

test('before the card is here its kind is told', () => {
  expect(tileName(1, undefined)).toBe('Clip, loading');
});
