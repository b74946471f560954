// How large the pictures of the grid are: what suits the screen, times what the person likes.

const MOST_ON_SCREEN = 300;
const USUAL_RATIO = 0.75;

export const [SMALLEST, LARGEST] = [64, 640];
export const SCALES = [0.3, 0.45, 0.6, 0.8, 1, 1.25, 1.6, 2, 2.6] as const;

/** The size that a picture has where nothing was chosen. */
export function usualFor(phone: boolean, wide: boolean): number {
  return phone ? 132 : wide ? 248 : 224;
}

export function gapFor(phone: boolean): number {
  return phone ? 2 : 4;
}

/** The row height aimed at; never so small that the pool of tiles would not fill the view. */
export function targetFor(phone: boolean, wide: boolean, scale: number, width: number, height: number): number {
  const least = Math.sqrt((width * height) / (MOST_ON_SCREEN * USUAL_RATIO));
  return Math.round(Math.min(LARGEST, Math.max(SMALLEST, least, usualFor(phone, wide) * scale)));
}

/** One step larger or smaller. */
export function nextScale(scale: number, step: 1 | -1): number {
  const at = SCALES.reduce((best, value, i) => (Math.abs(value - scale) < Math.abs((SCALES[best] ?? 1) - scale) ? i : best), 0);
  return SCALES[Math.min(SCALES.length - 1, Math.max(0, at + step))] ?? 1;
}

/** Where a size stands on a slider from 0 to 100, whose steps are factors. */
export function stepOf(size: number): number {
  return Math.round((100 * Math.log(size / SMALLEST)) / Math.log(LARGEST / SMALLEST));
}

export function sizeAt(step: number): number {
  return SMALLEST * (LARGEST / SMALLEST) ** (step / 100);
}
