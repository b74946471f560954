// Thinking behind the plots: stretches without anything filled in, round numbers for the axis, names for values.
import type { By, CountedField, Stretch } from '$api/overview';

/** More empty stretches than this are not worth drawing: a library with one picture of 1970 and one of today. */
const MOST_BARS = 1200;
const DAY_MS = 86_400_000;

const dayOf = (text: string): Date => new Date(`${text}T00:00:00Z`);
const textOf = (day: Date): string => day.toISOString().slice(0, 10);

function following(day: Date, by: By): Date {
  if (by === 'month') return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
  return new Date(day.getTime() + (by === 'week' ? 7 : 1) * DAY_MS);
}

/** The stretches with the empty ones between them, oldest first. */
export function filled(stretches: readonly Stretch[], by: By): Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of stretches) {
    const last = found.at(-1);
    for (let day = last ? following(dayOf(last.from), by) : dayOf(stretch.from); textOf(day) < stretch.from; day = following(day, by)) {
      if (found.length > MOST_BARS) return [...stretches];
      const to = textOf(new Date(following(day, by).getTime() - DAY_MS));
      found.push({ from: textOf(day), to, stacks: 0, image: 0, video: 0, audio: 0, filter: '' });
    }
    found.push(stretch);
  }
  return found;
}

const FEW_BARS = 6;

/** The same stretches, or narrower ones where these would be a few bars in an empty plot. */
export function narrower(stretches: readonly Stretch[], by: By): By {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (by === 'day' || !first || !last) return by;
  const days = (dayOf(last.to).getTime() - dayOf(first.from).getTime()) / DAY_MS;
  if (days >= FEW_BARS * (by === 'month' ? 30 : 7)) return by;
  return by === 'month' ? 'week' : 'day';
}

/** A round number at or above the largest, and steps to it: 731 -> [0, 200, 400, 600, 800]. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((part) => part * power).find((one) => one >= rough && Number.isInteger(Math.max(one, 1))) ?? 1);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "Sep 2025", "29 Sep 2025", "29 Sep 2025 to 5 Oct 2025". */
export function stretchName(stretch: Stretch, by: By): string {
  const short = (format: Intl.DateTimeFormat, text: string): string => format.format(dayOf(text)).replace('Sept', 'Sep');
  if (by === 'month') return short(month, stretch.from);
  return by === 'day' ? short(date, stretch.from) : `${short(date, stretch.from)} to ${short(date, stretch.to)}`;
}

const NAMES: { readonly [field in CountedField]?: Record<string, string> } = {
  type: { image: 'Pictures', video: 'Clips', audio: 'Sound' },
  ratio: { other: 'Other shapes' },
  size: {
    'size:<100kB': 'Under 100 KB',
    'size:100kB..499999B': '100 to 500 KB',
    'size:500kB..1999999B': '500 KB to 2 MB',
    'size:2MB..9999999B': '2 to 10 MB',
    'size:>=10MB': '10 MB and more',
  },
};

const NONE: Record<CountedField, string> = {
  type: 'None', model: 'No model', mode: 'No mode', host: 'No address', ratio: 'Shape not known', size: 'Size not known',
};

export function valueName(field: CountedField, value: string | null): string {
  return value === null || value === '' ? NONE[field] : (NAMES[field]?.[value] ?? value);
}
