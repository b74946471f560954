// Hands files to the worker and brings back what it found.
import type { Scan } from './scan';
import ScanWorker from './scan.worker?worker&inline';

interface Said {
  id: number;
  done?: number;
  found?: Scan;
  error?: string;
}
interface Asked {
  progress: (done: number) => void;
  resolve: (found: Scan) => void;
  reject: (error: Error) => void;
}

let worker: Worker | null = null;
let count = 0;
const asked = new Map<number, Asked>();

function hear({ data }: MessageEvent<Said>): void {
  const one = asked.get(data.id);
  if (!one) return;
  if (data.done !== undefined) return one.progress(data.done);
  asked.delete(data.id);
  if (data.found) one.resolve(data.found);
  else one.reject(new Error(data.error));
}

function start(): Worker {
  const made = new ScanWorker();
  made.onmessage = hear;
  made.onerror = () => {
    for (const one of asked.values()) one.reject(new Error('The file could not be looked at here.'));
    asked.clear();
    worker = null;
  };
  return made;
}

/** What a file is and holds; rejects when the browser cannot read it. */
export function scanFile(file: Blob, progress: (done: number) => void = () => {}): Promise<Scan> {
  worker ??= start();
  count += 1;
  const id = count;
  return new Promise((resolve, reject) => {
    asked.set(id, { progress, resolve, reject });
    worker?.postMessage({ id, file });
  });
}
