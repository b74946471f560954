// Sending a file in slices that can be gone on with later: tus 1.0.0 with creation and termination.
import { ApiError, ask } from './http';

const TUS = { 'Tus-Resumable': '1.0.0' };

function inBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

function pathOf(id: string): string {
  return `/api/uploads/${encodeURIComponent(id)}`;
}

function offsetIn(answer: Response): number {
  const offset = Number(answer.headers.get('Upload-Offset') ?? NaN);
  if (!Number.isSafeInteger(offset)) throw new ApiError(answer.status, 'no_offset', 'The server did not say how much of the file it has.');
  return offset;
}

/** Announces a file; answers the upload's id. */
export async function createUpload(name: string, size: number, signal?: AbortSignal): Promise<string> {
  const headers = { ...TUS, 'Upload-Length': String(size), 'Upload-Metadata': `filename ${inBase64(name)}` };
  const answer = await ask('/api/uploads', { method: 'POST', headers, signal });
  const id = (answer.headers.get('Location') ?? '').split('/').pop() ?? '';
  if (!id) throw new ApiError(answer.status, 'no_location', 'The server did not say where the file shall go.');
  return id;
}

/** How much of it the server has; null when it knows no such upload any more. */
export async function uploadOffset(id: string, signal?: AbortSignal): Promise<number | null> {
  try {
    return offsetIn(await ask(pathOf(id), { method: 'HEAD', headers: TUS, signal }));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 410)) return null;
    throw error;
  }
}

/** Sends the bytes that begin at `offset`; answers how much the server has now. */
export async function sendSlice(id: string, offset: number, slice: Blob, signal?: AbortSignal): Promise<number> {
  const headers = { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' };
  return offsetIn(await ask(pathOf(id), { method: 'PATCH', headers, body: slice, signal }));
}

/** Lets the server forget what it has of it. */
export async function dropUpload(id: string): Promise<void> {
  await ask(pathOf(id), { method: 'DELETE', headers: TUS });
}
