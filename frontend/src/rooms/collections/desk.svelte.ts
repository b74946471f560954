// Which dialog about collections is open, and about which of them.
import type { Collection } from '$api/collections';
import { router } from '$state/router.svelte';

export type Draft = Partial<Pick<Collection, 'name' | 'parent_id' | 'filter' | 'is_smart'>>;

class Desk {
  /** The collection a dialog is about; null when a new one is made. */
  about = $state.raw<Collection | null>(null);
  draft = $state.raw<Draft>({});

  edit(one: Collection): void {
    this.about = one;
    this.draft = {};
    router.openLayer('collection');
  }

  make(draft: Draft = {}): void {
    this.about = null;
    this.draft = draft;
    router.openLayer('collection');
  }

  move(one: Collection): void {
    this.about = one;
    router.openLayer('move');
  }

  combine(one: Collection): void {
    this.about = one;
    router.openLayer('combine');
  }
}

export const desk = new Desk();
