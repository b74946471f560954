// Where a picture stands on its stage: fit, zoom to a point, pan inside the edges, pinch. Numbers only.

export interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}
/** `scale` is screen pixels per picture pixel; `x`, `y` move the picture's middle away from the stage's middle. */
export interface Placement {
  scale: number;
  x: number;
  y: number;
}

/** The closest anyone may look, in screen pixels per picture pixel. */
export const CLOSEST = 8;
const STEP = 1.25;
/** Small clips and pictures fill the stage up to twice their size; beyond that they only get soft. */
const LARGEST_FIT = 2;

/** The scale at which the whole picture is seen and fills the stage. */
export function fitScale(picture: Size, stage: Size): number {
  if (picture.width <= 0 || picture.height <= 0 || stage.width <= 0 || stage.height <= 0) return 1;
  return Math.min(LARGEST_FIT, stage.width / picture.width, stage.height / picture.height);
}

/** The whole picture in the middle. */
export function fitted(picture: Size, stage: Size): Placement {
  return { scale: fitScale(picture, stage), x: 0, y: 0 };
}

export function isFitted(at: Placement, picture: Size, stage: Size): boolean {
  return Math.abs(at.scale / fitScale(picture, stage) - 1) < 0.005;
}

/** No further than the picture's edges; an axis on which it fits stays in the middle. */
export function keepInside(at: Placement, picture: Size, stage: Size): Placement {
  const reachX = Math.max(0, (picture.width * at.scale - stage.width) / 2);
  const reachY = Math.max(0, (picture.height * at.scale - stage.height) / 2);
  return {
    scale: at.scale,
    x: Math.min(reachX, Math.max(-reachX, at.x)),
    y: Math.min(reachY, Math.max(-reachY, at.y)),
  };
}

/** Zooms to `scale`, keeping what is under `point` (from the stage's middle) where it is. */
export function zoomTo(at: Placement, scale: number, point: Point, picture: Size, stage: Size): Placement {
  const smallest = Math.min(1, fitScale(picture, stage));
  const next = Math.min(Math.max(scale, smallest), Math.max(CLOSEST, smallest));
  const grown = next / at.scale;
  const moved = { scale: next, x: point.x - (point.x - at.x) * grown, y: point.y - (point.y - at.y) * grown };
  return keepInside(moved, picture, stage);
}

/** One step closer (1) or further (-1). Steps meet 100 % on the way instead of jumping over it. */
export function stepScale(scale: number, direction: 1 | -1): number {
  const next = direction > 0 ? scale * STEP : scale / STEP;
  const passes = (scale - 1) * (next - 1) < 0 && Math.abs(scale - 1) > 0.005;
  return passes ? 1 : next;
}

/** The wheel: a notch is about a fifth, a trackpad's small moves add up smoothly. */
export function wheelScale(scale: number, deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === 1 ? deltaY * 33 : deltaY;
  return scale * Math.exp(-Math.max(-300, Math.min(300, pixels)) * 0.0018);
}

/** Between the whole picture and 100 %; where the whole picture is that large already, twice as close. */
export function toggled(at: Placement, point: Point, picture: Size, stage: Size): Placement {
  if (!isFitted(at, picture, stage)) return fitted(picture, stage);
  const fit = fitScale(picture, stage);
  return zoomTo(at, fit > 0.95 ? fit * 2 : 1, point, picture, stage);
}

/** Two fingers: the middle between them moves the picture, their distance scales it. */
export function pinched(start: Placement, from: Pinch, to: Pinch, picture: Size, stage: Size): Placement {
  const scaled = zoomTo(start, start.scale * (to.distance / Math.max(1, from.distance)), from.middle, picture, stage);
  const moved = { ...scaled, x: scaled.x + to.middle.x - from.middle.x, y: scaled.y + to.middle.y - from.middle.y };
  return keepInside(moved, picture, stage);
}

export interface Pinch {
  middle: Point;
  distance: number;
}

export function pinchOf(a: Point, b: Point): Pinch {
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, distance: Math.hypot(a.x - b.x, a.y - b.y) };
}

/** "Fit", or the scale in percent. */
export function zoomWord(at: Placement, picture: Size, stage: Size): string {
  return isFitted(at, picture, stage) ? 'Fit' : `${Math.round(at.scale * 100)}%`;
}

export type Swipe = 'previous' | 'next' | 'close' | 'details' | null;

/** What a finger meant that went `dx`, `dy` in `ms`: far enough, or quick enough, and clearly in one direction. */
export function swipeOf(dx: number, dy: number, ms: number, rtl = false): Swipe {
  const [across, along] = [Math.abs(dx), Math.abs(dy)];
  const longest = Math.max(across, along);
  const quick = longest / Math.max(1, ms) > 0.5;
  if (longest < (quick ? 32 : 80) || Math.min(across, along) > longest * 0.7) return null;
  if (along > across) return dy > 0 ? 'close' : 'details';
  return dx > 0 !== rtl ? 'previous' : 'next';
}
