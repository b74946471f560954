// What an import brought or would bring: its report, its problems, the posts of a bucket, the lists of missing files.
import { address, getJson } from './http';
import type { BucketName, ImportFolders, ImportProblem, ImportReport, PreviewPage } from './importing.types';

function pathOf(id: string, rest = ''): string {
  return `/api/imports/${encodeURIComponent(id)}${rest}`;
}

export function fetchImport(id: string, signal?: AbortSignal): Promise<ImportReport> {
  return getJson<ImportReport>(pathOf(id), undefined, signal);
}

/** The last fifty imports, newest first. */
export async function fetchImports(signal?: AbortSignal): Promise<ImportReport[]> {
  return (await getJson<{ imports: ImportReport[] }>('/api/imports', undefined, signal)).imports;
}

export async function fetchProblems(id: string, after?: number, limit = 100, signal?: AbortSignal): Promise<ImportProblem[]> {
  return (await getJson<{ problems: ImportProblem[] }>(pathOf(id, '/problems'), { after, limit }, signal)).problems;
}

/** A problem with the whole text that was kept of its record. */
export function fetchProblem(id: string, number: number): Promise<ImportProblem> {
  return getJson<ImportProblem>(pathOf(id, `/problems/${number}`));
}

/** The posts of one bucket of a check, from the one after `after`. */
export function fetchBucket(id: string, bucket: BucketName, after?: number | null, limit = 24): Promise<PreviewPage> {
  return getJson<PreviewPage>(pathOf(id, `/check/${bucket}`), { after, limit });
}

/** What lies in the import folder of the server. */
export function fetchFolders(): Promise<ImportFolders> {
  return getJson<ImportFolders>('/api/import-folders');
}

/** Where the list of files that are not here can be downloaded. */
export function missingFilesUrl(format: 'txt' | 'aria2' | 'curl', importId?: string): string {
  return address('/api/files/missing', { format, import: importId });
}
