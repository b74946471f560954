// Where the keys of days, months and years lead, and the list of all places that one can jump to.
import type { Section, ViewIndex } from '$api/index';
import { longName, stretchesOf } from './months';
import { isByDay, sectionName } from './orders';

export type Unit = 'day' | 'month' | 'year';

const LENGTH: Record<Unit, number> = { day: 10, month: 7, year: 4 };

/** The stretch a section belongs to: a day, month or year, or in other orders the section itself. */
function stretchOf(section: Section, unit: Unit, byDay: boolean): string {
  return byDay ? section.label.slice(0, LENGTH[unit]) : section.label;
}

/** The first item of the next stretch, or of this one and then of the one before; the ends stay where they are. */
export function jumpFrom(index: Pick<ViewIndex, 'sections' | 'sort' | 'count'>, position: number, unit: Unit, step: 1 | -1): number {
  const byDay = isByDay(index.sort);
  const starts: number[] = [];
  let before: string | null = null;
  for (const section of index.sections) {
    const stretch = stretchOf(section, unit, byDay);
    if (stretch !== before) starts.push(section.start);
    before = stretch;
  }
  if (step > 0) return starts.find((start) => start > position) ?? Math.max(0, index.count - 1);
  return starts.findLast((start) => start < position) ?? 0;
}

export interface Place {
  name: string;
  count: number;
  start: number;
}

/** Months, or in other orders sections, by name. */
export function placesOf(index: Pick<ViewIndex, 'sections' | 'sort'>): Place[] {
  return stretchesOf(index.sections, 0).map(({ key, count, start }) => ({
    name: isByDay(index.sort) && key ? longName(key, index.sort) : sectionName(index.sort, key),
    count,
    start,
  }));
}

/** The item at a date as people write it in a date field; the nearest later one in the order where there is none. */
export function positionOfDate(index: Pick<ViewIndex, 'sections' | 'sort' | 'count'>, date: string): number {
  const downwards = index.sort !== 'date_asc';
  const found = index.sections.find(({ label }) => label !== '' && (downwards ? label <= date : label >= date));
  return found?.start ?? Math.max(0, index.count - 1);
}
