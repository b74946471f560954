// What the quick picker and the tag editor are about, while one of them is open.
import type { Target } from '$api/marks';
import { router } from './router.svelte';

class Picking {
  target = $state.raw<Target | null>(null);
  count = $state(0);
  /** The tags that are known of the target, for the tag editor. */
  tags = $state.raw<readonly string[] | null>(null);
  /** Grows whenever something was put in or taken out; read it to be told. */
  changes = $state(0);

  open(layer: 'picker' | 'tags', target: Target, count: number, tags: readonly string[] | null = null): void {
    if (count === 0) return;
    this.target = target;
    this.count = count;
    this.tags = tags;
    router.openLayer(layer);
  }

  changed(): void {
    this.changes += 1;
  }
}

export const picking = new Picking();
