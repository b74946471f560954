// Copies of clips that this browser cannot play: asked for once, waited for while the server makes one.
import { sendJson } from './http';

interface Copy {
  state: 'ready' | 'making' | 'failed';
  url: string | null;
  job_id: string | null;
}

const PAUSE_MS = 2000;
/** A long clip takes minutes; what takes longer is there the next time. */
const PATIENCE = 300;

/** The address of a copy of a post's clip that plays everywhere, or null when there can be none; `waits` is told when one is being made. */
export async function playableCopy(id: string, signal: AbortSignal, waits: () => void): Promise<string | null> {
  const path = `/api/media/${encodeURIComponent(id)}/copy`;
  let copy = await sendJson<Copy>('POST', path);
  if (copy.state === 'making') waits();
  for (let tries = 0; copy.state === 'making' && copy.job_id && tries < PATIENCE; tries++) {
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    signal.throwIfAborted();
    copy = await sendJson<Copy>('POST', path);
  }
  return copy.state === 'ready' ? copy.url : null;
}
