// The list that the viewer goes through when it was opened from one that is not the gallery's view.
import type { Card } from '$api/types';

class Along {
  /** Null where the gallery's view is what next and previous mean. */
  cards = $state.raw<readonly Card[] | null>(null);

  /** Where a post stands in the list; null when it is not in it. */
  placeOf(id: string): number | null {
    const at = this.cards?.findIndex((card) => card.id === id) ?? -1;
    return at < 0 ? null : at;
  }
}

export const along = new Along();
