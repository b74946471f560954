// What goes over the wire, as the server's schemas have it; flags and ratios are explained in index.ts.

export type Kind = 'image' | 'video' | 'audio';
export type FileState = 'wanted' | 'present' | 'missing' | 'corrupt' | 'refused' | 'gone' | 'none';

/** The orders that the server knows, see docs/formats/index.md. */
export const SORTS = ['date_desc', 'date_asc', 'added', 'likes', 'rating', 'manual', 'model', 'mode', 'type', 'name', 'size', 'duration', 'random', 'resemblance'] as const;
export type Sort = (typeof SORTS)[number];
/** What is one tile: a post with its descendants, every post, equal prompts, equal prompts made within minutes. */
export const STACKS = ['parent', 'none', 'family', 'batch'] as const;
export type Stack = (typeof STACKS)[number];

/** A whole view: what to show and in which order. */
export interface View {
  /** The text of a filter, see docs/formats/filter.md; empty for everything. */
  filter: string;
  sort: Sort;
  /** Keeps a random order the same between requests. */
  seed?: number;
  /** Left out when it is as usual: stacks of parents. */
  stack?: Stack;
}

export interface Card {
  id: string;
  /** The post whose tile this is; another one when a descendant is shown for it. */
  root_id: string;
  kind: Kind;
  ratio: number;
  flags: number;
  width: number | null;
  height: number | null;
  /** Seconds. */
  duration: number | null;
  /** How many further posts are behind the tile. */
  children: number;
  alt: string;
  created_at: string | null;
  model: string | null;
  mode: string | null;
  thumbnail: string | null;
  /** A ThumbHash in base64. */
  placeholder: string | null;
  media: string | null;
  /** Whether the file has sound; not known before it is here. */
  sound: boolean | null;
  preview: string | null;
  rating?: number | null;
  status?: string | null;
}

export interface CardChunk {
  version: number;
  chunk: number;
  cards: Card[];
}

export type Fault = 'lost' | 'changed' | 'truncated' | 'swapped' | 'unreadable';

export interface PostFile {
  role: 'media' | 'hd' | 'audio' | 'poster';
  position: number;
  state: FileState;
  reason: string | null;
  url: string | null;
  path: string | null;
  media: string | null;
  size_bytes: number | null;
  mime_type: string | null;
  width: number | null;
  height: number | null;
  duration: number | null;
  /** In what way it is not what it was. */
  fault: Fault | null;
  verified_at: string | null;
}

export interface PostDetail {
  id: string;
  parent_id: string | null;
  root_id: string;
  kind: Kind;
  created_at: string | null;
  added_at: string;
  prompt: string;
  original_prompt: string;
  effective_prompt: string;
  prompt_inherited: boolean;
  model: string | null;
  mode: string | null;
  liked: boolean | null;
  rating?: number | null;
  status?: string | null;
  tags?: string[];
  width: number | null;
  height: number | null;
  duration: number | null;
  media_url: string | null;
  media: string | null;
  thumbnail: string | null;
  placeholder: string | null;
  state: FileState;
  mime_type: string | null;
  size_bytes: number | null;
  sha256: string | null;
  source: string;
  source_user_id: string | null;
  files: PostFile[];
  parent: Card | null;
  stack: Card[];
  raw: unknown;
}

export interface Similar {
  id: string;
  score: number;
  /** `others` is how many more words are shared. */
  why: { words: string[]; others: number; boosts: string[] };
  card: Card;
}

export interface FacetRow {
  value: string | null;
  count: number;
}

export type FacetName = 'type' | 'model' | 'mode' | 'liked' | 'state';
export type Facets = Record<FacetName, FacetRow[]>;

export interface Stats {
  totalItems: number;
  totalVideos: number;
  likedItems: number;
  models: { name: string; count: number }[];
}

export type JobState =
  | 'queued' | 'blocked' | 'running' | 'waiting' | 'succeeded' | 'partial'
  | 'failed' | 'rejected' | 'expired' | 'cancelled' | 'unknown_outcome';

export interface Job {
  id: string;
  kind: string;
  title: string;
  state: JobState;
  progress_done: number | null;
  progress_total: number | null;
  note: string | null;
  result?: Record<string, unknown> | null;
  error_code?: string | null;
  error_message?: string | null;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}

export interface Me {
  id: string;
  name: string;
  authenticated: boolean;
  password_required: boolean;
}
