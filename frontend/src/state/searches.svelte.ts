// What was searched for on this device, the last first.

const KEY = 'sovia.searches';
const KEPT = 20;
const SETTLED_MS = 2500;

function kept(): string[] {
  try {
    const said = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown;
    return Array.isArray(said) ? said.filter((text): text is string => typeof text === 'string' && text !== '').slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

export class Searches {
  list = $state.raw<string[]>(kept());
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A filter that stands for a while was meant; what is still being typed is not kept. */
  seen(filter: string): void {
    clearTimeout(this.#timer);
    if (filter) this.#timer = setTimeout(() => this.keep(filter), SETTLED_MS);
  }

  keep(filter: string): void {
    this.#write([filter, ...this.list.filter((other) => other !== filter)].slice(0, KEPT));
  }

  forget(filter: string): void {
    this.#write(this.list.filter((other) => other !== filter));
  }

  clear(): void {
    this.#write([]);
  }

  #write(list: string[]): void {
    this.list = list;
    try {
      localStorage.setItem(KEY, JSON.stringify(list));
    } catch {
      // Then they last as long as the page.
    }
  }
}

export const searches = new Searches();
