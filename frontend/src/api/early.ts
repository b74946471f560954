// Answers that the page's first lines asked for before this script was parsed; each is used once.
declare global {
  interface Window {
    early?: Record<string, Promise<Response | null>>;
  }
}

/** The answer that is already on its way to this address, or null. A refusal is not used: it may be from before the
 *  person signed in, and whoever asks now wants to know what holds now. */
export function takeEarly(url: string): Promise<Response | null> | null {
  const found = globalThis.window?.early?.[url];
  if (!found) return null;
  delete window.early?.[url];
  return found.then((answer) => (answer?.ok ? answer : null));
}
