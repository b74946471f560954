// The real way to the server for files, with what was begun kept where a reload finds it.
import { createUpload, sendSlice, uploadOffset } from '$api/uploads';
import type { Carrier } from './sending';

const PLACE = 'sovia.uploads';
const MOST = 50;

type Kept = Record<string, string>;

function read(): Kept {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

function write(kept: Kept): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(Object.entries(kept).slice(-MOST))));
  } catch {
    // Without storage a reload begins anew; nothing else depends on it.
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(new DOMException('Cancelled', 'AbortError'));
      else resolve();
    };
    const timer = setTimeout(end, ms);
    // The browser says when the network is back; then there is no reason to wait.
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}

export const CARRIER: Carrier = {
  create: createUpload,
  offset: uploadOffset,
  send: sendSlice,
  wait,
  now: () => performance.now(),
  recall: (mark) => read()[mark] ?? null,
  keep: (mark, id) => {
    const others = Object.entries(read()).filter(([name]) => name !== mark);
    write(Object.fromEntries(id === null ? others : [...others, [mark, id]]));
  },
};
