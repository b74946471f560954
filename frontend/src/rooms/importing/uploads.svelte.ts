// The imports of this visit and of before: sent one after the other, then followed until they are over.
import { isAborted } from '$api/http';
import { cancelImport } from '$api/importing';
import { fetchImport, fetchImports, fetchProblems, sendImport, type ImportStarted, type SendProgress } from '$api/imports';
import type { ImportReport } from '$api/types';
import { failureFrom, looksWrong, type Failure } from './failures';
import { isOver, isSettling, remarks, secondsLeft, type Problem } from './report';

export interface Desk {
  send: (file: File, progress: SendProgress, signal: AbortSignal) => Promise<ImportStarted>;
  report: (id: string) => Promise<ImportReport>;
  list: () => Promise<ImportReport[]>;
  problems: (id: string, after: number | undefined, limit: number) => Promise<Problem[]>;
  cancel: (id: string) => Promise<unknown>;
  wait: (ms: number) => Promise<void>;
  now: () => number;
}

const POLL_MS = 700;
const AWAY_MS = 3000;
const SETTLE_MS = 2000;
const HEAD_BYTES = 512;
const PROBLEMS = 50;

/** One export on its way: waiting, being sent, being read, over, or refused. */
export class Run {
  readonly name: string;
  readonly size: number | null;
  sent = $state(0);
  report = $state.raw<ImportReport | null>(null);
  failure = $state.raw<Failure | null>(null);
  phase = $state<'waiting' | 'sending' | 'reading' | 'over' | 'refused'>('waiting');
  /** The server stopped answering while we followed it. */
  away = $state(false);
  /** Asked to stop, not stopped yet. */
  stopping = $state(false);
  left = $state<number | null>(null);
  problems = $state.raw<Problem[]>([]);
  moreProblems = $state(false);
  problemsFailed = $state(false);
  readonly file: File | null;
  #since: { at: number; done: number } | null = null;

  constructor(source: File | ImportReport) {
    const isFile = source instanceof File;
    this.file = isFile ? source : null;
    this.name = isFile ? source.name : source.file_name;
    this.size = isFile ? source.size : null;
    if (!isFile) this.take(source, 0);
  }

  get id(): string | null {
    return this.report?.id ?? null;
  }

  take(report: ImportReport, now: number): void {
    this.report = report;
    this.away = false;
    this.phase = isOver(report) ? 'over' : 'reading';
    const { progress } = report;
    if (!progress || report.state !== 'running') return;
    this.#since ??= { at: now, done: progress.done };
    this.left = secondsLeft(progress.done, progress.total, this.#since, now);
  }
}

export class Uploads {
  /** The one that is shown; the list stands below it. */
  current = $state.raw<Run | null>(null);
  queue = $state.raw<Run[]>([]);
  earlier = $state.raw<ImportReport[] | null>(null);
  listFailure = $state.raw<Failure | null>(null);
  #desk: Desk;
  #ended: () => void;
  #busy = false;
  #cancel: AbortController | null = null;

  /** `ended` is called whenever an import is over, so that the library can be looked at again. */
  constructor(desk: Desk, ended: () => void = () => {}) {
    this.#desk = desk;
    this.#ended = ended;
  }

  /** Takes files to import; they go one after the other, also while nobody looks. */
  async add(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const runs = files.map((file) => new Run(file));
    this.queue = [...this.queue.filter((run) => run.phase !== 'over'), ...runs];
    if (!this.#busy) this.current = runs[0] ?? null;
    await this.#work();
  }

  /** Shows an earlier import; one that still runs is followed. */
  async open(report: ImportReport): Promise<void> {
    const run = this.queue.find((one) => one.id === report.id) ?? new Run(report);
    this.current = run;
    if (run.phase === 'reading') {
      if (!this.queue.includes(run)) await this.#follow(run, report.id);
      return;
    }
    // The list leaves out how the files stand; the report by itself says it.
    await Promise.all([this.#look(run, report.id), this.more(run, true)]);
    await this.#settle(run, report.id);
  }

  close(): void {
    this.current = null;
  }

  /** Stops the one that is shown: its sending at once, its reading after the part it is at. */
  async stop(run: Run): Promise<void> {
    if (run.phase === 'sending') return this.#cancel?.abort();
    if (!run.id) return;
    run.stopping = true;
    // When the server does not take it, the report goes on as before and the button is there again.
    await this.#desk.cancel(run.id).catch(() => (run.stopping = false));
  }

  async retry(run: Run): Promise<void> {
    run.failure = null;
    run.phase = 'waiting';
    if (!this.queue.includes(run)) this.queue = [...this.queue, run];
    await this.#work();
  }

  async list(): Promise<void> {
    try {
      this.earlier = await this.#desk.list();
      this.listFailure = null;
    } catch (error) {
      this.listFailure = failureFrom(error);
    }
  }

  /** The next problems of a run; `first` begins anew. */
  async more(run: Run, first = false): Promise<void> {
    if (!run.id || !run.report || remarks(run.report) === 0) return;
    try {
      const found = await this.#desk.problems(run.id, first ? undefined : lastNumber(run.problems), PROBLEMS);
      run.problems = first ? found : [...run.problems, ...found];
      run.moreProblems = found.length === PROBLEMS;
      run.problemsFailed = false;
    } catch {
      run.problemsFailed = true;
    }
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let run: Run | undefined;
    while ((run = this.queue.find((one) => one.phase === 'waiting'))) {
      this.current = run;
      await this.#bring(run);
    }
    this.#busy = false;
  }

  async #bring(run: Run): Promise<void> {
    const control = new AbortController();
    this.#cancel = control;
    try {
      const wrong = run.file && looksWrong(run.file.size, await run.file.slice(0, HEAD_BYTES).text());
      if (wrong || !run.file) return refuse(run, wrong ?? failureFrom(new Error('There is no file to send.')));
      run.phase = 'sending';
      const started = await this.#desk.send(run.file, (sent) => (run.sent = sent), control.signal);
      run.phase = 'reading';
      await this.#follow(run, started.id);
    } catch (error) {
      if (isAborted(error)) this.#drop(run);
      else refuse(run, failureFrom(error));
    } finally {
      this.#cancel = null;
    }
  }

  /** Files are looked for by jobs after the posts are in; the report that is on screen is kept up to date. */
  async #settle(run: Run, id: string): Promise<void> {
    while (this.current === run && run.report && isSettling(run.report)) {
      await this.#desk.wait(SETTLE_MS);
      await this.#look(run, id);
    }
  }

  #drop(run: Run): void {
    this.queue = this.queue.filter((one) => one !== run);
    run.phase = 'refused';
    if (this.current === run) this.current = null;
  }

  /** Asks once; true when there is nothing more to ask. */
  async #look(run: Run, id: string): Promise<boolean> {
    try {
      const report = await this.#desk.report(id);
      run.take(report, this.#desk.now());
      return isOver(report);
    } catch (error) {
      const failure = failureFrom(error);
      run.away = failure.again;
      if (!failure.again) refuse(run, failure);
      return !failure.again;
    }
  }

  async #follow(run: Run, id: string): Promise<void> {
    while (!(await this.#look(run, id))) await this.#desk.wait(run.away ? AWAY_MS : POLL_MS);
    if (run.phase === 'refused') return;
    this.#ended();
    void this.#settle(run, id);
    await Promise.all([this.more(run, true), this.list()]);
  }
}

function lastNumber(problems: readonly Problem[]): number | undefined {
  const last = problems.at(-1);
  return last?.number ?? last?.position;
}

function refuse(run: Run, failure: Failure): void {
  run.failure = failure;
  run.phase = 'refused';
}

export const DESK: Desk = {
  send: sendImport,
  report: (id) => fetchImport(id),
  list: () => fetchImports(),
  problems: (id, after, limit) => fetchProblems(id, after, limit),
  cancel: cancelImport,
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  now: () => Date.now(),
};
