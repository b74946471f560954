// Presets: filters with a way to look at them, under names; one of them may open with the page.
import { changePreset, createPreset, deletePreset, fetchPresets } from '$api/presets';
import type { Preset } from '$api/presets';
import { SORTS, STACKS } from '$api/types';
import type { View } from '$api/types';
import { viewKey } from './address';
import { tasteFrom } from './kept';
import { router } from './router.svelte';
import { taste } from './taste.svelte';
import { toasts } from './toasts.svelte';

const byName = (a: Preset, b: Preset): number => a.name.localeCompare(b.name);

function viewOf({ filter, view }: Preset): View {
  const sort = SORTS.find((name) => name === view.sort) ?? 'date_desc';
  const stack = STACKS.find((name) => name === view.stack && name !== 'parent');
  return { filter, sort, ...(sort === 'random' ? { seed: view.seed ?? 1 } : {}), ...(stack ? { stack } : {}) };
}

export class Presets {
  list = $state.raw<Preset[]>([]);
  #started = false;

  /** Loads the list; a page that was opened without a wish of its own shows the one that is meant for this. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const untouched = window.location.search === '';
    await this.load();
    const usual = this.list.find((one) => one.is_default);
    if (usual && untouched && window.location.search === '') this.apply(usual, 'replace');
  }

  async load(): Promise<void> {
    try {
      this.list = (await fetchPresets()).toSorted(byName);
    } catch {
      // The library itself says when the server is away.
    }
  }

  /** The preset that is on screen. */
  get current(): Preset | undefined {
    const here = viewKey(router.place.view);
    return this.list.find((one) => viewKey(viewOf(one)) === here);
  }

  apply(one: Preset, how: 'go' | 'replace' = 'go'): void {
    const { shape, scale, columns } = tasteFrom({ shape: taste.shape, scale: taste.scale, columns: taste.columns, ...one.view });
    taste.set({ shape, scale, columns });
    router[how]({ room: 'library', view: viewOf(one), layout: null, post: null });
  }

  async save(name: string, is_default: boolean): Promise<boolean> {
    const { filter, ...order } = router.place.view;
    const view = { ...order, shape: taste.shape, scale: taste.scale, columns: taste.columns };
    return this.#try(async () => {
      const made = await createPreset({ name, filter, view, is_default });
      toasts.show({ text: `Saved as ${made.name}`, undo: () => this.remove(made) });
    });
  }

  async change(one: Preset, change: Partial<Pick<Preset, 'name' | 'is_default'>>): Promise<boolean> {
    return this.#try(() => changePreset(one.id, change));
  }

  async remove(one: Preset): Promise<void> {
    const { id, name, filter, view, is_default } = one;
    const given = { name, filter, view, is_default };
    await this.#try(async () => {
      await deletePreset(id);
      toasts.show({ text: `${one.name} deleted`, undo: async () => void (await this.#try(() => createPreset(given))) });
    });
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      toasts.show({ kind: 'failed', text: `The presets were not changed. ${error instanceof Error ? error.message : ''}` });
      return false;
    }
  }
}

export const presets = new Presets();
