// The entries of the menus that judge: ratings and states.
import { STATUS_LABELS, mark } from '$actions/marks';
import { STATUSES } from '$api/marks';
import type { Target } from '$api/marks';
import type { MenuEntry } from '$kit/menu';

export function ratingEntries(target: Target): MenuEntry[] {
  const stars = [5, 4, 3, 2, 1].map((rating) => ({
    label: '★'.repeat(rating), keys: String(rating), onselect: () => void mark(target, { rating }),
  }));
  return [...stars, { label: 'No rating', keys: '0', onselect: () => void mark(target, { rating: null }) }];
}

export function statusEntries(target: Target): MenuEntry[] {
  const states: MenuEntry[] = STATUSES.map((status, at) => ({
    label: STATUS_LABELS[status], keys: `Shift+${at + 1}`, onselect: () => void mark(target, { status }),
  }));
  return [...states, { label: 'No status', onselect: () => void mark(target, { status: null }) }];
}
