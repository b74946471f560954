// Brings one file to the server in slices; a lost connection, a reload or a restart costs one slice, not the file.
import { ApiError } from '$api/http';

export interface Carrier {
  create: (name: string, size: number, signal: AbortSignal) => Promise<string>;
  /** How much the server has; null when it does not know the upload. */
  offset: (id: string, signal: AbortSignal) => Promise<number | null>;
  send: (id: string, offset: number, slice: Blob, signal: AbortSignal) => Promise<number>;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  now: () => number;
  /** What was begun for a file, also before the page was loaded. */
  recall: (mark: string) => string | null;
  keep: (mark: string, id: string | null) => void;
}

export interface Course {
  sent: (bytes: number) => void;
  /** The connection is lost, or there again. */
  lost: (is: boolean) => void;
  signal: AbortSignal;
}

const SMALLEST = 262_144;
export const LARGEST_SLICE = 16_777_216;
const FIRST = 2_097_152;
/** A slice should take about this long: progress moves, and little is sent twice. */
const SLICE_MS = 700;
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15_000];

/** What a file is known by, so that a half-sent one is found again when it is chosen again. */
export function markOf(file: File): string {
  return `${file.name}|${file.size}|${file.lastModified}`;
}

/** The next slice's size after one of `size` bytes took `ms`. */
export function nextSize(size: number, ms: number): number {
  const fitting = (size * SLICE_MS) / Math.max(1, ms);
  return Math.round(Math.min(LARGEST_SLICE, Math.max(SMALLEST, Math.min(size * 2, fitting))));
}

/** Trying again helps when the way is broken; not when the disk is full or the file is refused. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && [0, 408, 429, 500, 502, 503, 504].includes(error.status);
}

function saysElsewhere(error: unknown): boolean {
  return error instanceof ApiError && [404, 409, 410].includes(error.status);
}

interface Begun {
  id: string;
  offset: number;
}

async function begin(file: File, carrier: Carrier, signal: AbortSignal): Promise<Begun> {
  const mark = markOf(file);
  const before = carrier.recall(mark);
  if (before !== null) {
    const offset = await carrier.offset(before, signal);
    if (offset !== null && offset <= file.size) return { id: before, offset };
    carrier.keep(mark, null);
  }
  const id = await carrier.create(file.name, file.size, signal);
  carrier.keep(mark, id);
  return { id, offset: 0 };
}

async function sendRest(file: File, begun: Begun, carrier: Carrier, course: Course, moved: () => void): Promise<string> {
  let size = FIRST;
  course.lost(false);
  course.sent(begun.offset);
  while (begun.offset < file.size) {
    const [from, started] = [begun.offset, carrier.now()];
    begun.offset = await carrier.send(begun.id, from, file.slice(from, from + size), course.signal);
    if (begun.offset <= from) throw new ApiError(0, 'no_progress', 'The server takes no more of this file.');
    size = nextSize(size, carrier.now() - started);
    course.sent(begun.offset);
    moved();
  }
  return begun.id;
}

/** Sends a file and answers its upload's id. Waits out whatever passes; throws what does not, and AbortError. */
export async function sendFile(file: File, carrier: Carrier, course: Course): Promise<string> {
  let [tries, astray] = [0, 0];
  for (;;) {
    try {
      const begun = await begin(file, carrier, course.signal);
      return await sendRest(file, begun, carrier, course, () => (tries = astray = 0));
    } catch (error) {
      // The server has another part than we thought, or forgot it: one look at what it has puts that right.
      if (saysElsewhere(error) && astray < 3) {
        astray += 1;
        continue;
      }
      if (!isPassing(error)) throw error;
      course.lost(true);
      await carrier.wait(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] as number, course.signal);
      tries += 1;
    }
  }
}
