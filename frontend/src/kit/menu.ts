// Where a menu opens so that it stays on the screen, and which of its entries a key leads to.
import type { IconName } from './icons';

export interface MenuEntry {
  label: string;
  icon?: IconName;
  keys?: string;
  /** Makes it one of several exclusive choices. */
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  onselect: () => void;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
interface Size {
  width: number;
  height: number;
}

const EDGE = 8;
const GAP = 4;

/** Under the control and from its left side; above it, or from its right side, where the screen ends. */
export function placeMenu(at: Box, menu: Size, screen: Size): { left: number; top: number } {
  const below = at.bottom + GAP;
  const fitsBelow = below + menu.height <= screen.height - EDGE;
  const above = at.top - GAP - menu.height;
  const top = fitsBelow || above < EDGE ? Math.min(below, screen.height - EDGE - menu.height) : above;
  const left = at.left + menu.width <= screen.width - EDGE ? at.left : at.right - menu.width;
  return { left: Math.max(EDGE, Math.round(left)), top: Math.max(EDGE, Math.round(top)) };
}

/** The entry that `key` moves to, or null when the key is none of ours. */
export function stepEntry(key: string, now: number, labels: string[]): number | null {
  const count = labels.length;
  if (count === 0) return null;
  if (key === 'ArrowDown') return (now + 1) % count;
  if (key === 'ArrowUp') return now <= 0 ? count - 1 : now - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return key.length === 1 && key !== ' ' ? byLetter(key, now, labels) : null;
}

function byLetter(key: string, now: number, labels: string[]): number | null {
  for (let step = 1; step <= labels.length; step += 1) {
    const at = (now + step + labels.length) % labels.length;
    if (labels[at]?.trim().toLowerCase().startsWith(key.toLowerCase())) return at;
  }
  return null;
}
