// Facts about jumping: by days, months and years, in other orders by sections, and to a date.
import { expect, it } from 'vitest';
import { jumpFrom, placesOf, positionOfDate } from './jumping';

const sections = [
  { label: '2025-10-02', start: 0, count: 2 },
  { label: '2025-10-01', start: 2, count: 1 },
  { label: '2025-09-30', start: 3, count: 4 },
  { label: '2024-12-31', start: 7, count: 1 },
];
const byDate = { sections, sort: 'date_desc' as const, count: 8 };

it('goes to the next day, month and year, and back', () => {
  expect([jumpFrom(byDate, 0, 'day', 1), jumpFrom(byDate, 0, 'month', 1), jumpFrom(byDate, 0, 'year', 1)]).toEqual([2, 3, 7]);
  expect([jumpFrom(byDate, 5, 'day', -1), jumpFrom(byDate, 3, 'day', -1), jumpFrom(byDate, 7, 'year', -1)]).toEqual([3, 2, 0]);
  expect([jumpFrom(byDate, 7, 'day', 1), jumpFrom(byDate, 0, 'day', -1)]).toEqual([7, 0]);
});

it('goes by sections in other orders', () => {
  const byModel = { sections: [{ label: 'a', start: 0, count: 3 }, { label: 'b', start: 3, count: 1 }, { label: '', start: 4, count: 2 }], sort: 'model' as const, count: 6 };
  expect([jumpFrom(byModel, 0, 'year', 1), jumpFrom(byModel, 3, 'day', 1)]).toEqual([3, 4]);
  expect(placesOf(byModel).map((place) => place.name)).toEqual(['a', 'b', 'No model']);
});

it('finds a date, or what comes behind it', () => {
  expect(['2025-10-01', '2025-10-15', '2025-09-01', '2020-01-01'].map((date) => positionOfDate(byDate, date))).toEqual([2, 0, 7, 7]);
  expect(placesOf(byDate).map((place) => [place.name, place.count])).toEqual([['October 2025', 3], ['September 2025', 4], ['December 2024', 1]]);
});
