// Keys as words: "Ctrl+K", "Shift+ArrowRight", "G B" (one after the other), matched against events and shown as caps.

export interface Combo {
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
}

export type KeyHandler = (event: KeyboardEvent) => void;

/** How long a sequence like "G B" waits for its second key. */
const SEQUENCE_MS = 1000;

const CAPS: Record<string, string> = {
  arrowleft: '←', arrowright: '→', arrowup: '↑', arrowdown: '↓', enter: '↵', escape: 'Esc', ' ': 'Space', delete: 'Del',
  pageup: 'PgUp', pagedown: 'PgDn',
};
const NAMES: Record<string, string> = {
  left: 'arrowleft', right: 'arrowright', up: 'arrowup', down: 'arrowdown', space: ' ', esc: 'escape', del: 'delete',
  plus: '+',
};
/** Signs whose Shift depends on the keyboard, so that Shift must not be asked for. */
const SIGN = /^[^a-z0-9]$/;

/** One combination: "Ctrl+K", "?", "Shift+X". Ctrl also stands for Cmd. */
export function parseCombo(text: string): Combo {
  const parts = text === '+' ? ['plus'] : text.split('+').map((part) => part.trim().toLowerCase());
  const last = parts.pop() ?? '';
  return {
    key: NAMES[last] ?? last,
    ctrl: parts.includes('ctrl') || parts.includes('cmd'),
    shift: parts.includes('shift'),
    alt: parts.includes('alt'),
  };
}

/** A sequence of combinations: "G B" is two, "Ctrl+K" is one. */
export function parseKeys(text: string): Combo[] {
  return text.trim().split(/\s+/).map(parseCombo);
}

/** True when the event is this combination and no other modifier is down. */
export function matchesCombo(event: KeyboardEvent, combo: Combo): boolean {
  const key = event.key.toLowerCase();
  const sign = combo.key !== ' ' && SIGN.test(combo.key);
  return (
    key === combo.key &&
    (event.ctrlKey || event.metaKey) === combo.ctrl &&
    event.altKey === combo.alt &&
    (sign || event.shiftKey === combo.shift)
  );
}

/** True when the event is `keys`, a single combination such as "Ctrl+K". */
export function matchesKey(event: KeyboardEvent, keys: string): boolean {
  return matchesCombo(event, parseCombo(keys));
}

const TYPED = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number', 'date', 'time', 'datetime-local']);

/** True when the person is writing, so that letters belong to the field and not to us. */
export function isTyping(event: Event): boolean {
  const target = event.composedPath()[0] ?? event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return TYPED.has(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** What stands on the caps: "Ctrl+ArrowLeft" -> ["Ctrl", "←"], "G B" -> ["G", "B"]. */
export function keyCaps(text: string): string[] {
  return parseKeys(text).flatMap((combo) => {
    const modifiers = [combo.ctrl && 'Ctrl', combo.alt && 'Alt', combo.shift && 'Shift'];
    const named = CAPS[combo.key] ?? (combo.key.length > 1 ? capital(combo.key) : combo.key.toUpperCase());
    return [...modifiers.filter((part): part is string => part !== false), named];
  });
}

const SPOKEN: Record<string, string> = {
  arrowleft: 'ArrowLeft', arrowright: 'ArrowRight', arrowup: 'ArrowUp', arrowdown: 'ArrowDown', ' ': 'Space', '+': 'Plus',
};

/** For aria-keyshortcuts; a sequence has no form there. */
export function ariaKeys(text: string | undefined): string | undefined {
  const combos = text === undefined ? [] : parseKeys(text);
  const [combo] = combos;
  if (!combo || combos.length > 1) return undefined;
  const modifiers = [combo.ctrl && 'Control', combo.alt && 'Alt', combo.shift && 'Shift'].filter(Boolean);
  return [...modifiers, SPOKEN[combo.key] ?? capital(combo.key)].join('+');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The sequence that has begun, wherever: when, and the keys that would end it. */
let begun: { at: number; ends: Combo[] } = { at: -Infinity, ends: [] };

/** True when this key ends a sequence such as "G T"; then a part of the page that has a use for "T" must leave it. */
export function endsSequence(event: KeyboardEvent): boolean {
  return event.timeStamp - begun.at < SEQUENCE_MS && begun.ends.some((combo) => matchesCombo(event, combo));
}

/** One listener for many keys: {"F": like, "Ctrl+K": palette, "G B": browse}. Says nothing while someone types,
 *  and leaves alone what another listener has already taken. Answers true when it took the event. */
export function keyHandler(bindings: Record<string, KeyHandler>): (event: KeyboardEvent) => boolean {
  const table = Object.entries(bindings).map(([text, handler]) => ({ combos: parseKeys(text), handler }));
  let first: Combo | null = null;
  let since = 0;

  function waiting(event: KeyboardEvent): Combo | null {
    return first !== null && event.timeStamp - since < SEQUENCE_MS ? first : null;
  }

  function find(event: KeyboardEvent): KeyHandler | undefined {
    const before = waiting(event);
    first = null;
    const second = table.find(
      ({ combos: [a, b] }) => before && a && b && a.key === before.key && matchesCombo(event, b),
    );
    if (second) {
      begun = { at: -Infinity, ends: [] };
      return second.handler;
    }
    const start = table.find(({ combos: [a, b] }) => a && b && matchesCombo(event, a));
    if (start?.combos[0]) {
      [first, since] = [start.combos[0], event.timeStamp];
      begun = { at: since, ends: table.flatMap(({ combos: [a, b] }) => (a && b && matchesCombo(event, a) ? [b] : [])) };
    }
    return table.find(({ combos: [a, b] }) => a && !b && matchesCombo(event, a))?.handler;
  }

  return (event) => {
    if (event.defaultPrevented || isTyping(event) || event.isComposing) return false;
    const handler = find(event);
    if (!handler) return false;
    event.preventDefault();
    handler(event);
    return true;
  };
}
