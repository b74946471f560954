// What a screen reader is told while an import goes its way: each step once, and every quarter of a long run.
import { importWords } from './checking';
import { headline, isOver, shareDone } from './report';
import type { Wizard } from './wizard.svelte';

type Seen = Pick<Wizard, 'import' | 'report' | 'step'> & { sources: Pick<Wizard['sources'], 'list' | 'ready' | 'lost'> };

function sending({ sources }: Seen): string {
  if (sources.lost) return 'The connection is lost. Trying again.';
  if (sources.list.length === 0) return '';
  return sources.ready ? 'Everything is sent.' : 'Sending.';
}

/** One short sentence, or nothing. */
export function announcement(seen: Seen): string {
  const { report } = seen;
  if (seen.import === null) return sending(seen);
  if (seen.import.away) return 'The server does not answer. Trying again.';
  if (report === null) return 'Checking.';
  if (report.state === 'checked' && report.check) return `Check finished. ${importWords(report.check)}: press Enter.`;
  if (report.state === 'paused') return 'Paused.';
  if (isOver(report)) return headline(report);
  const quarter = Math.floor((shareDone(report) ?? 0) * 4) * 25;
  return `${seen.step === 'check' ? 'Checking' : 'Importing'}: ${quarter} percent.`;
}
