// The one tooltip of the page: a control's name and its key, after 400 ms of rest or at once on keyboard focus.
import { keyCaps } from './keys';

export interface Tip {
  label: string;
  keys?: string | undefined;
}

const DELAY_MS = 400;
const GAP = 8;

let bubble: HTMLElement | null = null;
let shownFor: HTMLElement | null = null;

function draw(tip: Tip): HTMLElement {
  bubble ??= document.createElement('div');
  bubble.className = 'kit-tip';
  bubble.setAttribute('aria-hidden', 'true');
  const label = document.createElement('span');
  label.textContent = tip.label;
  bubble.replaceChildren(label);
  if (tip.keys) {
    const caps = document.createElement('span');
    for (const cap of keyCaps(tip.keys)) {
      const key = document.createElement('kbd');
      key.textContent = cap;
      caps.append(key);
    }
    bubble.append(caps);
  }
  document.body.append(bubble);
  return bubble;
}

function place(node: HTMLElement, tip: HTMLElement): void {
  const at = node.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const x = Math.min(Math.max(GAP, at.left + at.width / 2 - own.width / 2), innerWidth - own.width - GAP);
  const below = at.bottom + GAP;
  const y = below + own.height > innerHeight - GAP ? at.top - GAP - own.height : below;
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

function hide(node: HTMLElement): void {
  if (shownFor !== node) return;
  bubble?.remove();
  shownFor = null;
}

/** Gives a control its tooltip: `use:tooltip={{ label: 'Like', keys: 'F' }}`. */
export function tooltip(node: HTMLElement, first: Tip): { update: (next: Tip) => void; destroy: () => void } {
  let tip = first;
  let timer = 0;

  function show(): void {
    if (!node.isConnected) return;
    shownFor = node;
    place(node, draw(tip));
  }
  function enter(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    timer = window.setTimeout(show, DELAY_MS);
  }
  function focus(): void {
    if (node.matches(':focus-visible')) timer = window.setTimeout(show, DELAY_MS);
  }
  function leave(): void {
    window.clearTimeout(timer);
    hide(node);
  }

  const listeners: [string, EventListener][] = [
    ['pointerenter', enter as EventListener], ['pointerleave', leave], ['pointerdown', leave],
    ['focus', focus], ['blur', leave], ['keydown', leave],
  ];
  for (const [name, listener] of listeners) node.addEventListener(name, listener);
  return {
    update(next) {
      tip = next;
      if (shownFor === node) show();
    },
    destroy() {
      leave();
      for (const [name, listener] of listeners) node.removeEventListener(name, listener);
    },
  };
}
