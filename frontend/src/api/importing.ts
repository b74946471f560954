// Stopping an import that the server already reads.
import { sendJson } from './http';
import type { ImportReport } from './types';

/** Asks it to stop after the part it is at; what came in stays. */
export function cancelImport(id: string): Promise<ImportReport> {
  return sendJson<ImportReport>('POST', `/api/imports/${encodeURIComponent(id)}/cancel`);
}
