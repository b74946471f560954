// Follows one import until nothing more will change: told by the stream of news, and asking where that is silent.
import { ApiError } from '$api/http';
import type { ImportProblem, ImportReport } from '$api/importing.types';
import { failureFrom, type Failure } from './failures';
import { isResting, isSettling, remarks, secondsLeft, speedOf } from './report';

export interface FollowDesk {
  report: (id: string) => Promise<ImportReport>;
  problems: (id: string, after: number | undefined, limit: number) => Promise<ImportProblem[]>;
  /** Calls back with every report the server tells by itself; answers how to stop that. */
  told: (hear: (report: ImportReport) => void) => () => void;
  /** True while the server tells by itself. */
  live: () => boolean;
  wait: (ms: number) => Promise<void>;
  now: () => number;
}

const [POLL_MS, LIVE_MS, AWAY_MS, SETTLE_MS] = [700, 4000, 3000, 2000];
const PROBLEMS = 50;

export class Following {
  readonly id: string;
  report = $state.raw<ImportReport | null>(null);
  /** The server stopped answering. */
  away = $state(false);
  /** There is no such import, or it may not be seen. */
  failure = $state.raw<Failure | null>(null);
  left = $state<number | null>(null);
  /** Bytes a second. */
  speed = $state<number | null>(null);
  problems = $state.raw<ImportProblem[]>([]);
  moreProblems = $state(false);
  problemsFailed = $state(false);
  #desk: FollowDesk;
  #changed: (report: ImportReport, before: ImportReport | null) => void;
  #since: { at: number; done: number } | null = null;
  #asking = false;
  #stopped = false;
  #silence: () => void = () => {};
  #known = -1;

  /** `changed` hears of every report, with the one before it. */
  constructor(id: string, desk: FollowDesk, changed: (report: ImportReport, before: ImportReport | null) => void) {
    this.id = id;
    this.#desk = desk;
    this.#changed = changed;
  }

  async start(first: ImportReport | null = null): Promise<void> {
    this.#silence = this.#desk.told((news) => this.#hear(news));
    if (first) this.take(first);
    await this.follow();
  }

  /** News may be older than the last answer and leaves out how the files stand: a new state is asked for. */
  #hear(news: ImportReport): void {
    if (news.id !== this.id || this.#stopped) return;
    const same = news.state === this.report?.state && news.undo?.going === this.report.undo?.going;
    if (!same) void this.look().then(() => this.follow());
    else if (!isResting(news)) this.take(news);
  }

  stop(): void {
    this.#stopped = true;
    this.#silence();
  }

  /** Asks until the import rests; called again when it was set going again. */
  async follow(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    do {
      await this.look();
      if (this.#done()) break;
      await this.#desk.wait(this.#pause());
    } while (!this.#done());
    this.#asking = false;
  }

  #done(): boolean {
    return this.#stopped || this.failure !== null || (this.report !== null && isResting(this.report) && !isSettling(this.report));
  }

  #pause(): number {
    if (this.away) return AWAY_MS;
    if (this.report && isResting(this.report)) return SETTLE_MS;
    return this.#desk.live() ? LIVE_MS : POLL_MS;
  }

  async look(): Promise<void> {
    try {
      this.take(await this.#desk.report(this.id));
    } catch (error) {
      const away = !(error instanceof ApiError) || error.away;
      this.away = away;
      if (!away) this.failure = failureFrom(error);
    }
  }

  take(report: ImportReport): void {
    if (this.#stopped) return;
    const before = this.report;
    this.away = false;
    this.report = report;
    this.#measure(report, before);
    if (remarks(report) !== this.#known) {
      this.#known = remarks(report);
      void this.more(true);
    }
    this.#changed(report, before);
  }

  #measure(report: ImportReport, before: ImportReport | null): void {
    const { progress, state } = report;
    if (state !== before?.state) this.#since = null;
    if (!progress || (state !== 'running' && state !== 'checking')) {
      this.left = this.speed = null;
      return;
    }
    const now = this.#desk.now();
    this.#since ??= { at: now, done: progress.done };
    this.left = secondsLeft(progress.done, progress.total ?? 0, this.#since, now);
    this.speed = speedOf(progress.done, this.#since, now);
  }

  /** The next problems; `first` begins anew and keeps what is shown until they are here. */
  async more(first = false): Promise<void> {
    if (!this.report || remarks(this.report) === 0) {
      this.problems = [];
      return;
    }
    try {
      const found = await this.#desk.problems(this.id, first ? undefined : this.problems.at(-1)?.number, PROBLEMS);
      this.problems = first ? found : [...this.problems, ...found];
      this.moreProblems = found.length === PROBLEMS;
      this.problemsFailed = false;
    } catch {
      this.problemsFailed = true;
    }
  }
}
