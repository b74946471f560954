// Keeps the focus inside a layer while it is open, and gives it back to where it was afterwards.

const CAN_FOCUS = [
  'a[href]', 'button:not(:disabled)', 'input:not(:disabled)', 'select:not(:disabled)', 'textarea:not(:disabled)',
  'video[controls]', 'audio[controls]', 'summary', '[tabindex]:not([tabindex="-1"])',
].join(',');

/** What the Tab key would visit inside `node`, in order. */
export function focusable(node: HTMLElement): HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>(CAN_FOCUS)].filter(
    (one) => one.tabIndex >= 0 && !one.closest('[inert]') && one.checkVisibility?.({ visibilityProperty: true }) !== false,
  );
}

export interface TrapOptions {
  /** Where the focus goes first: `first` control (default), the `self` element (needs tabindex -1), or `none`. */
  start?: 'first' | 'self' | 'none';
}

function wrap(node: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const stops = focusable(node);
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first || !last) return event.preventDefault();
  const at = document.activeElement;
  const leaving = !node.contains(at) || at === (event.shiftKey ? first : last) || (event.shiftKey && at === node);
  if (!leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

/** `use:trapFocus`: Tab goes round inside the element; on removal the focus returns to where it was. */
export function trapFocus(node: HTMLElement, options: TrapOptions = {}): { destroy: () => void } {
  const before = document.activeElement;
  const onKey = (event: KeyboardEvent): void => wrap(node, event);
  node.addEventListener('keydown', onKey);
  const start = options.start ?? 'first';
  if (start !== 'none') {
    const wanted = node.querySelector<HTMLElement>('[data-autofocus]');
    (wanted ?? (start === 'first' ? focusable(node)[0] : undefined) ?? node).focus({ preventScroll: true });
  }
  return {
    destroy() {
      node.removeEventListener('keydown', onKey);
      const lost = document.activeElement === null || document.activeElement === document.body;
      const ours = node.contains(document.activeElement) || lost;
      if (ours && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
  };
}
