// The strip of what just came in: only imports that were seen to go on, only what is new, gone again when undone.
import { expect, it } from 'vitest';
import type { ImportReport } from '$api/importing.types';
import { filterOf, JustIn } from './justin.svelte';

function report(state: ImportReport['state'], more: Partial<ImportReport> = {}): ImportReport {
  return {
    id: 'i', file_name: 'a.json', state, shape: null, progress: null, counts: { new: 3 }, started_at: null, finished_at: null,
    error: null, ...more,
  };
}

it('shows an import that ended while the page was open', () => {
  const strip = new JustIn();
  strip.hear(report('running'));
  expect(strip.shown).toBeNull();
  strip.hear(report('succeeded'));
  expect(strip.shown).toEqual({ id: 'i', name: 'a.json', count: 3 });
  expect(filterOf('i')).toBe('import:i');
});

it('says nothing of what had ended before, and of what brought nothing', () => {
  const strip = new JustIn();
  strip.hear(report('succeeded'));
  strip.hear(report('running', { id: 'j' }));
  strip.hear(report('succeeded', { id: 'j', counts: {} }));
  expect(strip.shown).toBeNull();
});

it('shows an import that was too quick to be seen going on, once', () => {
  const strip = new JustIn();
  strip.hear(report('succeeded', { id: 'before' }));
  strip.catchUp();
  strip.hear(report('succeeded', { id: 'before' }));
  expect(strip.shown).toBeNull();
  strip.hear(report('succeeded'));
  expect(strip.shown?.id).toBe('i');
  strip.dismiss();
  strip.hear(report('succeeded'));
  expect(strip.shown).toBeNull();
});

it('goes when it is told to, and when the import is undone; and does not come again by itself', () => {
  const strip = new JustIn();
  strip.hear(report('running'));
  strip.hear(report('partial'));
  strip.dismiss();
  strip.hear(report('partial'));
  expect(strip.shown).toBeNull();
  strip.hear(report('running', { id: 'j' }));
  strip.hear(report('succeeded', { id: 'j' }));
  strip.hear(report('undone', { id: 'j', undo: { going: false, redo: false, posts: 3, kept: 0, reverted: 0 } }));
  expect(strip.shown).toBeNull();
});
