// Everything that changes an import: starting it, pausing, stopping, taking it back, mending a record.
import { sendJson } from './http';
import type { ImportOptions, ImportReport, ImportStarted, ImportWanted, Retried } from './importing.types';

export type Order = 'pause' | 'resume' | 'cancel' | 'undo' | 'redo';

function pathOf(id: string, rest: string): string {
  return `/api/imports/${encodeURIComponent(id)}/${rest}`;
}

/** Imports uploads or a folder of the server; with `check` it only says what would change. */
export function startImport(wanted: ImportWanted): Promise<ImportStarted> {
  return sendJson<ImportStarted>('POST', '/api/imports', wanted);
}

/** Takes a checked import in. */
export function runImport(id: string, options: ImportOptions): Promise<unknown> {
  return sendJson<unknown>('POST', pathOf(id, 'run'), { options });
}

/** Cancel keeps what is in; undo restores what was there before the import, and redo takes the undo back. */
export function orderImport(id: string, order: Order): Promise<ImportReport> {
  return sendJson<ImportReport>('POST', pathOf(id, order));
}

/** Tries a record again with another text. */
export function retryProblem(id: string, number: number, text: string): Promise<Retried> {
  return sendJson<Retried>('POST', pathOf(id, `problems/${number}/retry`), { text });
}
