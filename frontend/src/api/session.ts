// Who is at the page, and coming in by password.
import { getJson, sendJson } from './http';
import type { Me } from './types';

export function fetchMe(signal?: AbortSignal): Promise<Me> {
  return getJson<Me>('/api/me', undefined, signal);
}

export function login(password: string): Promise<unknown> {
  return sendJson('POST', '/api/auth/login', { password });
}

export function logout(): Promise<unknown> {
  return sendJson('POST', '/api/auth/logout');
}
