// Reads what a ThumbHash (evanw.github.io/thumbhash) says cheaply: the mean colour and the rough shape of a picture.

export interface Color {
  r: number;
  g: number;
  b: number;
  /** 0 transparent to 1 opaque. */
  a: number;
}

/** Standard base64 to bytes; null when it is none. */
export function bytesOf(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

const clamp = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));

/** The mean colour: three 6-bit means of luminance and two colour differences, in the first three bytes. */
export function averageColor(hash: Uint8Array): Color | null {
  const [first, second, third] = hash;
  if (first === undefined || second === undefined || third === undefined || hash.length < 5) return null;
  const head = first | (second << 8) | (third << 16);
  const luminance = (head & 63) / 63;
  const yellowBlue = ((head >> 6) & 63) / 31.5 - 1;
  const redGreen = ((head >> 12) & 63) / 31.5 - 1;
  const b = luminance - (2 / 3) * yellowBlue;
  const r = (3 * luminance - b + redGreen) / 2;
  const a = head >> 23 ? ((hash[5] ?? 15) & 15) / 15 : 1;
  return { r: clamp(r), g: clamp(r - redGreen), b: clamp(b), a };
}

/** Width over height, as near as the hash keeps it (steps of one seventh). */
export function averageRatio(hash: Uint8Array): number | null {
  const [, , third, fourth, fifth] = hash;
  if (third === undefined || fourth === undefined || fifth === undefined) return null;
  const longest = third & 128 ? 5 : 7;
  const shortest = fourth & 7;
  if (shortest === 0) return null;
  return fifth & 128 ? longest / shortest : shortest / longest;
}

/** A CSS colour for the ground of a tile; null when there is no hash. */
export function placeholderColor(base64: string | null): string | null {
  const bytes = base64 === null ? null : bytesOf(base64);
  const color = bytes && averageColor(bytes);
  return color ? `rgb(${color.r} ${color.g} ${color.b})` : null;
}
