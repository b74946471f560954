// What the scrubber draws: months with a height by their count, fine ticks for how much was made, and years.
import type { Section } from '$api/index';
import { isByDay, sectionName } from './orders';

export interface Stretch {
  /** "2025-09", a model's name, or "" for what has no date. */
  key: string;
  start: number;
  count: number;
  /** Edges on the scrubber, in pixels. */
  from: number;
  to: number;
  sections: Section[];
}

export interface YearMark {
  year: string;
  y: number;
}

const LEAST = 6;
const TICK = 7;
const isDay = (label: string): boolean => /^\d{4}-\d\d-\d\d$/.test(label);

/** Consecutive days of one month together; other sections as they are. */
function merge(sections: readonly Section[]): Omit<Stretch, 'from' | 'to'>[] {
  const stretches: Omit<Stretch, 'from' | 'to'>[] = [];
  for (const section of sections) {
    const key = isDay(section.label) ? section.label.slice(0, 7) : section.label;
    const last = stretches.at(-1);
    if (last && last.key === key) {
      last.count += section.count;
      last.sections.push(section);
    } else {
      stretches.push({ key, start: section.start, count: section.count, sections: [section] });
    }
  }
  return stretches;
}

export function stretchesOf(sections: readonly Section[], height: number): Stretch[] {
  const merged = merge(sections);
  const items = merged.reduce((sum, stretch) => sum + stretch.count, 0);
  const least = Math.min(LEAST, height / Math.max(1, merged.length));
  const free = Math.max(0, height - least * merged.length);
  let y = 0;
  return merged.map((stretch) => {
    const from = y;
    y += least + (items ? (stretch.count / items) * free : 0);
    return { ...stretch, from, to: y };
  });
}

/** The share of a stretch's days that a tick stands for, as posts per day. */
function density(stretch: Stretch, tick: number, ticks: number): number {
  const days = stretch.sections.length;
  const from = Math.floor((tick * days) / ticks);
  const to = Math.max(from + 1, Math.floor(((tick + 1) * days) / ticks));
  const made = stretch.sections.slice(from, to).reduce((sum, section) => sum + section.count, 0);
  return made / (to - from);
}

/** All ticks as one path, drawn from the end edge inwards: "M56 4h-20..." */
export function tickPath(stretches: readonly Stretch[], width: number, widest: number): string {
  const ticks = stretches.flatMap((stretch) => {
    const count = Math.max(1, Math.floor((stretch.to - stretch.from) / TICK));
    const step = (stretch.to - stretch.from) / count;
    return Array.from({ length: count }, (_, i) => ({
      y: stretch.from + (i + 0.5) * step,
      made: density(stretch, i, count),
    }));
  });
  const most = Math.max(1, ...ticks.map((tick) => tick.made));
  return ticks
    .map(({ y, made }) => `M${width} ${y.toFixed(1)}h-${(5 + (widest - 5) * Math.sqrt(made / most)).toFixed(1)}`)
    .join('');
}

/** The year, or the name where it is short; "" for what has no mark. */
function markOf(key: string, sort: string): string {
  if (isByDay(sort)) return /^\d{4}-/.test(key) ? key.slice(0, 4) : '';
  const name = shortName(key, sort);
  return name.length <= 12 ? name : '';
}

/** Where a new year (in other orders: another section) begins, leaving out labels that would touch each other or the top. */
export function yearMarks(stretches: readonly Stretch[], sort = 'date_desc'): YearMark[] {
  const marks: YearMark[] = [];
  let year = markOf(stretches[0]?.key ?? '', sort);
  let last = -10;
  for (const { key, from } of stretches) {
    const next = markOf(key, sort);
    if (next === '' || next === year) continue;
    year = next;
    if (from - last >= 28 && from > 24) marks.push({ year: next, y: (last = from) });
  }
  return marks;
}

/** Which item lies at this height of the scrubber. */
export function itemAt(stretches: readonly Stretch[], y: number): number {
  const stretch = stretches.find((s) => y < s.to) ?? stretches.at(-1);
  if (!stretch) return 0;
  const share = Math.min(1, Math.max(0, (y - stretch.from) / (stretch.to - stretch.from || 1)));
  return stretch.start + Math.min(stretch.count - 1, Math.floor(share * stretch.count));
}

/** At which height of the scrubber this item lies. */
export function heightOf(stretches: readonly Stretch[], item: number): number {
  const stretch = stretches.findLast((s) => s.start <= item);
  if (!stretch) return 0;
  return stretch.from + ((item - stretch.start) / Math.max(1, stretch.count)) * (stretch.to - stretch.from);
}

const SHORT = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' });

/** "2025-09" -> "Sep 25"; other names are those of their order. */
export function shortName(key: string, sort = 'date_desc'): string {
  if (!isByDay(sort) || key === '') return sectionName(sort, key);
  if (!/^\d{4}-\d\d$/.test(key)) return key;
  return `${SHORT.format(new Date(`${key}-01T00:00:00Z`))} ${key.slice(2, 4)}`;
}

const LONG = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export function longName(key: string, sort = 'date_desc'): string {
  return isByDay(sort) && /^\d{4}-\d\d$/.test(key) ? LONG.format(new Date(`${key}-01T00:00:00Z`)) : shortName(key, sort);
}
