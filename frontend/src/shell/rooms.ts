// The rooms in the order of the navigation; on phones those that have no place in the bar stand behind "More".
import type { IconName } from '$kit/icons';
import type { Room } from '$state/address';

export interface RoomEntry {
  room: Room;
  icon: IconName;
  label: string;
  keys: string;
  /** Whether it has a place of its own in a phone's bar. */
  first?: boolean;
}

export const ROOMS: readonly RoomEntry[] = [
  { room: 'library', icon: 'library', label: 'Library', keys: 'G B', first: true },
  { room: 'collections', icon: 'collections', label: 'Collections', keys: 'G C', first: true },
  { room: 'prompts', icon: 'prompt', label: 'Prompts', keys: 'G P' },
  { room: 'statistics', icon: 'usage', label: 'Statistics', keys: 'G S' },
  { room: 'import', icon: 'import', label: 'Import', keys: 'G I', first: true },
  { room: 'files', icon: 'shield', label: 'Files', keys: 'G F' },
  { room: 'jobs', icon: 'jobs', label: 'Jobs', keys: 'G J', first: true },
  { room: 'keeping', icon: 'server', label: 'Keeping', keys: 'G K' },
  { room: 'trash', icon: 'trash', label: 'Trash', keys: 'G T' },
];
