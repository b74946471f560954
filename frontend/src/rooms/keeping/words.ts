// What the keeping room calls things.
import type { Backup, Fault, Mending } from '$api/keeping';

export const FAULTS: Record<Fault, { word: string; state: string }> = {
  lost: { word: 'Not there any more', state: 'missing' },
  changed: { word: 'Not the bytes it had', state: 'corrupt' },
  truncated: { word: 'Cut short', state: 'corrupt' },
  swapped: { word: 'The bytes of another file', state: 'corrupt' },
  unreadable: { word: 'Cannot be read', state: 'refused' },
};

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

export const MENDINGS: Record<Mending, { label: string; done: string }> = {
  relink: { label: 'Put right', done: 'The right bytes are looked for' },
  download: { label: 'Fetch again', done: 'They are fetched again; what was there is put aside' },
  accept: { label: 'Accept as it is', done: 'They count as right from now on' },
};
