// Problems by their cause, most frequent first: what needs a look, in one line each.
import type { ImportProblem } from '$api/importing.types';

export interface Cause {
  words: string;
  count: number;
  severity: string;
}

const WORDS: Record<string, string> = {
  damaged: 'Damaged part', truncated: 'The file ends too early', unreadable: 'Record could not be read', stray: 'Belongs to no post',
  incomplete_capture: 'Capture without its answers', replaced_characters: 'Characters replaced', times_without_zone: 'Times without a zone',
  nothing_to_import: 'Nothing to import in it',
};

/** A problem's code as words, else its reason. */
export function causeWords({ code, reason }: Pick<ImportProblem, 'code' | 'reason'>): string {
  const known = code ? WORDS[code] : undefined;
  return known ?? (reason || (code ?? 'Could not be read').replaceAll('_', ' '));
}

/** Groups what is loaded; the caller says when there is more. */
export function causesOf(problems: readonly ImportProblem[], most = 5): Cause[] {
  const found = new Map<string, Cause>();
  for (const problem of problems) {
    const words = causeWords(problem);
    const cause = found.get(words) ?? { words, count: 0, severity: problem.severity };
    cause.count += 1;
    found.set(words, cause);
  }
  return [...found.values()].sort((a, b) => b.count - a.count).slice(0, most);
}
