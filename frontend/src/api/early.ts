// Answers that the page's first lines asked for before this script was parsed (see first.ts); each is used once.
declare global {
  interface Window {
    early?: { answers: Record<string, Promise<Response | null>> };
  }
}

/** Asks for what the page will want; null when the server is away. */
export function askEarly(url: string): Promise<Response | null> {
  const answer = fetch(url, { credentials: 'same-origin', cache: 'no-store' }).catch(() => null);
  if (window.early) window.early.answers[url] = answer;
  return answer;
}

/** The answer that is already on its way to this address, or null. A refusal is not used: it may be from before the
 *  person signed in, and whoever asks now wants to know what holds now. */
export function takeEarly(url: string): Promise<Response | null> | null {
  const answers = globalThis.window?.early?.answers;
  const found = answers?.[url];
  if (!answers || !found) return null;
  delete answers[url];
  return found.then((answer) => (answer?.ok ? answer : null));
}
