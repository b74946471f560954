// The way of an import through its five steps: what is chosen, what a check found, how it goes in, and back out again.
import type { BucketName, ImportOptions, ImportProblem, ImportReport, ImportStarted, ImportWanted, PreviewPage, Retried } from '$api/importing.types';
import type { Order } from '$api/importing';
import { failureFrom, type Failure } from './failures';
import { Following, type FollowDesk } from './following.svelte';
import { isOver } from './report';
import { DEFAULTS, optionsOf, stepOf, type Step } from './steps';
import { Sources, type Source, type SourceDesk } from './sources.svelte';

export interface Desk extends SourceDesk, FollowDesk {
  start: (wanted: ImportWanted) => Promise<ImportStarted>;
  run: (id: string, options: ImportOptions) => Promise<unknown>;
  order: (id: string, order: Order) => Promise<ImportReport>;
  list: () => Promise<ImportReport[]>;
  bucket: (id: string, bucket: BucketName, after?: number | null, limit?: number) => Promise<PreviewPage>;
  problem: (id: string, number: number) => Promise<ImportProblem>;
  mend: (id: string, number: number, text: string) => Promise<Retried>;
  /** Makes a collection; its id. */
  collect: (name: string) => Promise<string>;
  /** Says what happened, and how to take it back. */
  say: (text: string, undo: () => void) => void;
  /** The library may have changed. */
  ended: () => void;
}

export class Wizard {
  readonly sources: Sources;
  /** The import that is shown. */
  import = $state.raw<Following | null>(null);
  options = $state.raw<ImportOptions>(DEFAULTS);
  /** The name of a collection that is made when the import begins; null when none is to be made. */
  newCollection = $state<string | null>(null);
  /** The order that is on its way to the server. */
  sending = $state<Order | 'start' | 'run' | null>(null);
  /** Why the last order was not taken. */
  failure = $state.raw<Failure | null>(null);
  earlier = $state.raw<ImportReport[] | null>(null);
  listFailure = $state.raw<Failure | null>(null);
  /** What the check that is shown was asked for: recognised here before the server said a word. */
  checked = $state.raw<readonly Source[]>([]);
  readonly desk: Desk;
  /** Goes on to the check by itself once everything is sent. */
  #eager = false;
  #chosen = $state<Step | null>(null);

  constructor(desk: Desk) {
    this.desk = desk;
    this.sources = new Sources(desk, () => void this.#arrived());
  }

  get report(): ImportReport | null {
    return this.import?.report ?? null;
  }

  get step(): Step {
    return stepOf(this.report, this.import !== null, this.#chosen);
  }

  /** Goes to another step, where the import is such that there is something to see. */
  go(step: Step): void {
    this.failure = null;
    this.#chosen = step;
  }

  /** Takes files and goes on to the check at once when they are here. */
  add(files: readonly File[]): void {
    this.#gather(() => this.sources.add(files));
  }

  addText(text: string): void {
    this.#gather(() => this.sources.addText(text));
  }

  async useFolder(folder: { name: string; files: number; bytes: number }): Promise<void> {
    this.#gather(() => this.sources.useFolder(folder));
    await this.check();
  }

  #gather(take: () => void): void {
    if (this.import !== null) this.leave();
    this.failure = null;
    this.#eager = true;
    take();
  }

  /** All is sent. Where something was refused, that is to be seen first. */
  async #arrived(): Promise<void> {
    const whole = this.sources.good.length === this.sources.list.length;
    if (this.#eager && whole && this.sources.ready && this.sending === null) await this.check();
  }

  /** Has the server say what would change; nothing is written. */
  async check(): Promise<void> {
    this.#eager = false;
    const good = this.sources.good;
    const folder = good.find((source) => source.folder)?.folder?.name;
    const uploads = good.map((source) => source.upload).filter((id) => id !== null);
    const wanted: ImportWanted = folder === undefined ? { uploads, check: true, options: this.options } : { folder, check: true, options: this.options };
    await this.#send('start', async () => {
      const started = await this.desk.start(wanted);
      this.sources.clear();
      this.show(started.id);
      this.checked = good;
    });
  }

  /** Takes the checked import in. */
  async run(): Promise<void> {
    const shown = this.import;
    if (!shown || this.sending !== null) return;
    await this.#send('run', async () => {
      const name = this.newCollection?.trim() ?? '';
      if (name) this.options = { ...this.options, collection: await this.desk.collect(name) };
      this.newCollection = null;
      await this.desk.run(shown.id, this.options);
      await shown.look();
      void shown.follow();
    });
  }

  /** Pause, resume, cancel, undo, redo. True when the server took it. */
  async order(order: Order): Promise<boolean> {
    const shown = this.import;
    if (!shown) return false;
    return this.#send(order, async () => {
      const report = await this.desk.order(shown.id, order);
      if (report) shown.take(report);
      void shown.follow();
    });
  }

  /** Shows an import, of now or of before, and follows it. */
  show(id: string, first: ImportReport | null = null): void {
    this.import?.stop();
    this.failure = null;
    this.#chosen = null;
    this.checked = [];
    this.options = first ? optionsOf(first) : this.options;
    this.import = new Following(id, this.desk, (report, before) => this.#changed(report, before));
    void this.import.start(first);
  }

  /** Back to the choice of what to import; the import that was shown goes on. */
  leave(): void {
    this.import?.stop();
    this.import = null;
    this.failure = null;
    this.#chosen = null;
    this.#eager = false;
    this.options = DEFAULTS;
    this.newCollection = null;
    void this.list();
  }

  async list(): Promise<void> {
    try {
      this.earlier = await this.desk.list();
      this.listFailure = null;
    } catch (error) {
      this.listFailure = failureFrom(error);
    }
  }

  #changed(report: ImportReport, before: ImportReport | null): void {
    if (before?.state === report.state) return;
    if (before === null) this.options = optionsOf(report);
    else this.#offer(report, before);
    this.desk.ended();
    void this.list();
  }

  /** After an undo its redo is offered, and the other way round. */
  #offer(report: ImportReport, before: ImportReport): void {
    const again = (order: Order) => () => void this.#again(report.id, order);
    if (report.state === 'undone') this.desk.say('The import was undone', again('redo'));
    else if (before.state === 'undone' && isOver(report)) this.desk.say('The import is back in the library', again('undo'));
  }

  async #again(id: string, order: Order): Promise<void> {
    if (this.import?.id !== id) this.show(id);
    await this.order(order);
  }

  async #send(what: Order | 'start' | 'run', act: () => Promise<void>): Promise<boolean> {
    this.sending = what;
    this.failure = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.failure = failureFrom(error);
      return false;
    } finally {
      this.sending = null;
    }
  }
}
