// Bringing exports in: sending the file with progress, reading its report and its problems.
import { ApiError, address, errorFrom, getJson } from './http';
import type { ImportProblem, ImportReport } from './types';

export interface ImportStarted {
  id: string;
  job_id: string | null;
}

export type SendProgress = (sent: number, total: number) => void;

function started(request: XMLHttpRequest): ImportStarted {
  if (request.status >= 200 && request.status < 300) return JSON.parse(request.responseText) as ImportStarted;
  throw errorFrom(request.status, request.responseText, request.getResponseHeader('X-Request-Id') ?? '');
}

/** Sends one file; fetch cannot report upload progress, so this is the one XMLHttpRequest of the page. */
export function sendImport(file: File, progress?: SendProgress, signal?: AbortSignal): Promise<ImportStarted> {
  const form = new FormData();
  form.append('file', file, file.name);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => progress?.(event.loaded, event.lengthComputable ? event.total : file.size);
    request.onload = () => {
      try {
        resolve(started(request));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(new ApiError(0, 'unreachable', 'The connection broke while the file was being sent.'));
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.open('POST', '/api/imports');
    request.send(form);
  });
}

export function fetchImport(id: string, signal?: AbortSignal): Promise<ImportReport> {
  return getJson<ImportReport>(`/api/imports/${encodeURIComponent(id)}`, undefined, signal);
}

/** The last fifty imports, newest first. */
export async function fetchImports(signal?: AbortSignal): Promise<ImportReport[]> {
  const said = await getJson<ImportReport[] | { imports: ImportReport[] }>('/api/imports', undefined, signal);
  return Array.isArray(said) ? said : said.imports;
}

export async function fetchProblems(id: string, after?: number, limit = 100, signal?: AbortSignal): Promise<ImportProblem[]> {
  const path = `/api/imports/${encodeURIComponent(id)}/problems`;
  const said = await getJson<ImportProblem[] | { problems: ImportProblem[] }>(path, { after, limit }, signal);
  return Array.isArray(said) ? said : said.problems;
}

/** Where the list of files that are not here can be downloaded. */
export function missingFilesUrl(format: 'txt' | 'aria2' | 'curl', importId?: string): string {
  return address('/api/files/missing', { format, import: importId });
}
