// Facts about the one line that says how whole the library is.
import { describe, expect, it } from 'vitest';
import type { Health } from '$api/keeping';
import { keyOf, verdictOf } from './health.svelte';

const NOW = new Date('2026-11-21T12:00:00');
const WELL: Health = {
  files: 12_431, intact: 12_431, unproven: 0, missing: 0, damaged: 0, faulty: 0, faults: {}, strays: 0, away: 0, posts: 9000,
  last_proven_at: '2026-11-21T02:10:00', last_looked_at: null, last_backup_at: null, verify_days: 30, free_bytes: 1e9,
};

describe('the verdict', () => {
  it('is calm when all is well', () => {
    expect(verdictOf(WELL, NOW)).toEqual({ tone: 'well', text: '12,431 of 12,431 intact, last proven today' });
  });

  it('names what is not as it was before anything else', () => {
    expect(verdictOf({ ...WELL, intact: 12_430, faulty: 1 }, NOW)?.text).toBe('1 file of 12,431 is not what it was');
    expect(verdictOf({ ...WELL, faulty: 3 }, NOW)).toEqual({ tone: 'ill', text: '3 files of 12,431 are not what they were' });
  });

  it('does not call proven what nobody looked at', () => {
    expect(verdictOf({ ...WELL, intact: 0, unproven: 5, files: 5, last_proven_at: null }, NOW)?.text).toBe('5 files here, not proven yet');
  });

  it('says nothing of a library without files', () => {
    expect(verdictOf({ ...WELL, files: 0, intact: 0 }, NOW)).toBeNull();
    expect(verdictOf({ ...WELL, files: 4, intact: 0, missing: 4 }, NOW)).toBeNull();
  });

  it('names what is wrong with the mirror behind it', () => {
    const away = { ...WELL, mirror: 'away' } as const;
    expect(verdictOf(away, NOW)).toEqual({ tone: 'unknown', text: '12,431 of 12,431 intact, last proven today; the mirror is away' });
    expect(keyOf(away)).not.toBe(keyOf(WELL));
  });

  it('comes back when something else is wrong', () => {
    expect(keyOf(WELL)).not.toBe(keyOf({ ...WELL, faulty: 1 }));
  });
});
