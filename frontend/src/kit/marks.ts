// The icons and colours a collection may have.
import { ICON_NAMES, type IconName } from './icons';

export const MARK_COLORS = ['blue', 'teal', 'amber', 'violet', 'coral', 'grey'] as const;
export type MarkColor = (typeof MARK_COLORS)[number];

export const MARK_ICONS: readonly IconName[] = [
  'collections', 'heart', 'star', 'flag', 'winner', 'tag', 'image', 'clip', 'music', 'reel', 'stack', 'create', 'sun', 'moon', 'eye', 'user', 'shield', 'clock',
];

const VALUES: Record<MarkColor, string> = { blue: 'var(--d1)', teal: 'var(--d2)', amber: 'var(--d3)', violet: 'var(--d4)', coral: 'var(--d5)', grey: 'var(--d6)' };

/** The colour to draw with; anything that is neither a name of ours nor a colour code draws as text. */
export function markColor(color: string | null | undefined): string {
  const known = VALUES[color as MarkColor];
  if (known) return known;
  return /^#[0-9a-f]{6}$/i.test(color ?? '') ? (color as string) : 'var(--text-2)';
}

export function markIcon(icon: string | null | undefined, smart: boolean): IconName {
  return ICON_NAMES.find((name) => name === icon) ?? (smart ? 'smart' : 'collections');
}
