// The words of the keeping room: work, backups and zips as a person reads them.
import { describe, expect, it } from 'vitest';
import type { Backup } from '$api/keeping';
import type { Job } from '$api/types';
import { backupFacts, restorable, workWords, zipsOf, zipWords } from './words';

const NOW = Date.parse('2026-11-22T12:00:00Z');

function job(change: Partial<Job>): Job {
  return {
    id: '1', kind: 'keeping.export_zip', title: 'Preparing an export', state: 'succeeded', progress_done: null,
    progress_total: null, note: null, created_at: '2026-11-22T10:00:00Z', finished_at: '2026-11-22T11:00:00Z', ...change,
  };
}

function backup(change: Partial<Backup>): Backup {
  return {
    name: 'one', state: 'proven', damaged: null, size_bytes: 12_000_000, kind: 'scheduled', made_at: null, version: '1.4.0',
    posts: 1203, files: 9, proven_at: null, proof: null, can_restore: true, ...change,
  };
}

describe('what a job is at', () => {
  it('is how far it is, and what it says of itself', () => {
    const running = job({ title: 'Copying', state: 'running', progress_done: 300, progress_total: 8000, note: '23 MB copied' });
    expect(workWords(running)).toBe('Copying: 300 of 8,000, 23 MB copied');
    expect(workWords({ ...running, progress_total: null, note: '' })).toBe('Copying');
  });

  it('is its turn while it waits', () => {
    expect(workWords(job({ title: 'Copying', state: 'queued' }))).toBe('Copying: waits for its turn');
  });
});

describe('a backup', () => {
  it('says which version made it', () => {
    expect(backupFacts(backup({}))).toBe('By itself · 1,203 posts · 12 MB · version 1.4.0');
    expect(backupFacts(backup({ kind: null, posts: null, version: null }))).toBe('12 MB');
  });

  it('is gone back to only where that can end well', () => {
    expect((['proven', 'not proven', 'failed', 'damaged'] as const).filter((state) => restorable(backup({ state })))).toEqual(['proven', 'not proven']);
    expect(restorable(backup({ can_restore: false }))).toBe(false);
  });
});

describe('zips', () => {
  const old = job({ id: 'old', finished_at: '2026-11-14T11:00:00Z' });
  const failed = job({ id: 'failed', state: 'failed', error_message: 'There is no room left.' });

  it('are offered as long as they are kept', () => {
    expect(zipsOf([job({}), old, job({ id: 'other', kind: 'ops.make_backup' })], NOW).map((one) => one.id)).toEqual(['1']);
  });

  it('name the last one that could not be made, with its reason', () => {
    expect(zipsOf([failed, job({})], NOW).map((one) => one.id)).toEqual(['failed', '1']);
    expect(zipsOf([job({}), failed], NOW).map((one) => one.id)).toEqual(['1']);
    expect(zipWords(failed)).toBe('There is no room left. Nothing was changed; prepare it again.');
  });

  it('say what is in them', () => {
    expect(zipWords(job({ result: { posts: 1203, size_bytes: 23e9 } }))).toBe('1,203 posts · 23 GB');
  });
});
