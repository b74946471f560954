// The board of a view: a column for each status, its first cards and how many there are; moving a card sets its status.
import { mark } from '$actions/marks';
import { fetchCards } from '$api/cards';
import { fetchIndex } from '$api/index';
import { STATUSES } from '$api/marks';
import type { Status } from '$api/marks';
import type { Card, View } from '$api/types';
import { joined } from '$state/filter';

export type ColumnName = Status | 'none';
export const COLUMNS: readonly ColumnName[] = ['none', 'review', 'select', 'edit', 'approved', 'rejected'];
export const MOST_SHOWN = 60;

export interface Column {
  name: ColumnName;
  filter: string;
  cards: readonly Card[];
  count: number;
}

/** A column's filter: what the board is of, and the status. */
export function filterOf(filter: string, name: ColumnName): string {
  return joined([filter, `status:${name}`]);
}

export class Board {
  columns = $state.raw<readonly Column[]>([]);
  problem = $state('');
  loaded = $state(false);
  #view: View | null = null;
  #control: AbortController | null = null;

  async show(view: View): Promise<void> {
    this.#view = view;
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    try {
      const columns = await Promise.all(COLUMNS.map((name) => this.#column(view, name, control.signal)));
      if (control.signal.aborted) return;
      this.columns = columns;
      this.problem = '';
      this.loaded = true;
    } catch (error) {
      if (!control.signal.aborted) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  async #column(view: View, name: ColumnName, signal: AbortSignal): Promise<Column> {
    const asked = { ...view, filter: filterOf(view.filter, name) };
    const [answer, chunk] = await Promise.all([fetchIndex(asked, null, signal), fetchCards(asked, 0, signal)]);
    return { name, filter: asked.filter, cards: chunk.cards.slice(0, MOST_SHOWN), count: answer?.index.count ?? 0 };
  }

  /** Gives a card the status of a column: shown at once, put back when the server refuses. */
  async move(card: Card, to: ColumnName): Promise<boolean> {
    const before = this.columns;
    const from = before.find((column) => column.cards.some((one) => one.id === card.id));
    if (!from || from.name === to) return false;
    this.columns = before.map((column) => {
      if (column.name === from.name) return { ...column, cards: column.cards.filter((one) => one.id !== card.id), count: column.count - 1 };
      return column.name === to ? { ...column, cards: [card, ...column.cards], count: column.count + 1 } : column;
    });
    const again = (): void => void (this.#view && this.show(this.#view));
    const done = await mark({ ids: [card.id] }, { status: STATUSES.find((one) => one === to) ?? null }, again);
    if (!done) this.columns = before;
    return done;
  }

  stop(): void {
    this.#control?.abort();
  }
}
