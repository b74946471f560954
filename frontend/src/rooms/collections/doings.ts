// What can be done with a collection: the entries of its menu, the same wherever it is opened.
import { change, duplicate, place, remove, snapshot } from '$actions/collect';
import type { Collection } from '$api/collections';
import type { MenuEntry } from '$kit/menu';
import { collections } from '$state/collections.svelte';
import { desk } from './desk.svelte';

export function entriesOf(one: Collection): (MenuEntry | null)[] {
  const entries: (MenuEntry | null)[] = [
    { label: 'Open', icon: 'collections', onselect: () => collections.open(one) },
    { label: one.is_smart ? 'Edit rules' : 'Edit', icon: 'create', onselect: () => desk.edit(one) },
    { label: one.pinned ? 'Unpin' : 'Pin to the side', icon: 'pin', onselect: () => void change(one, { pinned: !one.pinned }) },
    { label: 'Move to…', icon: 'lineage', onselect: () => desk.move(one) },
  ];
  if (one.parent_id) entries.push({ label: 'Move to the top', icon: 'up', onselect: () => void place(one, null, null) });
  entries.push(null, { label: 'Duplicate', icon: 'copy', onselect: () => void duplicate(one) });
  if (one.is_smart) entries.push({ label: 'Keep what it finds now', icon: 'stack', onselect: () => void snapshot(one) });
  entries.push(
    { label: 'Combine with…', icon: 'similar', onselect: () => desk.combine(one) },
    { label: 'New collection inside', icon: 'plus', onselect: () => desk.make({ parent_id: one.id }) },
    null,
    { label: 'Delete', icon: 'trash', danger: true, onselect: () => void remove(one) },
  );
  return entries;
}
