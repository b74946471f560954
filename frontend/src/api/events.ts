// What the server tells by itself: jobs, imports and the library's version, as they change.
import type { ImportReport } from './importing.types';
import type { Job } from './types';

export interface Told {
  job: Job;
  import: ImportReport;
  library: { version: number };
}

export interface Listener {
  told: <Kind extends keyof Told>(kind: Kind, what: Told[Kind]) => void;
  /** The stream is open, or it is not: then one has to ask. */
  open: (is: boolean) => void;
  /** The server will not stream, or not now; the browser does not try again by itself. */
  refused: () => void;
}

const KINDS = ['job', 'import', 'library'] as const;

/** Listens until the answer is called; lost connections are taken up again by the browser, from where they broke. */
export function listen(listener: Listener): () => void {
  const source = new EventSource('/api/events');
  source.onopen = () => listener.open(true);
  source.onerror = () => {
    listener.open(false);
    if (source.readyState === EventSource.CLOSED) listener.refused();
  };
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => listener.told(kind, JSON.parse((event as MessageEvent<string>).data) as never));
  }
  return () => source.close();
}
