// What just came in, for a strip over the grid: the last import that ended while the page was open.
import type { ImportReport } from '$api/importing.types';
import { events } from './events.svelte';

export interface Came {
  id: string;
  name: string;
  count: number;
}

/** The filter that shows what an import brought. */
export function filterOf(id: string): string {
  return `import:${id}`;
}

/** What an import has to say when it has ended; null while it goes on, and when it brought nothing. */
export function cameWith(report: ImportReport): Came | null {
  const count = report.counts.new ?? 0;
  const ended = report.state === 'succeeded' || report.state === 'partial';
  return ended && count > 0 && !report.undo ? { id: report.id, name: report.file_name, count } : null;
}

export class JustIn {
  shown = $state.raw<Came | null>(null);
  /** Imports that were seen to go on, and those whose end was told. */
  #going = new Set<string>();
  #ended = new Set<string>();
  #caughtUp = false;

  /** All that had ended lately when the page came was told. What ends from now on is news, however quick it was. */
  catchUp(): void {
    this.#caughtUp = true;
  }

  hear(report: ImportReport): void {
    const came = cameWith(report);
    if (came) {
      if (this.#going.delete(report.id) || (this.#caughtUp && !this.#ended.has(report.id))) this.shown = came;
      this.#ended.add(report.id);
    } else {
      this.#going.add(report.id);
      if (this.shown?.id === report.id) this.shown = null;
    }
  }

  dismiss(): void {
    this.shown = null;
  }
}

export const justIn = new JustIn();
events.on('import', (report) => justIn.hear(report));
// Each look at the library tells of its version last.
events.on('library', () => justIn.catchUp());
