// Folding sections away: by the arrow in a heading, by K for the section one is in, with Shift for all of them.
import { endsSequence, isTyping } from '$kit/keys';
import { layerCount } from '$kit/layers';
import { viewKey } from '$state/address';
import { folds } from '$state/folds.svelte';
import { library } from '$state/library.svelte';
import { foldKey } from './days';
import type { Group } from './days';
import type { Grid } from './grid.svelte';
import { sectionOf } from './layout';
import { headingAt } from './rows';

/** Folds one section or opens it again; without one, opens all if every one is folded, else folds all. */
export function foldsAfter(folded: readonly string[], groups: readonly Group[], one: Group | null): readonly string[] {
  if (one) {
    const key = foldKey(one);
    return folded.includes(key) ? folded.filter((other) => other !== key) : [...folded, key];
  }
  const keys = groups.map(foldKey);
  const all = new Set(folded);
  return keys.every((key) => all.has(key)) ? [] : keys;
}

/** The first item of the section that an item is in. */
export function sectionStart(grid: Grid, position: number): number {
  const { groups } = grid.window;
  return groups[sectionOf(groups, position)]?.start ?? 0;
}

export function folding(node: HTMLElement, grid: Grid): { destroy: () => void } {
  const control = new AbortController();
  const { signal } = control;

  /** Folds the section an item is in, or all; its heading stays where it is, or comes to the top of the view. */
  function fold(position: number, all = false): void {
    const { layout, groups, logical } = grid.window;
    const group = groups[sectionOf(groups, position)];
    if (!library.view || !layout?.input.headings || !group) return;
    const y = (layout.top[headingAt(layout, group.start)] as number) - logical;
    grid.kept = { start: group.start, y: Math.max(0, y) };
    const key = viewKey(library.view);
    folds.set(key, foldsAfter(folds.of(key), groups, all ? null : group));
  }
  function click(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-fold]') : null;
    if (!button) return;
    const start = Number(button.dataset['fold']);
    grid.foldedAt = start;
    grid.focus(start);
    fold(start);
  }
  function ours(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || isTyping(event) || layerCount() > 0 || endsSequence(event)) return false;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    return event.target === document.body || (event.target instanceof Node && node.contains(event.target));
  }
  function key(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'k' || !ours(event)) return;
    event.preventDefault();
    fold(grid.spot.position, event.shiftKey);
  }

  node.addEventListener('click', click, { signal });
  window.addEventListener('keydown', key, { signal });
  return { destroy: () => control.abort() };
}
