// The few pictures that stand for a selection: those of it that are here.
import { thumbnailUrl } from '$api/cards';
import { library } from '$state/library.svelte';
import type { Selection } from '$state/selection.svelte';

const MOST = 3;
const LOOKED_AT = 200;

export function pileOf(selection: Selection): { id: string; src: string }[] {
  const found: { id: string; src: string }[] = [];
  const add = (position: number): void => {
    const card = library.cardAt(position);
    if (card?.thumbnail && selection.has(card.root_id)) found.push({ id: card.root_id, src: thumbnailUrl(card.thumbnail, 160) });
  };
  if (selection.all) for (let at = 0; at < LOOKED_AT && found.length < MOST; at++) add(at);
  else {
    for (const id of [...selection.ids].slice(0, LOOKED_AT)) {
      const position = library.positionOf(id);
      if (position !== undefined && found.length < MOST) add(position);
    }
  }
  return found;
}
