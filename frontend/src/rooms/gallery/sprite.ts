// The sprite of a clip: 25 of its frames, five by five in one picture; where each lies over a tile.
export const SIDE = 5;
export const FRAMES = SIDE * SIDE;

export interface Sheet {
  width: number;
  height: number;
  left: number;
  top: number;
}

export function spriteUrl(key: string): string {
  return `/derived/${key}/sprite.webp`;
}

/** The frame at this part of the way through the clip. */
export function frameAt(share: number): number {
  return Math.min(FRAMES - 1, Math.max(0, Math.floor(share * FRAMES)));
}

/** How large the sheet is and where it lies, so that one of its frames covers a tile and is in its middle. */
export function placed(tile: { width: number; height: number }, sheet: { width: number; height: number }, frame: number): Sheet {
  const one = { width: sheet.width / SIDE, height: sheet.height / SIDE };
  const scale = Math.max(tile.width / one.width, tile.height / one.height);
  const [width, height] = [one.width * scale, one.height * scale];
  return {
    width: width * SIDE,
    height: height * SIDE,
    left: (tile.width - width) / 2 - (frame % SIDE) * width,
    top: (tile.height - height) / 2 - Math.floor(frame / SIDE) * height,
  };
}
