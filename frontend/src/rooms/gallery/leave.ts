// The first screen gives way to the page: keys that were pressed on it are not lost, and it goes once the page shows the same.

const TWO_FRAMES = 2;
const MOST_KEYS = 20;
const STARTED = 'page-started';
const pressed: KeyboardEvent[] = [];

function keep(event: KeyboardEvent): void {
  if (pressed.length < MOST_KEYS) pressed.push(event);
}

/** Until the page is there, keys wait for it. */
export function keepKeys(): void {
  document.addEventListener('keydown', keep);
  document.addEventListener(STARTED, giveKeys, { once: true });
}

/** The page is there, and what was before it is gone. */
export function sayStarted(): void {
  document.dispatchEvent(new Event(STARTED));
}

function afterFrames(count: number, then: () => void): void {
  if (count === 0) then();
  else requestAnimationFrame(() => afterFrames(count - 1, then));
}

/** The page's own grid is there: from now on it is the one that is read out; the other stays below it unseen, and goes. */
export function leaveFirst(first: HTMLElement | null): void {
  if (!first) return;
  first.setAttribute('aria-hidden', 'true');
  for (const part of first.querySelectorAll('[role]')) part.removeAttribute('role');
  afterFrames(TWO_FRAMES, () => {
    first.remove();
    sayStarted();
  });
}

/** Gives the kept keys to whoever listens now. */
function giveKeys(): void {
  document.removeEventListener('keydown', keep);
  for (const event of pressed.splice(0)) {
    const { key, code, shiftKey, ctrlKey, altKey, metaKey } = event;
    const again = new KeyboardEvent('keydown', { key, code, shiftKey, ctrlKey, altKey, metaKey, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(again);
  }
}
