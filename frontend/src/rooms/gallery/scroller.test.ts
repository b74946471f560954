// Facts about scrolling further than a browser can.
import { describe, expect, it } from 'vitest';
import { MOST_PIXELS, Scroller } from './scroller';

function scroller(total: number, view = 800): Scroller {
  const made = new Scroller();
  made.resize(total, view);
  return made;
}

describe('Scroller', () => {
  it('is the browser’s own scrolling while the spacer is high enough', () => {
    const it_ = scroller(500_000);
    expect(it_.spacer).toBe(500_000);
    expect(it_.scrolled(123_456)).toBeNull();
    expect(it_.logical).toBe(123_456);
    expect(it_.offset).toBe(0);
  });

  it('never makes a spacer beyond the cap', () => {
    expect(scroller(60_000_000).spacer).toBe(MOST_PIXELS);
  });

  it('moves one to one for small moves', () => {
    const it_ = scroller(60_000_000);
    it_.jump(30_000_000);
    const before = it_.logical;
    it_.scrolled(it_.top + 120);
    expect(it_.logical).toBe(before + 120);
  });

  it('moves by proportion for jumps', () => {
    const it_ = scroller(60_000_000);
    it_.scrolled((MOST_PIXELS - 800) / 2);
    expect(it_.logical).toBeCloseTo((60_000_000 - 800) / 2, -1);
  });

  it('reaches the last pixel by a jump and by small steps', () => {
    const it_ = scroller(60_000_000);
    it_.scrolled(MOST_PIXELS - 800);
    expect(it_.logical).toBe(it_.most);

    const steps = scroller(60_000_000);
    steps.jump(steps.most - 5000);
    for (let i = 0; i < 50; i++) steps.scrolled(steps.top + 120);
    expect(steps.logical).toBe(steps.most);
  });

  it('never meets the edge of the spacer before the edge of the view', () => {
    const it_ = scroller(60_000_000);
    it_.jump(3_000_000);
    let logical = it_.logical;
    for (let i = 0; i < 26_000 && it_.logical > 0; i++) {
      it_.scrolled(it_.top - 120);
      expect(it_.logical).toBe(Math.max(0, logical - 120));
      expect(it_.top).toBeGreaterThanOrEqual(0);
      logical = it_.logical;
    }
    expect(it_.logical).toBe(0);
  });

  it('settles without moving what is seen', () => {
    const it_ = scroller(60_000_000);
    it_.jump(30_000_000);
    for (let i = 0; i < 100; i++) it_.scrolled(it_.top + 100);
    const seen = it_.logical;
    const top = it_.settle();
    expect(top).not.toBeNull();
    expect(it_.logical).toBe(seen);
    expect(it_.settle()).toBeNull();
  });

  it('keeps jumps inside', () => {
    const it_ = scroller(10_000);
    it_.jump(-50);
    expect(it_.logical).toBe(0);
    it_.jump(1e9);
    expect(it_.logical).toBe(9200);
  });
});
