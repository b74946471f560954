// How a mirror stands, in one line, and what to write to have one.
import type { Mirror } from '$api/keeping';
import { formatCount } from '$kit/format';

export interface Standing {
  tone: 'well' | 'ill' | 'unknown';
  text: string;
}

export function standingOf(mirror: Mirror): Standing {
  switch (mirror.state) {
    case 'none': return { tone: 'unknown', text: 'There is no second copy yet' };
    case 'new': return { tone: 'unknown', text: `${formatCount(mirror.waiting, 'file')} to copy` };
    case 'well': return { tone: 'well', text: `${formatCount(mirror.files, 'file')} there, nothing waits` };
    case 'behind': return { tone: 'unknown', text: `${formatCount(mirror.waiting, 'file')} not there yet` };
    case 'faulty': return { tone: 'ill', text: `${formatCount(mirror.faulty, 'file')} not right there; copying now mends that` };
    case 'away': return { tone: 'ill', text: 'The mirror is away' };
    case 'full': return { tone: 'ill', text: 'The mirror is full' };
    case 'refuses': return { tone: 'ill', text: 'The mirror does not let us in' };
    case 'failed': return { tone: 'ill', text: 'The last run did not end well' };
  }
}

export const SETTINGS = {
  folder: 'SOVIA_MIRROR_FOLDER=/mnt/second-disk/8xsovia',
  bucket: [
    'SOVIA_MIRROR_BUCKET=my-media',
    'SOVIA_MIRROR_ENDPOINT=https://s3.example.com',
    'SOVIA_MIRROR_REGION=eu-central-1',
    'SOVIA_MIRROR_ACCESS_KEY=...',
    'SOVIA_MIRROR_SECRET_KEY=...',
  ].join('\n'),
} as const;
