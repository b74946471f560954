// Which of the five steps an import is at, and the options it is taken in with.
import type { ImportOptions, ImportReport } from '$api/importing.types';

export type Step = 'source' | 'check' | 'files' | 'options' | 'run';

export const STEPS: readonly { step: Step; name: string }[] = [
  { step: 'source', name: 'Source' },
  { step: 'check', name: 'Check' },
  { step: 'files', name: 'Files' },
  { step: 'options', name: 'Options' },
  { step: 'run', name: 'Run' },
];

export const DEFAULTS: ImportOptions = { likes: 'either', naive_zone: 'UTC', skip_deleted: true, tags: [], collection: null, fetch: false };

/** The options of an import, what it does not say as usual. */
export function optionsOf(report: Pick<ImportReport, 'options'>): ImportOptions {
  const { likes, naive_zone, skip_deleted, tags, collection, fetch } = { ...DEFAULTS, ...report.options };
  return { likes, naive_zone, skip_deleted, tags, collection, fetch };
}

/** True for an import that waits to be checked, or whose check failed: it has nothing to show from a check. */
function awaitsCheck({ state, check }: ImportReport): boolean {
  return state === 'checking' || (!check && (state === 'queued' || state === 'failed'));
}

/** The step on screen. What was chosen counts only while the server waits for a decision. */
export function stepOf(report: ImportReport | null, shown: boolean, chosen: Step | null): Step {
  if (!shown) return 'source';
  if (report === null || awaitsCheck(report)) return 'check';
  if (report.state !== 'checked') return 'run';
  return chosen === 'files' || chosen === 'options' ? chosen : 'check';
}

/** Steps that can be gone to from here. */
export function reachable(report: ImportReport | null): readonly Step[] {
  return report?.state === 'checked' ? ['check', 'files', 'options'] : [];
}
