// The one wizard for incoming exports: the import room shows it, the page drops files on it.
import { createCollection } from '$api/collections';
import { orderImport, retryProblem, runImport, startImport } from '$api/importing';
import { fetchBucket, fetchImport, fetchImports, fetchProblem, fetchProblems } from '$api/imports';
import { dropUpload } from '$api/uploads';
import { activity } from '$state/activity.svelte';
import { collections } from '$state/collections.svelte';
import { events } from '$state/events.svelte';
import { toasts } from '$state/toasts.svelte';
import { CARRIER } from './carrier';
import { scanFile } from './scan/scanner';
import { Wizard } from './wizard.svelte';

export const inbox = new Wizard({
  scan: scanFile,
  carrier: CARRIER,
  drop: dropUpload,
  start: startImport,
  run: runImport,
  order: orderImport,
  report: (id) => fetchImport(id),
  list: () => fetchImports(),
  collect: async (name) => {
    const made = await createCollection({ name });
    collections.put(made);
    collections.used(made.id);
    return made.id;
  },
  problems: (id, after, limit) => fetchProblems(id, after, limit),
  problem: fetchProblem,
  mend: retryProblem,
  bucket: fetchBucket,
  told: (hear) => events.on('import', hear),
  live: () => events.live,
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  now: () => Date.now(),
  say: (text, undo) => toasts.show({ kind: 'done', text, undo }),
  ended: () => void activity.look(),
});
