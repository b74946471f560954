// Which headings the grid has: a day for itself when it fills a row, otherwise the days around it together.
import { RATIOS } from '$api/index';
import type { Section } from '$api/index';

export interface Group extends Section {
  /** The oldest or last day of the group as YYYY-MM-DD; the same as the label for a day by itself. */
  until: string;
  /** True when nothing else is of the months of this group. */
  wholeMonth: boolean;
}

/** What a section is remembered by: its oldest day, so that newer posts of a thin month change nothing; or its name. */
export function foldKey(group: Group): string {
  return group.until && group.until < group.label ? group.until : group.label;
}

/** The first items of the groups that are folded away. */
export function foldedAmong(groups: readonly Group[], folds: readonly string[] = []): Set<number> {
  return new Set(groups.filter((group) => folds.includes(foldKey(group))).map((group) => group.start));
}

const monthOf = (label: string): string => label.slice(0, 7);
const yearOf = (label: string): string => label.slice(0, 4);

function fills(section: Section, ratios: Uint8Array, perRow: number): boolean {
  let sum = 0;
  const end = section.start + section.count;
  for (let i = section.start; i < end && sum < perRow; i++) sum += RATIOS[ratios[i] as number] as number;
  return sum >= perRow;
}

const alone = (section: Section): Group => ({ ...section, until: section.label, wholeMonth: false });

/** Joins small neighbours that belong to the same stretch of time, in their order. */
function join(groups: readonly Group[], small: (group: Group) => boolean, stretch: (label: string) => string): Group[] {
  const joined: Group[] = [];
  let open = false;
  for (const group of groups) {
    const last = joined.at(-1);
    const fits = group.label !== '' && small(group);
    if (fits && open && last && stretch(last.label) === stretch(group.label)) {
      last.count += group.count;
      last.until = group.until;
    } else {
      joined.push({ ...group });
    }
    open = fits;
  }
  return joined;
}

/** Months whose days do not fill a row and a half each, as seen over the whole month, in one piece. */
function sparseMonths(sections: readonly Section[], ratios: Uint8Array, perRow: number): Set<string> {
  const sums = new Map<string, { days: number; sum: number }>();
  for (const section of sections) {
    const month = sums.get(monthOf(section.label)) ?? { days: 0, sum: 0 };
    month.days += 1;
    for (let i = section.start; i < section.start + section.count; i++) month.sum += RATIOS[ratios[i] as number] as number;
    sums.set(monthOf(section.label), month);
  }
  return new Set([...sums].filter(([, { days, sum }]) => sum < 1.5 * perRow * days).map(([label]) => label));
}

/** A day stands for itself in months that are full of them. Where days are thin they are joined within their month,
 *  and months that do not fill a row either, within their year: headings must not outweigh pictures. */
export function groupDays(sections: readonly Section[], ratios: Uint8Array, perRow: number): Group[] {
  const sparse = sparseMonths(sections, ratios, perRow);
  const small = (group: Group): boolean => !fills(group, ratios, perRow);
  const thin = (group: Group): boolean => sparse.has(monthOf(group.label)) || small(group);
  const months = markWholeMonths(join(sections.map(alone), thin, monthOf));
  return join(months, (group) => group.wholeMonth && small(group), yearOf);
}

function markWholeMonths(groups: Group[]): Group[] {
  const months = new Map<string, number>();
  for (const group of groups) months.set(monthOf(group.label), (months.get(monthOf(group.label)) ?? 0) + 1);
  for (const group of groups) group.wholeMonth = group.label !== '' && months.get(monthOf(group.label)) === 1;
  return groups;
}

/** Sections of orders that are not by date stay as they are. */
export function groupOthers(sections: readonly Section[]): Group[] {
  return sections.map(alone);
}

/** Letters whose posts do not fill a row stand together, from one to the other; what has no prompt stays by itself. */
export function groupLetters(sections: readonly Section[], ratios: Uint8Array, perRow: number): Group[] {
  return join(sections.map(alone), (group) => !fills(group, ratios, perRow), () => 'letters');
}

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
const DAY_YEAR = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC',
});
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

const MONTH_ONLY = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });
const dateOf = (label: string): Date => new Date(`${label}T00:00:00Z`);

function dayName(label: string, thisYear: number): string {
  const date = dateOf(label);
  return (date.getUTCFullYear() === thisYear ? DAY : DAY_YEAR).format(date).replace(',', '');
}

/** "Monday 29 September" (the year only when it is not this one), "3 to 14 August 2025", "August 2025", "May to August 2025". */
export function headingOf(group: Group, thisYear: number): string {
  if (group.label === group.until) return dayName(group.label, thisYear);
  const [from, to] = [group.label, group.until].sort() as [string, string];
  const month = MONTH.format(dateOf(to));
  if (monthOf(from) !== monthOf(to)) return `${MONTH_ONLY.format(dateOf(from))} to ${month}`;
  return group.wholeMonth ? month : `${Number(from.slice(8))} to ${Number(to.slice(8))} ${month}`;
}
