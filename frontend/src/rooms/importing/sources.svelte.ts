// What is to be imported: files, pasted text, a folder of the server; each looked at and sent while the next is chosen.
import { isAborted } from '$api/http';
import type { ServerFolder } from '$api/importing.types';
import { failureFrom, failureOfScan, type Failure } from './failures';
import type { Scan } from './scan/scan';
import { textShape } from './scan/scan';
import { markOf, sendFile, type Carrier, type Course } from './sending';

export interface SourceDesk {
  scan: (file: Blob, progress: (done: number) => void) => Promise<Scan>;
  carrier: Carrier;
  drop: (upload: string) => Promise<void>;
}

/** One thing to import. */
export class Source {
  readonly name: string;
  readonly size: number;
  readonly file: File | null;
  readonly folder: ServerFolder | null;
  scan = $state.raw<Scan | null>(null);
  /** Bytes looked at and bytes sent. */
  scanned = $state(0);
  sent = $state(0);
  phase = $state<'waiting' | 'sending' | 'sent' | 'refused'>('waiting');
  /** The connection is lost; it is taken up again by itself. */
  lost = $state(false);
  failure = $state.raw<Failure | null>(null);
  upload: string | null = null;
  readonly control = new AbortController();

  constructor(what: File | ServerFolder) {
    const isFile = what instanceof File;
    this.file = isFile ? what : null;
    this.folder = isFile ? null : what;
    this.name = what.name;
    this.size = isFile ? what.size : what.bytes;
    if (!isFile) this.phase = 'sent';
  }
}

export class Sources {
  list = $state.raw<readonly Source[]>([]);
  #desk: SourceDesk;
  #busy = false;
  #scanning: Promise<unknown> = Promise.resolve();

  #arrived: () => void;

  /** `arrived` is called whenever there is nothing left to send. */
  constructor(desk: SourceDesk, arrived: () => void = () => {}) {
    this.#desk = desk;
    this.#arrived = arrived;
  }

  get size(): number {
    return this.list.reduce((sum, source) => sum + source.size, 0);
  }

  get sent(): number {
    return this.list.reduce((sum, source) => sum + (source.phase === 'sent' ? source.size : source.sent), 0);
  }

  get lost(): boolean {
    return this.list.some((source) => source.lost);
  }

  /** What can be imported. */
  get good(): readonly Source[] {
    return this.list.filter((source) => source.phase !== 'refused');
  }

  /** True once everything that can be imported is at the server. */
  get ready(): boolean {
    return this.good.length > 0 && this.good.every((source) => source.phase === 'sent');
  }

  add(files: readonly File[]): void {
    const known = new Set(this.list.map((source) => source.file && markOf(source.file)));
    const fresh = files.filter((file) => !known.has(markOf(file))).map((file) => new Source(file));
    this.list = [...this.list, ...fresh];
    for (const source of fresh) this.#scanning = this.#scanning.then(() => this.#look(source));
    void this.#work();
  }

  /** Text that was pasted becomes a file like any other. */
  addText(text: string): void {
    const kind = textShape(text.slice(0, 1024));
    if (kind === 'empty') return;
    const name = kind === 'json' ? 'pasted.json' : kind === 'links' ? 'pasted-links.txt' : 'pasted.txt';
    this.add([new File([text], name, { lastModified: Date.now() })]);
  }

  /** A folder is imported by itself: it is an import of its own at the server. */
  useFolder(folder: ServerFolder): void {
    this.clear();
    this.list = [new Source(folder)];
  }

  async remove(source: Source): Promise<void> {
    this.list = this.list.filter((one) => one !== source);
    source.control.abort();
    if (source.file) this.#desk.carrier.keep(markOf(source.file), null);
    // What the server cannot be told now, it forgets by itself later.
    if (source.upload) await this.#desk.drop(source.upload).catch(() => {});
  }

  retry(source: Source): void {
    source.failure = null;
    source.phase = 'waiting';
    void this.#work();
  }

  /** Forgets the list; what is at the server stays there for the import that uses it. */
  clear(): void {
    for (const source of this.list) {
      if (source.phase !== 'sent') source.control.abort();
      else if (source.file) this.#desk.carrier.keep(markOf(source.file), null);
    }
    this.list = [];
  }

  async #look(source: Source): Promise<void> {
    if (!source.file || source.control.signal.aborted) return;
    const found = await this.#desk.scan(source.file, (done) => (source.scanned = done)).catch(() => null);
    source.scan = found;
    source.scanned = source.size;
    const failure = found && failureOfScan(found);
    if (!failure) return;
    source.failure = failure;
    source.phase = 'refused';
    source.control.abort();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let source: Source | undefined;
    while ((source = this.list.find((one) => one.phase === 'waiting'))) await this.#send(source);
    this.#busy = false;
    this.#arrived();
  }

  async #send(source: Source): Promise<void> {
    if (!source.file) return;
    const { signal } = source.control;
    const course: Course = { sent: (bytes) => (source.sent = bytes), lost: (is) => (source.lost = is), signal };
    // A small file is known before it is sent, so that a web page never leaves the browser.
    if (source.size < SMALL) await this.#scanning;
    if (signal.aborted || source.failure) {
      source.phase = 'refused';
      return;
    }
    source.phase = 'sending';
    try {
      source.upload = await sendFile(source.file, this.#desk.carrier, course);
      if (source.failure === null) source.phase = 'sent';
    } catch (error) {
      source.phase = 'refused';
      if (!isAborted(error)) source.failure = { ...failureFrom(error), again: true };
    } finally {
      source.lost = false;
    }
  }
}

const SMALL = 1_000_000;
