// Facts about what the plots are drawn from.
import { describe, expect, it } from 'vitest';
import type { Stretch } from '$api/overview';
import { filled, narrower, stretchName, ticks, valueName } from './plot';

const stretch = (from: string, to = from): Stretch => ({ from, to, stacks: 1, image: 1, video: 0, audio: 0, filter: `date:${from}` });

describe('time', () => {
  it('has no holes', () => {
    expect(filled([stretch('2025-11-01', '2025-11-30'), stretch('2026-02-01', '2026-02-28')], 'month').map((one) => [one.from, one.to])).toEqual([
      ['2025-11-01', '2025-11-30'], ['2025-12-01', '2025-12-31'], ['2026-01-01', '2026-01-31'], ['2026-02-01', '2026-02-28'],
    ]);
    expect(filled([stretch('2025-02-27'), stretch('2025-03-02')], 'day').map((one) => one.stacks)).toEqual([1, 0, 0, 1]);
    expect(filled([stretch('2025-09-29'), stretch('2025-10-13')], 'week').map((one) => one.from)).toEqual(['2025-09-29', '2025-10-06', '2025-10-13']);
  });

  it('is not filled for ever', () => {
    expect(filled([stretch('1900-01-01'), stretch('2026-01-01')], 'day')).toHaveLength(2);
    expect(filled([], 'day')).toEqual([]);
  });

  it('is cut into pieces of which there are some', () => {
    const year = [stretch('2025-01-01', '2025-01-31'), stretch('2025-12-01', '2025-12-31')];
    const summer = [stretch('2025-08-01', '2025-08-31'), stretch('2025-09-01', '2025-09-30')];
    expect([narrower(year, 'month'), narrower(summer, 'month'), narrower([], 'month')]).toEqual(['month', 'week', 'month']);
    expect([narrower(summer, 'week'), narrower([stretch('2025-09-29', '2025-10-05')], 'week'), narrower([], 'day')]).toEqual(['week', 'day', 'day']);
  });

  it('is named', () => {
    expect(stretchName(stretch('2025-09-01'), 'month')).toBe('Sep 2025');
    expect(stretchName(stretch('2025-09-29', '2025-10-05'), 'week')).toBe('29 Sep 2025 to 5 Oct 2025');
  });
});

describe('the axis', () => {
  it.each([[0, [0, 1]], [1, [0, 1]], [3, [0, 1, 2, 3]], [731, [0, 200, 400, 600, 800]], [10, [0, 5, 10]], [1_000_000, [0, 250_000, 500_000, 750_000, 1_000_000]]])(
    'of %d ends above it in round numbers', (most, expected) => {
      expect(ticks(most)).toEqual(expected);
    },
  );
});

describe('values', () => {
  it('have names, also the missing ones', () => {
    expect(valueName('type', 'video')).toBe('Clips');
    expect(valueName('model', null)).toBe('No model');
    expect(valueName('host', 'toString')).toBe('toString');
    expect(valueName('ratio', '16:9')).toBe('16:9');
  });
});
