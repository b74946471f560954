// What a tile is called for those who do not see it, and what its badges say.
import { AWAY, CORRUPT, KIND_MASK, LIKED } from '$api/index';
import type { Card } from '$api/types';
import { formatDuration } from '$kit/format';

const KINDS = ['Picture', 'Clip', 'Sound'];

export interface Badges {
  length: string | null;
  /** A clip that can be heard. */
  loud: boolean;
  stack: string | null;
  liked: boolean;
  /** "File missing", "File damaged" or null. */
  fault: string | null;
}

function faultOf(flags: number): string | null {
  if (flags & CORRUPT) return 'File damaged';
  return flags & AWAY ? 'File missing' : null;
}

/** Flags come with the index, the rest with the card; so hearts and faults show before the card is here. */
export function badgesOf(flags: number, card: Card | undefined): Badges {
  const now = card?.flags ?? flags;
  return {
    length: card?.duration ? formatDuration(card.duration) : null,
    loud: card?.kind === 'video' && card.sound === true,
    stack: card && card.children > 0 ? String(card.children + 1) : null,
    liked: (now & LIKED) !== 0,
    fault: faultOf(now),
  };
}

export function tileName(flags: number, card: Card | undefined): string {
  const kind = KINDS[(card?.flags ?? flags) & KIND_MASK] ?? 'Post';
  if (!card) return `${kind}, loading`;
  const { length, loud, stack, liked, fault } = badgesOf(flags, card);
  const parts = [length, loud && 'with sound', stack && `${stack} in this stack`, liked && 'liked', fault?.toLowerCase()];
  return [`${kind}: ${card.alt || 'no prompt'}`, ...parts.filter(Boolean)].join(', ');
}
