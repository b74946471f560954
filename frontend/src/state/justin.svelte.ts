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
  /** Imports that were seen to go on: only their end is news. */
  #going = new Set<string>();

  hear(report: ImportReport): void {
    const came = cameWith(report);
    if (came && this.#going.delete(report.id)) this.shown = came;
    else if (!came) {
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
