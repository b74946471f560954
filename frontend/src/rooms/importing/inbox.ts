// The one desk for incoming exports: the import room shows it, the page drops files on it.
import { activity } from '$state/activity.svelte';
import { DESK, Uploads } from './uploads.svelte';

export const inbox = new Uploads(DESK, () => void activity.look());
