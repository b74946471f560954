// The one line at the bottom of the page that says what just happened and offers to undo it.

export interface ToastMessage {
  text: string;
  /** Shown as "Undo" for ten seconds. */
  undo?: () => void | Promise<void>;
  kind?: 'done' | 'failed';
}

export interface Toast extends ToastMessage {
  id: number;
}

/** One toast at a time: a newer one takes the place of the older. */
class Toasts {
  current = $state.raw<Toast | null>(null);
  #count = 0;

  show(message: ToastMessage): void {
    this.#count += 1;
    this.current = { ...message, id: this.#count };
  }

  close(id?: number): void {
    if (id === undefined || this.current?.id === id) this.current = null;
  }
}

export const toasts = new Toasts();
