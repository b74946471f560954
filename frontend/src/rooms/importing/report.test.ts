// What reports and checks mean in words: buckets, headlines, files, time left, places, causes.
import { expect, it } from 'vitest';
import { ApiError } from '$api/http';
import type { ImportCheck, ImportProblem, ImportReport } from '$api/importing.types';
import { announcement } from './announce';
import { causesOf } from './causes';
import { changedWords, checkBuckets, checkFacts, checkFiles, hostsOf, importWords, valueWords } from './checking';
import { failureFrom, failureOf } from './failures';
import { recognisedWords, together } from './recognised';
import { bucketsOf, filesOf, headline, isResting, problemPlace, secondsLeft, shapeWords, shareDone, speedOf, summary, undoneWords } from './report';
import { scan } from './scan/scan';
import { zonesFrom } from './zones';

function report(more: Partial<ImportReport> = {}): ImportReport {
  return {
    id: 'i', file_name: 'a.json', state: 'succeeded', shape: 'array', progress: null, counts: {}, started_at: null,
    finished_at: null, error: null, ...more,
  };
}
function check(buckets: Partial<ImportCheck['buckets']> = {}, more: Partial<ImportCheck> = {}): ImportCheck {
  return {
    buckets: { new: 0, identical: 0, changed: 0, children_added: 0, conflicts: 0, unreadable: 0, ...buckets },
    changed_fields: {}, files: { present: 1, unhashed: 2, missing: 3, unmappable: 4 }, hosts: {}, first: null, last: null, seconds: 0.94, ...more,
  };
}
const progress = { done: 25, total: 100, unit: 'bytes', posts: 0, children: 0, rate: null };
const problem: ImportProblem = { position: 812, record_id: null, reason: 'odd', excerpt: '', severity: 'error' };

it('keeps every bucket in its place, also when it is empty', () => {
  const buckets = bucketsOf(report({ counts: { new: 40, children_new: 2, problems: 0 } }));
  expect(buckets.map((bucket) => [bucket.name, bucket.value, bucket.note === 'none'])).toEqual([
    ['New', 38, false], ['The same', 0, true], ['Changed', 0, true], ['New children', 2, false], ['Problems', 0, true],
  ]);
  expect(checkBuckets(check({ changed: 9 }, { changed_fields: { liked: 3, prompt: 6 } })).map(({ title, value, note }) => [title, value, note])).toEqual([
    ['New', 0, 'none'], ['The same', 0, 'none'], ['Changed', 9, 'prompt 6, like 3'], ['New children', 0, 'none'], ['Conflicts', 0, 'none'],
    ['Unreadable', 0, 'none'],
  ]);
});

it('says in one sentence what became of it', () => {
  const all: Record<string, number>[] = [{ new: 3, children_new: 1 }, { changed: 1 }, { same: 9 }];
  const said = all.map((counts) => headline(report({ counts })));
  expect(said).toEqual(['3 new posts in the library', '1 post brought up to date', 'Nothing new: all of it was here already']);
  expect(headline(report({ state: 'failed' }))).toBe('This export did not come in');
  expect([headline(report({ state: 'cancelled' })), headline(report({ state: 'cancelled', counts: { new: 2 } }))]).toEqual([
    'Cancelled, nothing was written', 'Cancelled, 2 new posts stay',
  ]);
  const undo = { going: false, redo: false, posts: 2, kept: 1, reverted: 0 };
  expect([headline(report({ state: 'undone' })), undoneWords({ undo })]).toEqual([
    'This import was undone', '2 posts went out again, 1 stay, because you changed them since.',
  ]);
  expect(headline(report({ undo: { ...undo, going: true } }))).toBe('Taking it back');
});

it('says on the button what it will do', () => {
  expect([{ new: 1 }, { new: 30, children_added: 5 }, { changed: 2 }, { identical: 9 }].map((one) => importWords(check(one)))).toEqual([
    'Import 1 post', 'Import 35 posts', 'Bring 2 posts up to date', 'Import anyway',
  ]);
});

it('says size, kind, how many and when', () => {
  const times = { started_at: '2025-09-29T00:00:00Z', finished_at: '2025-09-29T00:00:04Z' };
  expect(summary(report(times), 24_100_000)).toEqual(['24 MB', 'one list', '4.0 s']);
  const file = { name: 'a', size: 24_100_000, shape: 'array', records: 3, posts: 3, children: 0 };
  const days = check({}, { first: '2025-08-02T10:00:00Z', last: '2025-09-29T10:00:00Z' });
  expect(checkFacts(report({ files: [file], progress: { ...progress, posts: 3, children: 1 } }), days)).toEqual([
    '24 MB', 'one list', '3 posts, 1 child', '2 Aug 2025 to 29 Sep 2025', 'read in 0.9 s',
  ]);
  expect(checkFacts(report({ files: [file, file] }), check()).slice(0, 3)).toEqual(['2 files', '48 MB', '6 posts']);
});

it('names shapes, also of what is inside of others', () => {
  expect([shapeWords('lines'), shapeWords('zip of pages'), shapeWords('odd_one'), shapeWords('')]).toEqual([
    'one record a line', 'zip of pages of posts', 'odd one', null,
  ]);
});

it('divides the files', () => {
  const files = filesOf(report({ counts: { files_present: 100, files_missing: 41, files_gone: 5, files_refused: 2, files_corrupt: 1 } }));
  expect([files.total, files.here, files.fetchable]).toEqual([149, 100, 42]);
  expect(files.shares.map((share) => [share.mark, share.value])).toEqual([['done', 100], ['missing', 41], ['gone', 5], ['failed', 1], ['refused', 2]]);
  expect([checkFiles(check()).total, checkFiles(check()).here, checkFiles(check()).fetchable]).toEqual([10, 3, 3]);
  expect(hostsOf(check({}, { hosts: { b: 1, a: 1, c: 9 } })).map((one) => one.host)).toEqual(['c', 'a', 'b']);
});

it('knows how far it is, and the time left only when the pace can be trusted', () => {
  expect([shareDone(report({ state: 'running', progress })), shareDone(report({ state: 'queued' }))]).toEqual([0.25, null]);
  expect(secondsLeft(50, 100, { at: 0, done: 0 }, 5000)).toBe(5);
  expect([secondsLeft(50, 100, { at: 0, done: 0 }, 500), secondsLeft(50, 100, { at: 0, done: 50 }, 5000)]).toEqual([null, null]);
  expect([speedOf(50, { at: 0, done: 0 }, 5000), speedOf(50, { at: 0, done: 0 }, 500)]).toEqual([10, null]);
});

it('knows when there is nothing to wait for', () => {
  const undo = { going: true, redo: false, posts: 0, kept: 0, reverted: 0 };
  expect(['queued', 'checking', 'checked', 'running', 'paused', 'undone'].map((state) => isResting(report({ state: state as ImportReport['state'] })))).toEqual([
    false, false, true, false, true, true,
  ]);
  expect(isResting(report({ undo }))).toBe(false);
});

it('says where a file is broken and shows the place', () => {
  const failure = failureFrom(new ApiError(422, 'malformed', 'The JSON ends too early.', { line: 3, column: 14, excerpt: '"prompt": "a' }));
  expect([failure.place, failure.excerpt, failure.again]).toEqual(['line 3, column 14', '"prompt": "a', false]);
  expect(failureFrom(new ApiError(422, 'malformed', '', { position: 81920 })).place).toBe('byte 81,920');
  const over = failureOf({ error: 'Broken' }, [{ ...problem, severity: 'warning' }, { ...problem, line: 2113, excerpt: '{"id"' }]);
  expect([over.text, over.place, over.excerpt]).toEqual(['Broken', 'line 2,113', '{"id"']);
});

it('counts records from one, and problems by cause', () => {
  expect([problemPlace({ ...problem, index: 56, line: 2113 }), problemPlace(problem)]).toEqual(['Record 57 · line 2,113', 'Byte 812']);
  const causes = causesOf([{ ...problem, code: 'truncated' }, problem, { ...problem, code: 'truncated' }, { ...problem, reason: '', code: 'some_thing' }]);
  expect(causes.map((cause) => [cause.words, cause.count])).toEqual([['The file ends too early', 2], ['odd', 1], ['some thing', 1]]);
});

it('names what was recognised before the server said a word', async () => {
  const post = { id: 'a', prompt: 'b', mediaUrl: 'u', createTime: '2025-09-08T10:00:00Z', childPosts: [{ id: 'c', prompt: 'd' }] };
  const found = await scan(new Blob([JSON.stringify([post])]));
  expect(recognisedWords(found)).toEqual(['one list', '1 post', '1 child', '1 media', '8 Sep 2025']);
  expect([together([found, found]), together([found, null])]).toEqual([{ posts: 2, children: 2 }, null]);
});

it('shows values as people say them', () => {
  expect([valueWords(null), valueWords(''), valueWords(true), valueWords(3), valueWords({ a: 1 })]).toEqual(['nothing', 'nothing', 'yes', '3', '{"a":1}']);
  expect(changedWords({ a: 1, b: 2, c: 3, d: 4, e: 0 })).toBe('d 4, c 3, b 2, …');
});

it('offers the usual zones first, each once', () => {
  expect(zonesFrom(['Asia/Riyadh', 'Europe/Berlin', 'UTC'], 'Europe/Berlin', 'UTC').map((zone) => zone.label)).toEqual([
    'UTC', 'Europe/Berlin (this browser)', 'Asia/Riyadh',
  ]);
});

it('announces each step once, and every quarter of a long run', () => {
  const seen = (one: ImportReport) => ({ import: { away: false }, report: one, step: 'run', sources: { list: [], ready: false, lost: false } }) as never;
  const at = (done: number) => announcement(seen(report({ state: 'running', progress: { ...progress, done } })));
  expect([at(26), at(49), at(51)]).toEqual(['Importing: 25 percent.', 'Importing: 25 percent.', 'Importing: 50 percent.']);
  expect(announcement(seen(report({ state: 'checked', check: check({ new: 3 }) })))).toBe('Check finished. Import 3 posts: press Enter.');
});
