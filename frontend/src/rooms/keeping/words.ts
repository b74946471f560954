// What the keeping room calls things.
import type { Backup } from '$api/keeping';

export const KINDS: Record<NonNullable<Backup['kind']>, string> = {
  scheduled: 'By itself',
  'by hand': 'By hand',
  'restore point': 'Before a restore',
  upgrade: 'Before an update',
};

export const STATES: Record<Backup['state'], { word: string; state: string }> = {
  proven: { word: 'Proven', state: 'done' },
  'not proven': { word: 'Not proven', state: 'unknown_outcome' },
  failed: { word: 'Proof failed', state: 'failed' },
  damaged: { word: 'Damaged', state: 'corrupt' },
};
