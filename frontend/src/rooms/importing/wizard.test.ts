// The wizard goes from what is chosen to a check, waits for a decision, takes it in, and can take it back.
import { expect, it, vi } from 'vitest';
import { ApiError } from '$api/http';
import type { ImportReport, ImportState } from '$api/importing.types';
import type { Carrier } from './sending';
import { Wizard, type Desk } from './wizard.svelte';
import { scan } from './scan/scan';

const CHECK = {
  buckets: { new: 2, identical: 0, changed: 0, children_added: 0, conflicts: 0, unreadable: 0 }, changed_fields: {},
  files: { present: 0, unhashed: 0, missing: 0, unmappable: 0 }, hosts: {}, first: null, last: null, seconds: 1,
};

function report(state: ImportState, more: Partial<ImportReport> = {}): ImportReport {
  return {
    id: 'i', file_name: 'a.json', state, shape: 'array', progress: null, counts: {}, started_at: null, finished_at: null,
    error: null, ...more,
  };
}
const checked = (more: Partial<ImportReport> = {}): ImportReport => report('checked', { check: CHECK, can: ['run', 'cancel'], ...more });
const json = (name: string, text = '[{"id": "a", "prompt": "b"}]'): File => new File([text], name);

function carrier(): Carrier {
  const kept = new Map<string, string>();
  return {
    create: async (name) => `up-${name}`, offset: async () => 0, send: async (_, offset, slice) => offset + slice.size,
    wait: async () => {}, now: () => 0, recall: (mark) => kept.get(mark) ?? null, keep: (mark, id) => void (id && kept.set(mark, id)),
  };
}

/** A server that answers with these reports in order, and then with the last one. */
function desk(reports: (ImportReport | Error)[], more: Partial<Desk> = {}): { wizard: Wizard; said: string[]; tell: (report: ImportReport) => void } {
  const said: string[] = [];
  const hearers = new Set<(report: ImportReport) => void>();
  const wizard = new Wizard({
    scan: (file) => scan(file),
    carrier: carrier(),
    drop: async (id) => void said.push(`drop ${id}`),
    start: async (wanted) => (said.push(`check ${wanted.uploads?.join('+') ?? wanted.folder}`), { id: 'i', job_id: null }),
    run: async (_, options) => void said.push(`run ${options.likes}`),
    order: async (_, order) => (said.push(order), reports.length > 1 ? (reports.shift() as ImportReport) : (reports[0] as ImportReport)),
    report: async () => {
      const next = reports.length > 1 ? reports.shift() : reports[0];
      if (next instanceof Error) throw next;
      return next as ImportReport;
    },
    list: async () => [],
    collect: async (name) => (said.push(`collect ${name}`), 'c'),
    problems: async () => [],
    problem: async () => ({ position: 0, record_id: null, reason: '', excerpt: '', severity: 'error' }),
    mend: async () => ({ accepted: true, posts: 1, reason: null }),
    bucket: async () => ({ items: [], next: null }),
    told: (hear) => (hearers.add(hear), () => hearers.delete(hear)),
    live: () => false,
    wait: async (ms) => void said.push(`wait ${ms}`),
    now: () => 0,
    say: (text, undo) => {
      said.push(text);
      if (more.say) more.say(text, undo);
    },
    ended: () => {},
    ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'say')),
  } as Desk);
  return { wizard, said, tell: (one) => hearers.forEach((hear) => hear(one)) };
}

async function until(true_: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !true_(); turn++) await new Promise((done) => setTimeout(done));
  expect(true_()).toBe(true);
}

it('goes on by itself only when nothing was refused: what was has to be seen', async () => {
  const { wizard, said } = desk([checked()]);
  wizard.add([json('page.json', '<!doctype html><html>'), json('good.json')]);
  await until(() => wizard.sources.ready);
  await Promise.resolve();

  expect([wizard.step, said]).toEqual(['source', []]);
  expect(wizard.sources.list.map((source) => source.failure?.code)).toEqual(['web_page', undefined]);
});

it('checks what was dropped at once, all files as one import', async () => {
  const { wizard, said } = desk([report('checking', { can: ['cancel'] }), checked()]);
  wizard.add([json('a.json'), json('b.json')]);
  await until(() => wizard.report?.state === 'checked');

  expect(said).toEqual(['check up-a.json+up-b.json', 'wait 700']);
  expect([wizard.step, wizard.checked.map((source) => source.scan?.posts)]).toEqual(['check', [1, 1]]);
});

it('never sends a web page or an empty file, and checks the rest when asked', async () => {
  const { wizard, said } = desk([checked()]);
  wizard.add([json('page.json', '<!DOCTYPE html>'), json('empty.json', ''), json('a.json')]);
  await until(() => wizard.sources.ready);
  await wizard.check();
  await until(() => wizard.report !== null);
  expect(said).toEqual(['check up-a.json']);
});

it('stays at the source when nothing can be imported, and says why', async () => {
  const { wizard, said } = desk([]);
  wizard.add([json('page.json', '<html>')]);
  await until(() => wizard.sources.list[0]?.failure !== null);
  expect([wizard.step, said, wizard.sources.list[0]?.failure?.code, wizard.sources.ready]).toEqual(['source', [], 'web_page', false]);
});

it('takes pasted links and JSON as files', async () => {
  const { wizard, said } = desk([checked()]);
  wizard.addText('https://assets.example/a');
  await until(() => wizard.report !== null);
  expect(said).toEqual(['check up-pasted-links.txt']);
});

it('checks a folder of the server without sending anything', async () => {
  const { wizard, said } = desk([checked()]);
  await wizard.useFolder({ name: 'old', files: 3, bytes: 9 });
  expect(said).toEqual(['check old']);
});

it('keeps what an import was wanted with, and takes it in so', async () => {
  const taken: unknown[] = [];
  const { wizard } = desk([checked({ options: { fetch: true, likes: 'mine' } }), report('running', { check: CHECK }), report('succeeded', { check: CHECK })], {
    run: async (_, options) => void taken.push(options),
  });
  wizard.show('i');
  await until(() => wizard.report !== null);
  await wizard.run();
  expect(taken).toEqual([{ likes: 'mine', naive_zone: 'UTC', skip_deleted: true, tags: [], collection: null, fetch: true }]);
});

it('goes through files and options only while it waits for a decision', async () => {
  const { wizard, said } = desk([checked(), report('running', { check: CHECK }), report('succeeded', { check: CHECK })]);
  wizard.show('i');
  await until(() => wizard.report !== null);
  wizard.go('files');
  expect(wizard.step).toBe('files');
  wizard.go('options');
  wizard.options = { ...wizard.options, likes: 'mine' };
  expect(wizard.step).toBe('options');
  await wizard.run();
  expect(wizard.step).toBe('run');
  await until(() => wizard.report?.state === 'succeeded');
  expect(said[0]).toBe('run mine');
});

it('shows a failed check as a failed check, and a failed import as a failed import', async () => {
  const { wizard } = desk([report('failed', { error: 'no' })]);
  wizard.show('i');
  await until(() => wizard.report !== null);
  expect(wizard.step).toBe('check');
  const late = desk([report('failed', { error: 'no', check: CHECK })]).wizard;
  late.show('i');
  await until(() => late.report !== null);
  expect(late.step).toBe('run');
});

it('says why an order was not taken, and leaves everything as it was', async () => {
  const { wizard } = desk([checked()], { run: async () => Promise.reject(new ApiError(409, 'conflict', 'It runs already.')) });
  wizard.show('i');
  await until(() => wizard.report !== null);
  await wizard.run();
  expect([wizard.failure?.text, wizard.step, wizard.sending]).toEqual(['It runs already.', 'check', null]);
});

it('takes news from the stream and asks no more often than it must', async () => {
  let wake: () => void = () => {};
  const { wizard, said, tell } = desk([report('running'), report('succeeded', { counts: { files_present: 3 } })], { live: () => true, wait: (ms) => new Promise((done) => ((wake = done), said.push(`wait ${ms}`))) });
  wizard.show('i');
  await until(() => said.length > 0);
  tell(report('running', { counts: { new: 5 } }));
  expect([wizard.report?.counts['new'], said]).toEqual([5, ['wait 4000']]);
  tell(report('succeeded', { id: 'other' }));
  expect(wizard.report?.state).toBe('running');
  tell(report('succeeded'));
  await until(() => wizard.report?.state === 'succeeded');
  tell(report('running'));
  tell(report('succeeded'));
  wake();
  await until(() => wizard.report?.counts['files_present'] === 3);
  expect(wizard.report?.state).toBe('succeeded');
});

it('keeps asking while the server is away, and ends where there is no such import', async () => {
  const { wizard, said } = desk([new ApiError(0, 'unreachable', ''), report('succeeded')]);
  wizard.show('i');
  await until(() => wizard.report !== null);
  expect([said, wizard.import?.away]).toEqual([['wait 3000'], false]);
  const gone = desk([new ApiError(404, 'import_not_found', 'There is no import.')]).wizard;
  gone.show('x');
  await until(() => gone.import?.failure !== null);
  expect(gone.import?.failure?.text).toBe('There is no import.');
});

it('offers to redo an undo, and to undo the redo', async () => {
  let again: () => void = () => {};
  const done = report('succeeded', { can: ['undo'] });
  const { wizard, said } = desk([done, report('undone', { can: ['redo'] }), report('undone', { can: ['redo'] }), done], { say: (_, undo) => (again = undo) });
  wizard.show('i', done);
  await until(() => wizard.report !== null);
  await wizard.order('undo');
  await until(() => said.includes('The import was undone'));
  again();
  await until(() => said.includes('The import is back in the library'));
  expect(said.filter((line) => line === 'undo' || line === 'redo')).toEqual(['undo', 'redo']);
});

it('follows an undo that takes its time', async () => {
  const undo = { going: true, redo: false, posts: 0, kept: 0, reverted: 0 };
  const { wizard, said } = desk([report('succeeded', { undo }), report('undone')]);
  wizard.show('i');
  await until(() => wizard.report?.state === 'undone');
  expect(said).toContain('The import was undone');
});

it('begins anew without stopping what runs', async () => {
  const { wizard, said } = desk([checked()]);
  wizard.show('i');
  await until(() => wizard.report !== null);
  wizard.leave();
  expect([wizard.step, wizard.import, said.includes('cancel')]).toEqual(['source', null, false]);
});

it('makes the new collection when the import begins, and not twice when the server refuses', async () => {
  let refused = true;
  const { wizard, said } = desk([checked()], {});
  const run = wizard.desk.run;
  const asked: (string | null)[] = [];
  wizard.desk.run = async (id, options) => {
    asked.push(options.collection);
    if (refused) throw new ApiError(503, 'unavailable', 'no');
    await run(id, options);
  };
  wizard.show('i');
  await vi.waitFor(() => expect(wizard.step).toBe('check'));
  wizard.newCollection = ' By the sea ';
  await wizard.run();
  refused = false;
  await wizard.run();

  expect(asked).toEqual(['c', 'c']);
  expect(said.filter((one) => one.startsWith('collect'))).toEqual(['collect By the sea']);
});
