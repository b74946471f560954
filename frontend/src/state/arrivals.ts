// Decides whether a newer order may take the place of the one on screen without anything jumping.
import { HAS_THUMBNAIL } from '$api/index';
import type { Section, ViewIndex } from '$api/index';

export type Arrival = 'in place' | 'anchored' | 'wait';

interface OnScreen {
  first: number;
  last: number;
}

function sameSections(a: readonly Section[], b: readonly Section[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((section, i) => {
    const other = b[i];
    return other !== undefined && section.label === other.label && section.count === other.count;
  });
}

/** First and last item of the sections that are on screen: rows are cut per section, so one ratio moves them all. */
function extent(sections: readonly Section[], seen: OnScreen): [number, number] {
  const touched = sections.filter((s) => s.start <= seen.last && s.start + s.count > seen.first);
  const last = touched.at(-1);
  return [touched[0]?.start ?? 0, last ? last.start + last.count : 0];
}

function ratiosDiffer(a: Uint8Array, b: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (a[i] !== b[i]) return true;
  return false;
}

/** "in place": every box stays; "anchored": boxes move, none with a picture on screen; "wait": something would jump. */
export function mayApply(now: ViewIndex, next: ViewIndex, seen: OnScreen | null): Arrival {
  if (now.count === 0) return 'anchored';
  if (now.count !== next.count || !sameSections(now.sections, next.sections)) return 'wait';
  if (!ratiosDiffer(now.ratios, next.ratios, 0, now.count)) return 'in place';
  if (!seen) return 'anchored';
  const [from, to] = extent(now.sections, seen);
  if (!ratiosDiffer(now.ratios, next.ratios, from, to)) return 'anchored';
  const pictures = now.flags.subarray(seen.first, seen.last + 1).some((flag) => (flag & HAS_THUMBNAIL) !== 0);
  return pictures ? 'wait' : 'anchored';
}
