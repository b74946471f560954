// Playing time as numbers: frame steps that land inside frames, speeds, and where the playhead stands.

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4] as const;

/** When nothing better is known: the providers' clips run at 24 to 30 frames a second. */
export const USUAL_FRAME_SECONDS = 1 / 24;

/** The middle of the frame `steps` away: a seek to a frame's very edge shows either neighbour. */
export function stepTime(now: number, duration: number, frame: number, steps: number): number {
  const index = Math.floor(now / frame + 1e-3);
  const last = Math.max(0, Math.ceil(duration / frame - 1e-3) - 1);
  return (Math.min(last, Math.max(0, index + steps)) + 0.5) * frame;
}

/** The length of a frame from the times of two frames shown one after the other; null when it cannot be one. */
export function frameSeconds(before: number, now: number, speed: number): number | null {
  const apart = now - before;
  if (apart <= 0 || speed > 1) return null;
  return apart >= 1 / 240 && apart <= 1 / 5 ? apart : null;
}

/** 1 -> "1×", 0.25 -> "0.25×". */
export function speedWord(speed: number): string {
  return `${speed}×`;
}

/** Share of the way, 0 to 1. */
export function playedShare(now: number, duration: number): number {
  return duration > 0 ? Math.min(1, Math.max(0, now / duration)) : 0;
}
