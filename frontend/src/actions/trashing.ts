// Taking posts out of the trash, and emptying it; both say what they did and can be undone.
import { emptyTrash, restoreTrash } from '$api/trash';
import { formatCount } from '$kit/format';
import { bin } from '$state/bin.svelte';
import { failed, lookAgain, tellDone } from './undoing';

/** Some of it, or with null all of it. */
export async function takeBack(ids: readonly string[] | null): Promise<boolean> {
  const count = ids ? ids.length : bin.count;
  try {
    const answer = await restoreTrash(ids);
    bin.drop(ids);
    tellDone(answer.changed === null ? 'Taking all of these back now' : `${formatCount(count, 'post')} back in the library`, answer.operation, () => bin.later());
    bin.later();
    lookAgain();
    return true;
  } catch (error) {
    failed('Nothing was taken back.', error);
    return false;
  }
}

export async function empty(count: number): Promise<boolean> {
  try {
    const answer = await emptyTrash(count);
    bin.drop(null);
    tellDone(answer.changed === null ? 'Emptying the trash now' : `Trash emptied of ${formatCount(count, 'post')}`, answer.operation, () => bin.later());
    bin.later();
    return true;
  } catch (error) {
    failed('The trash was not emptied.', error);
    bin.later();
    return false;
  }
}
