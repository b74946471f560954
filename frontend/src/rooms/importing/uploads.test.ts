// Exports go one after the other, are followed to their end, and say what is wrong with them.
import { expect, it } from 'vitest';
import { ApiError } from '$api/http';
import type { ImportReport } from '$api/types';
import { failureFrom, failureOf, looksWrong } from './failures';
import { bucketsOf, filesOf, headline, problemPlace, secondsLeft, shareDone, summary } from './report';
import { Uploads, type Desk } from './uploads.svelte';

function report(more: Partial<ImportReport> = {}): ImportReport {
  return {
    id: 'i', file_name: 'a.json', state: 'succeeded', shape: 'array', progress: null, counts: {}, started_at: null,
    finished_at: null, error: null, ...more,
  };
}
const json = (name: string, text = '[]'): File => new File([text], name);

function desk(reports: (ImportReport | Error)[], more: Partial<Desk> = {}): { uploads: Uploads; said: string[]; ended: () => number } {
  const said: string[] = [];
  let ended = 0;
  const uploads = new Uploads(
    {
      send: async (file) => (said.push(`send ${file.name}`), { id: file.name, job_id: null }),
      report: async (id) => {
        said.push(`ask ${id}`);
        const next = reports.shift() ?? report({ id });
        if (next instanceof Error) throw next;
        return next;
      },
      list: async () => [],
      problems: async () => [],
      cancel: async (id) => void said.push(`cancel ${id}`),
      wait: async (ms) => void said.push(`wait ${ms}`),
      now: () => 0,
      ...more,
    },
    () => (ended += 1),
  );
  return { uploads, said, ended: () => ended };
}

it('sends one export after the other and follows each to its end', async () => {
  const { uploads, said, ended } = desk([report({ state: 'running' }), report()]);
  await uploads.add([json('a.json'), json('b.json')]);

  expect(said).toEqual(['send a.json', 'ask a.json', 'wait 700', 'ask a.json', 'send b.json', 'ask b.json']);
  expect([ended(), uploads.current?.name, uploads.current?.phase]).toEqual([2, 'b.json', 'over']);
});

it('does not send an empty file or a web page, and goes on with the next', async () => {
  const { uploads, said } = desk([]);
  await uploads.add([json('empty.json', ''), json('page.json', '<!DOCTYPE html><title>Sign in</title>'), json('c.json')]);

  expect(said.filter((line) => line.startsWith('send'))).toEqual(['send c.json']);
  expect(uploads.queue.map((run) => run.failure?.code)).toEqual(['empty_file', 'web_page', undefined]);
});

it('keeps asking while the server is away', async () => {
  const { uploads, said } = desk([new ApiError(0, 'unreachable', 'away'), report()]);
  await uploads.add([json('a.json')]);

  expect(said).toEqual(['send a.json', 'ask a.json', 'wait 3000', 'ask a.json']);
  expect([uploads.current?.phase, uploads.current?.away]).toEqual(['over', false]);
});

it('keeps the file of a failed sending, so that it can be sent again', async () => {
  let broken = true;
  const { uploads } = desk([], {
    send: async () => {
      if (broken) throw new ApiError(0, 'unreachable', 'The connection broke.');
      return { id: 'x', job_id: null };
    },
  });
  await uploads.add([json('a.json')]);
  const run = uploads.current;
  expect([run?.phase, run?.failure?.again]).toEqual(['refused', true]);

  broken = false;
  if (run) await uploads.retry(run);
  expect(uploads.current?.phase).toBe('over');
});

it('asks the server to stop what it already reads', async () => {
  let seen: () => void = () => {};
  const { uploads, said } = desk([report({ id: 'a.json', state: 'running' }), report({ state: 'cancelled' })], {
    wait: () => new Promise((done) => (seen = done)),
  });
  const added = uploads.add([json('a.json')]);
  await new Promise((done) => setTimeout(done, 5));
  if (uploads.current) await uploads.stop(uploads.current);
  seen();
  await added;

  expect(said).toContain('cancel a.json');
  expect(uploads.current?.phase).toBe('over');
});

it('forgets a file whose sending was stopped', async () => {
  const { uploads } = desk([], { send: async () => Promise.reject(new DOMException('Cancelled', 'AbortError')) });
  await uploads.add([json('a.json')]);
  expect([uploads.queue.length, uploads.current]).toEqual([0, null]);
});

it('keeps a report up to date while its files are still looked for', async () => {
  const settling = report({ counts: { files_wanted: 2, files_present: 1 } });
  const { uploads, said } = desk([settling, settling, report({ counts: { files_present: 3 } })]);
  await uploads.add([json('a.json')]);
  await new Promise((done) => setTimeout(done));

  expect(said.filter((line) => line === 'wait 2000').length).toBe(2);
  expect(filesOf(uploads.current?.report ?? report()).here).toBe(3);
});

it('opens an earlier import with the counts that the list leaves out', async () => {
  const { uploads } = desk([report({ counts: { files_present: 7 } })]);
  await uploads.open(report());
  expect(filesOf(uploads.current?.report ?? report()).here).toBe(7);
});

it('keeps every bucket in its place, also when it is empty', () => {
  const buckets = bucketsOf(report({ counts: { new: 40, children_new: 2, problems: 0 } }));
  expect(buckets.map((bucket) => [bucket.name, bucket.value, bucket.note === 'none'])).toEqual([
    ['New', 38, false], ['The same', 0, true], ['Changed', 0, true], ['New children', 2, false], ['Problems', 0, true],
  ]);
});

it('says in one sentence what became of it', () => {
  const all: Record<string, number>[] = [{ new: 3, children_new: 1 }, { changed: 1 }, { same: 9 }];
  const said = all.map((counts) => headline(report({ counts })));
  expect(said).toEqual(['3 new posts in the library', '1 post brought up to date', 'Nothing new: all of it was here already']);
  expect(headline(report({ state: 'failed' }))).toBe('This export did not come in');
});

it('says size, kind and time', () => {
  const times = { started_at: '2025-09-29T00:00:00Z', finished_at: '2025-09-29T00:00:04Z' };
  expect(summary(report(times), 24_100_000)).toEqual(['24 MB', 'one list', '4.0 s']);
});

it('divides the files', () => {
  const files = filesOf(report({ counts: { files_present: 100, files_missing: 41, files_refused: 2, files_corrupt: 1 } }));
  expect([files.total, files.here, files.fetchable]).toEqual([144, 100, 42]);
  expect(files.shares.map((share) => [share.mark, share.value])).toEqual([['done', 100], ['missing', 41], ['failed', 1], ['refused', 2]]);
});

it('knows how far it is, and the time left only when the pace can be trusted', () => {
  const progress = { done: 25, total: 100, unit: 'bytes', posts: 0, children: 0, rate: null };
  expect([shareDone(report({ state: 'running', progress })), shareDone(report({ state: 'queued' }))]).toEqual([0.25, null]);
  expect(secondsLeft(50, 100, { at: 0, done: 0 }, 5000)).toBe(5);
  expect([secondsLeft(50, 100, { at: 0, done: 0 }, 500), secondsLeft(50, 100, { at: 0, done: 50 }, 5000)]).toEqual([null, null]);
});

it('says where a file is broken and shows the place', () => {
  const failure = failureFrom(new ApiError(422, 'malformed', 'The JSON ends too early.', { line: 3, column: 14, excerpt: '"prompt": "a' }));
  expect([failure.place, failure.excerpt, failure.again]).toEqual(['line 3, column 14', '"prompt": "a', false]);
  expect(failureOf({ error: 'Broken at line 3' }).text).toBe('Broken at line 3');
  expect(failureFrom(new ApiError(422, 'malformed', '', { position: 81920 })).place).toBe('byte 81,920');
});

it('tells a web page from an export by its first characters', () => {
  expect([looksWrong(9, '  <html>')?.code, looksWrong(9, '[{"id": "<html>"'), looksWrong(0, '')?.code]).toEqual(['web_page', null, 'empty_file']);
});

it('counts records from one', () => {
  const problem = { position: 812, record_id: null, reason: '', excerpt: '', severity: 'error' };
  expect([problemPlace({ ...problem, index: 56, line: 2113 }), problemPlace(problem)]).toEqual(['Record 57 · line 2,113', 'Byte 812']);
});
