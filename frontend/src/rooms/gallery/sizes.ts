// How large the pictures of the grid are: what suits the screen, times what the person likes.

const MOST_ON_SCREEN = 90;
const USUAL_RATIO = 0.75;

export const SCALES = [0.45, 0.6, 0.8, 1, 1.25, 1.6, 2, 2.6] as const;

export function gapFor(phone: boolean): number {
  return phone ? 2 : 4;
}

/** The row height aimed at; never so small that the pool of tiles would not fill the view. */
export function targetFor(phone: boolean, wide: boolean, scale: number, width: number, height: number): number {
  const usual = phone ? 132 : wide ? 248 : 224;
  const least = Math.sqrt((width * height) / (MOST_ON_SCREEN * USUAL_RATIO));
  return Math.round(Math.min(640, Math.max(64, least, usual * scale)));
}

/** One step larger or smaller. */
export function nextScale(scale: number, step: 1 | -1): number {
  const at = SCALES.reduce((best, value, i) => (Math.abs(value - scale) < Math.abs((SCALES[best] ?? 1) - scale) ? i : best), 0);
  return SCALES[Math.min(SCALES.length - 1, Math.max(0, at + step))] ?? 1;
}
