// What the address bar says: room, filter, order, open post and the place in the grid, as one value and back.
import { SORTS, STACKS } from '$api/types';
import type { View } from '$api/types';
import { orderWith } from './filter';
import { SHAPES } from './kept';
import type { Shape } from './kept';
import { olderFilter } from './older';

export type Room = 'library' | 'collections' | 'prompts' | 'statistics' | 'similar' | 'import' | 'files' | 'jobs' | 'keeping' | 'trash';

export interface Place {
  room: Room;
  view: View;
  /** The layout, when the address says one; else it is a matter of taste. */
  layout: Shape | null;
  /** The view as a board of statuses. */
  board: boolean;
  /** The post open in the viewer. */
  post: string | null;
  /** The import that the import room shows. */
  import: string | null;
  /** The posts that the room of similar ones starts from. */
  of: readonly string[];
  /** The first post on screen, so that a reload lands there. */
  at: string | null;
}

const ROOMS: readonly Room[] = ['library', 'collections', 'prompts', 'statistics', 'similar', 'import', 'files', 'jobs', 'keeping', 'trash'];

export const HOME: Place = { room: 'library', view: { filter: '', sort: 'date_desc' }, layout: null, board: false, post: null, import: null, of: [], at: null };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_ANCHORS = 50;

/** An id as the server has them; anything else was written by hand and names nothing. */
function idFrom(words: URLSearchParams, name: string): string | null {
  const id = words.get(name) ?? '';
  return ID.test(id) ? id : null;
}

function anchorsFrom(words: URLSearchParams): string[] {
  return (words.get('of') ?? '').split(',').filter((id) => ID.test(id)).slice(0, MOST_ANCHORS);
}

function viewFrom(words: URLSearchParams): View {
  const sort = SORTS.find((name) => name === words.get('sort')) ?? 'date_desc';
  const filter = [olderFilter(words), words.get('filter')?.trim() ?? ''].filter(Boolean).join(' ');
  const view: View = { filter, sort: orderWith(filter, filter, sort) };
  const seed = Number(words.get('seed') ?? '');
  if (sort === 'random') view.seed = Number.isSafeInteger(seed) && seed > 0 ? seed : 1;
  const stack = STACKS.find((name) => name === words.get('stack')) ?? 'parent';
  if (stack !== 'parent') view.stack = stack;
  return view;
}

/** Reads the part of an address after "?"; what it does not know it leaves out. */
export function placeFrom(search: string): Place {
  const words = new URLSearchParams(search);
  const room = ROOMS.find((name) => name === words.get('room')) ?? 'library';
  return {
    room,
    view: viewFrom(words),
    layout: SHAPES.find((shape) => shape === words.get('layout')) ?? null,
    board: words.has('board'),
    post: idFrom(words, 'post'),
    import: room === 'import' ? idFrom(words, 'import') : null,
    of: anchorsFrom(words),
    at: idFrom(words, 'at'),
  };
}

/** The address of a place: "/" or "/?...", with everything that is as usual left out. */
export function addressOf(place: Place): string {
  const { view } = place;
  const said: [string, string | null | undefined][] = [
    ['room', place.room === 'library' ? null : place.room],
    ['filter', view.filter],
    ['sort', view.sort === 'date_desc' ? null : view.sort],
    ['seed', view.seed?.toString()],
    ['stack', view.stack],
    ['layout', place.layout],
    ['board', place.board ? '1' : null],
    ['post', place.post],
    ['import', place.import],
    ['of', place.of.join(',')],
    ['at', place.at],
  ];
  const text = new URLSearchParams(said.flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();
  return text ? `/?${text}` : '/';
}

/** The same for two views that show the same things in the same order. */
export function viewKey(view: View): string {
  return addressOf({ ...HOME, view });
}
