// The one place that calls fetch: same origin only, errors as one type, a listener for "you are signed out".
import { takeEarly } from './early';

/** What the server, or the way to it, said no with. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;
  /** The request's id, to be quoted when asking for help. */
  readonly request: string;

  constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}, request = '') {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.request = request;
  }

  /** True when the server was not reached or is not well: trying again may help. */
  get away(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

type Scalar = string | number | boolean | null | undefined;
export type Query = Record<string, Scalar>;

export interface Ask {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Query;
  json?: unknown;
  /** Bytes as they are, in place of `json`. */
  body?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let signedOut: () => void = () => {};

/** Called whenever the server answers 401. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export function address(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') words.set(name, String(value));
  }
  const text = words.toString();
  return text ? `${path}?${text}` : path;
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Turns an error answer into an ApiError, whatever its body is. */
export function errorFrom(status: number, body: string, request: string): ApiError {
  try {
    const said = JSON.parse(body) as { error?: string; message?: string; details?: Record<string, unknown> };
    return new ApiError(status, said.error ?? `http_${status}`, said.message ?? '', said.details, request);
  } catch {
    return new ApiError(status, `http_${status}`, 'The server answered in a way this page does not understand.', {}, request);
  }
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok || answer.status === 304) return answer;
  if (answer.status === 401) signedOut();
  throw errorFrom(answer.status, await answer.text(), answer.headers.get('X-Request-Id') ?? '');
}

/** The raw answer; throws ApiError for anything but success and 304, and AbortError when cancelled. */
export async function ask(path: string, wanted: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = { ...wanted.headers };
  if (wanted.json !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  const url = address(path, wanted.query);
  try {
    const early = wanted.method || wanted.headers ? null : await takeEarly(url);
    answer = early ?? await fetch(url, {
      method: wanted.method ?? 'GET',
      headers,
      body: wanted.json === undefined ? wanted.body : JSON.stringify(wanted.json),
      signal: wanted.signal,
      credentials: 'same-origin',
      // Our own ETags decide what is fresh; the browser's cache would answer 200 where we want to see the 304.
      cache: 'no-store',
    });
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new ApiError(0, 'unreachable', 'The server did not answer.');
  }
  return checked(answer);
}

export async function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const answer = await ask(path, { query, signal });
  return (await answer.json()) as T;
}

export async function sendJson<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, json?: unknown): Promise<T> {
  const answer = await ask(path, { method, json });
  const text = await answer.text();
  return (text ? JSON.parse(text) : null) as T;
}
