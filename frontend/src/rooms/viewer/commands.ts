// What the viewer can do, and which keys and menu entries do it.
import type { PostDetail } from '$api/types';
import { isTyping, keyHandler, type KeyHandler } from '$kit/keys';
import type { MenuEntry } from '$kit/menu';
import { downloadName, isWebAddress } from './details';
import type { Player } from './player.svelte';
import type { Stage } from './stage.svelte';

export interface Doings {
  close: () => void;
  previous: () => void;
  next: () => void;
  inStack: (step: 1 | -1) => void;
  like: () => void;
  rate: (rating: number) => void;
  status: (number: number) => void;
  tags: () => void;
  collect: () => void;
  similar: () => void;
  copyPrompt: () => void;
  copyAddress: () => void;
  details: (show?: boolean) => void;
  bare: () => void;
  raw: () => void;
}

const PAN = 80;
const OWN_ARROWS = 'input, select, audio, [role="slider"]';
const OWN_SPACE = 'button, a, summary, input, select, audio';

/** True when the control in focus has its own use for the key. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.key === ' ' || event.key === 'Enter') return target?.closest(OWN_SPACE) != null;
  return event.key.startsWith('Arrow') && target?.closest(OWN_ARROWS) != null;
}

/** A file opens beside the page, without a way back into it. */
function openFile(media: string): void {
  window.open(media, '_blank', 'noopener,noreferrer');
}

export function viewerKeys(doings: Doings, stage: Stage, player: Player): (event: KeyboardEvent) => boolean {
  const clip = (use: () => void): KeyHandler => () => {
    if (player.here) use();
  };
  const rtl = (): boolean => document.documentElement.dir === 'rtl';
  const handle = keyHandler({
    Left: () => (rtl() ? doings.next() : doings.previous()),
    Right: () => (rtl() ? doings.previous() : doings.next()),
    Up: () => doings.inStack(-1),
    Down: () => doings.inStack(1),
    'Shift+Left': () => stage.pan(PAN, 0),
    'Shift+Right': () => stage.pan(-PAN, 0),
    'Shift+Up': () => stage.pan(0, PAN),
    'Shift+Down': () => stage.pan(0, -PAN),
    Z: () => stage.toggle(),
    '+': () => stage.step(1),
    '=': () => stage.step(1),
    '-': () => stage.step(-1),
    '0': () => (stage.whole ? doings.rate(0) : stage.fit()),
    T: doings.tags,
    A: doings.collect,
    F: doings.like,
    S: doings.similar,
    P: doings.copyPrompt,
    I: () => doings.details(),
    H: doings.bare,
    W: doings.raw,
    Space: clip(() => player.toggle()),
    K: clip(() => player.toggle()),
    J: clip(() => player.seek(player.now - 1)),
    L: clip(() => player.seek(player.now + 1)),
    ',': clip(() => player.step(-1)),
    '.': clip(() => player.step(1)),
    M: clip(() => (player.muted = !player.muted)),
  });
  /** Digits rate, with Shift they say the status; which sign Shift makes of them depends on the keyboard. */
  function digit(event: KeyboardEvent): boolean {
    const number = Number(/^Digit([1-5])$/.exec(event.code)?.[1] ?? 0);
    if (number === 0 || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return false;
    event.preventDefault();
    if (event.shiftKey) doings.status(number);
    else doings.rate(number);
    return true;
  }
  return (event) => !belongsToControl(event) && (digit(event) || handle(event));
}

/** The entries behind "More"; what a post cannot do is not offered. */
export function menuOf(post: PostDetail | null, doings: Doings, stage: Stage): (MenuEntry | null)[] {
  const entries: (MenuEntry | null)[] = [
    { label: stage.whole ? 'Zoom to 100 %' : 'Fit', icon: 'zoom', keys: 'Z', onselect: () => stage.toggle() },
    { label: 'Hide everything else', icon: 'eye', keys: 'H', onselect: doings.bare },
  ];
  if (!post) return entries;
  entries.push(
    { label: 'Add to collection', icon: 'collections', keys: 'A', onselect: doings.collect },
    { label: 'Tags', icon: 'tag', keys: 'T', onselect: doings.tags },
    null,
  );
  if (post.effective_prompt) entries.push({ label: 'Copy prompt', icon: 'copy', keys: 'P', onselect: doings.copyPrompt });
  if (isWebAddress(post.media_url)) entries.push({ label: 'Copy source address', icon: 'link', onselect: doings.copyAddress });
  entries.push({ label: 'More like this', icon: 'similar', keys: 'S', onselect: doings.similar });
  const { media } = post;
  if (media) {
    entries.push({ label: 'Open file in a new tab', icon: 'share', onselect: () => openFile(media) });
    entries.push({ label: 'Download original', icon: 'download', onselect: () => download(media, downloadName(post)) });
  }
  return entries;
}

function download(href: string, name: string): void {
  const link = Object.assign(document.createElement('a'), { href, download: name });
  link.click();
}
