// The small thinking parts: thumbhashes, menus, icons, layers and held countdowns.
import { describe, expect, it, vi } from 'vitest';
import { drawing, ICON_NAMES } from './icons';
import { layerCount, pushLayer } from './layers';
import { placeMenu, stepEntry } from './menu';
import { averageColor, averageRatio, bytesOf, placeholderColor } from './thumbhash';
import { pausable } from './timer';

describe('thumbhash', () => {
  // luminance 21/63, both colour differences at their middle (31.5 rounds to 32), landscape 7:5, no alpha.
  const head = 21 | (32 << 6) | (32 << 12);
  const hash = Uint8Array.of(head & 255, (head >> 8) & 255, head >> 16, 5, 128, 0);

  it('reads the mean colour', () => {
    const color = averageColor(hash);
    expect(color?.a).toBe(1);
    for (const part of [color?.r, color?.g, color?.b]) expect(Math.abs((part ?? 0) - 85)).toBeLessThan(6);
  });
  it('reads the shape', () => {
    expect(averageRatio(hash)).toBeCloseTo(7 / 5);
    expect(averageRatio(Uint8Array.of(0, 0, 0, 4, 0))).toBeCloseTo(4 / 7);
  });
  it('answers nothing for what is no hash', () => {
    expect([bytesOf('%%'), averageColor(Uint8Array.of(1)), placeholderColor(null), placeholderColor('AA==')]).toEqual([
      null, null, null, null,
    ]);
  });
});

describe('menu', () => {
  const menu = { width: 248, height: 300 };
  const screen = { width: 1280, height: 860 };

  it('opens under its control', () => {
    expect(placeMenu({ left: 100, right: 140, top: 20, bottom: 52 }, menu, screen)).toEqual({ left: 100, top: 56 });
  });
  it('turns up and back at the edges', () => {
    expect(placeMenu({ left: 1200, right: 1240, top: 800, bottom: 832 }, menu, screen)).toEqual({ left: 992, top: 496 });
  });
  it('goes round, and finds letters from where it stands', () => {
    const labels = ['Open', 'Like', 'List', 'Trash'];
    expect(stepEntry('ArrowDown', 3, labels)).toBe(0);
    expect(stepEntry('ArrowUp', 0, labels)).toBe(3);
    expect(stepEntry('l', 1, labels)).toBe(2);
    expect(stepEntry('l', 2, labels)).toBe(1);
    expect(stepEntry('z', 0, labels)).toBeNull();
  });
});

it('draws every icon', () => {
  for (const name of ICON_NAMES) expect(drawing(name).line + drawing(name).dots, name).toMatch(/^M/);
  expect(ICON_NAMES.every((name) => !drawing(name).line.includes('NaN'))).toBe(true);
});

it('closes one layer for one Esc, the topmost first', () => {
  const closed: string[] = [];
  const gone = [pushLayer(() => closed.push('viewer')), pushLayer(() => closed.push('menu'))];
  const esc = (): boolean => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }));

  esc();
  expect(closed).toEqual(['menu']);
  gone[1]?.();
  esc();
  expect(closed).toEqual(['menu', 'viewer']);
  gone[0]?.();
  expect(layerCount()).toBe(0);
});

it('stands still while it is held', () => {
  vi.useFakeTimers();
  const done = vi.fn();
  const timer = pausable(1000, done);

  vi.advanceTimersByTime(900);
  timer.pause();
  vi.advanceTimersByTime(5000);
  expect(done).not.toHaveBeenCalled();
  timer.resume();
  vi.advanceTimersByTime(100);

  expect(done).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
