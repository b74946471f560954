// What goes over the wire about imports: a report, what a check found, and how to take it in.
import type { JobState, Kind } from './types';

export type ImportState = JobState | 'checking' | 'checked' | 'paused' | 'undone';
export type Ability = 'run' | 'pause' | 'resume' | 'cancel' | 'undo' | 'redo' | 'retry';

export interface ImportProgress {
  done: number;
  total: number | null;
  unit: string;
  posts: number;
  children: number;
  /** Posts per second. */
  rate: number | null;
}

export interface ImportFile {
  name: string;
  size: number | null;
  shape: string | null;
  records: number;
  posts: number;
  children: number;
}

export type Likes = 'mine' | 'theirs' | 'either';

export type Condition = 'folder' | 'host' | 'before' | 'after' | 'prompt';

/** A tag for the posts that fit all of `when`; for every post without any. */
export interface TagRule {
  tag: string;
  when: Partial<Record<Condition, string>>;
}

export interface ImportOptions {
  likes: Likes;
  naive_zone: string;
  skip_deleted: boolean;
  tags: readonly TagRule[];
  /** The id of a collection that is filled by hand. */
  collection: string | null;
  /** Files that are not here are fetched once they were looked for. */
  fetch: boolean;
}

export type BucketName = 'new' | 'identical' | 'changed' | 'children_added' | 'conflicts' | 'unreadable';

export interface ImportCheck {
  buckets: Record<BucketName, number>;
  changed_fields: Record<string, number>;
  files: { present: number; unhashed: number; missing: number; unmappable: number };
  hosts: Record<string, number>;
  first: string | null;
  last: string | null;
  seconds: number;
}

/** How far an import is taken back, or brought in again. */
export interface ImportUndo {
  going: boolean;
  redo: boolean;
  posts: number;
  kept: number;
  reverted: number;
}

export interface ImportReport {
  id: string;
  job_id?: string | null;
  file_name: string;
  state: ImportState;
  shape: string | null;
  progress: ImportProgress | null;
  counts: Record<string, number>;
  started_at: string | null;
  finished_at: string | null;
  error: string | null;
  error_code?: string | null;
  files?: ImportFile[];
  options?: Partial<ImportOptions>;
  can?: Ability[];
  check?: ImportCheck | null;
  undo?: ImportUndo | null;
}

export interface ImportProblem {
  number?: number;
  index?: number | null;
  line?: number | null;
  position: number | null;
  record_id: string | null;
  reason: string;
  code?: string;
  excerpt: string;
  severity: string;
  file_name?: string | null;
  /** It was mended and came in. */
  fixed?: boolean;
}

export interface Retried {
  accepted: boolean;
  posts: number;
  reason: string | null;
}

/** One post of a bucket, as a check would take it in. */
export interface Preview {
  number: number;
  id: string | null;
  kind: Kind | null;
  prompt: string | null;
  model: string | null;
  ratio: number | null;
  media_url: string | null;
  fields: { name: string; here: unknown; there: unknown }[];
  reason: string | null;
  thumbnail: string | null;
}

export interface PreviewPage {
  items: Preview[];
  next: number | null;
}

export interface ServerFolder {
  name: string;
  files: number;
  bytes: number;
}

export interface ImportFolders {
  folders: ServerFolder[];
  watched: boolean;
}

export interface ImportWanted {
  uploads?: string[];
  folder?: string;
  check: boolean;
  options?: Partial<ImportOptions>;
}

export interface ImportStarted {
  id: string;
  job_id: string | null;
}
