// What can go wrong with an export, in the user's words: what, where in the file, and whether trying again helps.
import { ApiError } from '$api/http';
import type { ImportProblem, ImportReport } from '$api/importing.types';
import { formatNumber } from '$kit/format';
import type { Scan } from './scan/scan';

export const UNTAKEN = 'This export did not come in';

export interface Failure {
  title: string;
  text: string;
  /** Where in the file: "line 3, column 14". */
  place: string | null;
  excerpt: string | null;
  code: string | null;
  request: string | null;
  /** True when trying again without changing anything may help. */
  again: boolean;
}

const NONE = { place: null, excerpt: null, code: null, request: null, again: false };

export const EMPTY_FILE: Failure = {
  ...NONE, title: 'The file is empty', text: 'It has no bytes. Download the export again and choose the new file.', code: 'empty_file',
};
export const WEB_PAGE: Failure = {
  ...NONE, title: 'This is a web page, not an export',
  text: 'The site probably asked to sign in and its page was saved instead. Open the export in the browser in which you are signed in, save it as JSON, and choose that file.',
  code: 'web_page',
};

function detail(details: Record<string, unknown>, name: string): string | null {
  const value = details[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function placeFrom(details: Record<string, unknown>): string | null {
  const [line, column, position] = ['line', 'column', 'position'].map((name) => detail(details, name));
  if (line && column) return `line ${line}, column ${column}`;
  if (line) return `line ${line}`;
  return position ? `byte ${formatNumber(Number(position))}` : null;
}

const TITLES: Record<string, string> = {
  not_an_export: 'This is not an export we know',
  unreachable: 'The server did not answer',
  out_of_space: 'The disk is too full',
  interrupted: 'This import was interrupted',
  file_changed: 'The file is another one now',
};

/** What went wrong with sending, in the user's words. */
export function failureFrom(error: unknown): Failure {
  if (!(error instanceof ApiError)) {
    return { ...NONE, title: 'The file could not be sent', text: error instanceof Error ? error.message : String(error), again: true };
  }
  const away = error.status === 0;
  const lost = 'Nothing was half written; the file is still chosen here, so you can try again when the server is back.';
  return {
    title: TITLES[error.code] ?? (error.away ? 'The server could not take the file' : 'The file was not taken'),
    text: away ? `${error.message} ${lost}` : error.message,
    place: placeFrom(error.details),
    excerpt: detail(error.details, 'excerpt'),
    code: error.code,
    request: error.request || null,
    again: error.away,
  };
}

/** Why a finished import failed, as the server says it. */
export function failureOf(report: Pick<ImportReport, 'error' | 'error_code'>, problems: readonly ImportProblem[] = []): Failure {
  const code = report.error_code ?? null;
  const worst = problems.find((problem) => problem.severity !== 'warning');
  return {
    ...NONE, title: TITLES[code ?? ''] ?? UNTAKEN, text: report.error || 'The server did not say why.', code,
    place: worst?.line ? `line ${formatNumber(worst.line)}` : null, excerpt: worst?.excerpt || null,
  };
}

/** What a file turned out to be when it was looked at, if that is nothing to import. */
export function failureOfScan(found: Scan): Failure | null {
  if (found.shape === 'empty') return EMPTY_FILE;
  if (found.shape === 'web_page') return WEB_PAGE;
  if (found.shape !== 'text') return null;
  return {
    ...NONE, title: 'This is not an export we know', code: 'not_an_export', excerpt: found.begins || null,
    text: 'An export is JSON, JSON Lines, a zip or gz of these, a list of links, or pictures and clips that carry their prompt. This file begins with:',
  };
}
