// Runs before anything else of the page is read: asks for what the first screen shows, paints it, then starts the page.
// Built by itself and placed at the top of the page; `early.ts` hands the answers on to the page.
import { askEarly } from '$api/early';
import type { CardChunk } from '$api/types';
import { applyTheme } from '$kit/theme';
import { keptTaste } from '$state/kept';
import { paintFirst } from './rooms/gallery/firstscreen';
import { keepKeys } from './rooms/gallery/leave';

type Answer = Promise<Response | null>;
/** A server that is slow to answer must not keep the page itself away. */
const PATIENCE_MS = 150;

const parsed = new Promise<void>((done) => document.addEventListener('DOMContentLoaded', () => done(), { once: true }));
const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));

async function paint(index: Answer, cards: Answer): Promise<void> {
  const [view, chunk] = await Promise.all([index, cards, parsed]);
  if (!view?.ok || !chunk?.ok || started) return;
  // A copy each: the page reads the answers themselves.
  const [bytes, said] = await Promise.all([view.clone().arrayBuffer(), chunk.clone().json() as Promise<CardChunk>]);
  if (!started && paintFirst(bytes, said, keptTaste())) await frame().then(frame);
}

/** Asks, and says when the first screen is painted; at once when there is none to paint. */
async function ask(names: readonly string[]): Promise<void> {
  window.early = { answers: {} };
  void askEarly('/api/me');
  // The place in the view (at) and an open post (post) change nothing of the view itself.
  if (names.some((name) => name !== 'at' && name !== 'post')) return;
  const view = new URLSearchParams({ sort: 'date_desc', tz: Intl.DateTimeFormat().resolvedOptions().timeZone }).toString();
  const index = askEarly(`/api/index?${view}`);
  if (names.includes('at')) return;
  const painted = paint(index, askEarly(`/api/cards?${view}&chunk=0`)).catch(() => undefined);
  await Promise.race([painted, parsed.then(() => new Promise((done) => setTimeout(done, PATIENCE_MS)))]);
}

let started = false;

/** Runs the page's own script, which lies at the end of the page as text; while developing it runs by itself. */
function start(): void {
  started = true;
  const held = document.getElementById('page');
  if (!held) return;
  const script = document.createElement('script');
  script.type = 'module';
  script.textContent = held.textContent;
  held.replaceWith(script);
}

applyTheme(keptTaste().theme);
keepKeys();
void Promise.all([ask([...new URLSearchParams(location.search).keys()]), parsed]).then(start);
