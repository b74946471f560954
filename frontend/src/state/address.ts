// What the address bar says: room, filter, order, open post and the place in the grid, as one value and back.
import type { Sort, View } from '$api/types';
import { olderFilter } from './older';

export type Room = 'library' | 'import' | 'jobs' | 'keeping';

export interface Place {
  room: Room;
  view: View;
  /** The post open in the viewer. */
  post: string | null;
  /** The import that the import room shows. */
  import: string | null;
  /** The first post on screen, so that a reload lands there. */
  at: string | null;
}

const ROOMS: readonly Room[] = ['library', 'import', 'jobs', 'keeping'];
const SORTS: readonly Sort[] = ['date_desc', 'date_asc', 'likes', 'model', 'type', 'random'];

export const HOME: Place = { room: 'library', view: { filter: '', sort: 'date_desc' }, post: null, import: null, at: null };

/** An id as the server has them; anything else was written by hand and names nothing. */
function idFrom(words: URLSearchParams, name: string): string | null {
  const id = words.get(name) ?? '';
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : null;
}

/** Reads the part of an address after "?"; what it does not know it leaves out. */
export function placeFrom(search: string): Place {
  const words = new URLSearchParams(search);
  const sort = SORTS.find((name) => name === words.get('sort')) ?? 'date_desc';
  const seed = Number(words.get('seed') ?? '');
  const view: View = { filter: [olderFilter(words), words.get('filter')?.trim() ?? ''].filter(Boolean).join(' '), sort };
  if (sort === 'random') view.seed = Number.isSafeInteger(seed) && seed > 0 ? seed : 1;
  const room = ROOMS.find((name) => name === words.get('room')) ?? 'library';
  return {
    room,
    view,
    post: idFrom(words, 'post'),
    import: room === 'import' ? idFrom(words, 'import') : null,
    at: idFrom(words, 'at'),
  };
}

/** The address of a place: "/" or "/?...", with everything that is as usual left out. */
export function addressOf(place: Place): string {
  const words = new URLSearchParams();
  if (place.room !== 'library') words.set('room', place.room);
  if (place.view.filter) words.set('filter', place.view.filter);
  if (place.view.sort !== 'date_desc') words.set('sort', place.view.sort);
  if (place.view.seed !== undefined) words.set('seed', String(place.view.seed));
  if (place.post) words.set('post', place.post);
  if (place.import) words.set('import', place.import);
  if (place.at) words.set('at', place.at);
  const text = words.toString();
  return text ? `/?${text}` : '/';
}

/** The same for two views that show the same things in the same order. */
export function viewKey(view: View): string {
  return addressOf({ ...HOME, view });
}
