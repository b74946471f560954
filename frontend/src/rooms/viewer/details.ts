// What the panel says about a post, worked out from its record: prompts, facts, files, lineage. No drawing here.
import { AWAY, CORRUPT } from '$api/index';
import type { Card, PostDetail, PostFile } from '$api/types';
import { formatBytes, formatDuration, formatWords } from '$kit/format';

export interface PromptPart {
  /** `null` for the post's own prompt, which needs no heading of its own. */
  heading: string | null;
  tag: string | null;
  text: string;
}

/** What to read first, then what else was said: a clip stands under the prompt of the picture it was made from. */
export function promptParts(post: PostDetail, root: PostDetail | null): PromptPart[] {
  if (post.prompt_inherited) {
    return [{ heading: 'From the post it was made from', tag: 'inherited', text: post.effective_prompt }];
  }
  const own: PromptPart = { heading: null, tag: null, text: post.effective_prompt };
  const parts = [own];
  const above = root && root.id !== post.id ? root.effective_prompt : '';
  if (above && above !== post.effective_prompt && post.effective_prompt) {
    own.heading = `${placeInStack(post)}, own prompt`;
    own.tag = post.mode;
    parts.unshift({ heading: null, tag: null, text: above });
  }
  if (post.prompt && post.original_prompt && post.prompt !== post.original_prompt) {
    parts.push({ heading: 'As the provider wrote it out', tag: null, text: post.prompt });
  }
  return parts.filter((part) => part.text !== '');
}

const KIND_WORDS = { image: 'Picture', video: 'Clip', audio: 'Sound' } as const;

/** "Clip 2 of 4": its number among those of its kind in the stack. */
export function placeInStack(post: Pick<PostDetail, 'id' | 'kind' | 'stack' | 'root_id'>): string {
  const same = post.stack.filter((card) => card.kind === post.kind && card.id !== post.root_id);
  const at = same.findIndex((card) => card.id === post.id);
  const word = KIND_WORDS[post.kind];
  return at < 0 ? word : `${word} ${at + 1} of ${same.length}`;
}

/** "1024 × 1024 · 80 KB", with whatever of it is known. */
export function sizeWords(post: Pick<PostDetail, 'width' | 'height' | 'size_bytes'>): string | null {
  const parts: string[] = [];
  if (post.width && post.height) parts.push(`${post.width} × ${post.height}`);
  if (post.size_bytes !== null) parts.push(formatBytes(post.size_bytes));
  return parts.length > 0 ? parts.join(' · ') : null;
}

export interface FileLine {
  name: string;
  file: PostFile;
}

const ROLE_WORDS = { media: 'File', hd: 'HD file', audio: 'Sound', poster: 'Poster' } as const;

/** Every file the post should have, named by its role and numbered where there are several. */
export function fileLines(files: readonly PostFile[]): FileLine[] {
  return files.map((file) => {
    const several = files.filter((other) => other.role === file.role).length > 1;
    return { name: several ? `${ROLE_WORDS[file.role]} ${file.position + 1}` : ROLE_WORDS[file.role], file };
  });
}

/** The file that the stage wants to show. */
export function mainFile(post: PostDetail): PostFile | null {
  return post.files.find((file) => file.role === 'media') ?? null;
}

export interface Lineage {
  parent: Card | null;
  self: Card | null;
  children: Card[];
  /** How many children are not among those shown. */
  more: number;
  edge: string;
}

/** Parent, self and the children of the stack; a child shows its root as parent. */
export function lineageOf(post: PostDetail, shown = 4): Lineage | null {
  const self = post.stack.find((card) => card.id === post.id) ?? null;
  const children = post.id === post.root_id ? post.stack.filter((card) => card.id !== post.id) : [];
  if (!post.parent && children.length === 0) return null;
  const fits = children.length <= shown ? children.length : shown - 1;
  return { parent: post.parent, self, children: children.slice(0, fits), more: children.length - fits, edge: edgeWords(children) };
}

function edgeWords(children: readonly Card[]): string {
  const clips = children.filter((card) => card.kind === 'video').length;
  const words = clips === children.length ? 'clip' : clips === 0 ? 'version' : 'child';
  if (children.length === 1) return `1 ${words}`;
  return `${children.length} ${words === 'child' ? 'children' : `${words}s`}`;
}

/** Why this one is similar, in words: "soft, texture and 3 more; same model". */
export function whyWords(why: { words: string[]; others: number; boosts: string[] }): string {
  return [formatWords(why.words, why.others), why.boosts.join(', ')].filter(Boolean).join('; ');
}

/** The name a download gets: the last part of the file's path, made unmistakable by the post's id. */
export function downloadName(post: PostDetail): string {
  const last = post.media?.split('/').at(-1) ?? '';
  const dot = last.lastIndexOf('.');
  const ending = dot > 0 ? last.slice(dot) : (ENDINGS[post.mime_type ?? ''] ?? '');
  return `${post.id}${ending}`;
}

const ENDINGS: Record<string, string> = {
  'image/jpeg': '.jpg', 'image/png': '.png', 'image/webp': '.webp', 'image/gif': '.gif', 'image/avif': '.avif',
  'video/mp4': '.mp4', 'video/webm': '.webm', 'audio/mpeg': '.mp3', 'audio/mp4': '.m4a', 'audio/wav': '.wav',
};

/** Only addresses that a browser may safely follow become links. */
export function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\//i.test(url);
}

/** The neighbours of `id` in its stack; null at both ends. */
export function stackNeighbours(stack: readonly Card[], id: string): { before: string | null; after: string | null } {
  const at = stack.findIndex((card) => card.id === id);
  if (at < 0) return { before: null, after: null };
  return { before: stack[at - 1]?.id ?? null, after: stack[at + 1]?.id ?? null };
}

/** At most `most` members of a stack around the one that is open; thousands of clips are not drawn at once. */
export function around(stack: readonly Card[], id: string, most = 48): Card[] {
  const at = Math.max(0, stack.findIndex((card) => card.id === id));
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), stack.length - most));
  return stack.slice(from, from + most);
}

/** What a frame in the strip is called: its kind, its length, its prompt. */
export function cardLabel(card: Card): string {
  const length = card.duration === null ? '' : `, ${formatDuration(card.duration)}`;
  const away = card.flags & (AWAY | CORRUPT) ? ', file missing' : '';
  return `${KIND_WORDS[card.kind]}${length}${away}${card.alt ? `: ${card.alt}` : ''}`;
}

/** Width over height from the index's byte; 2:3 while nothing is known. */
export function ratioOf(card: Pick<Card, 'ratio' | 'width' | 'height'>): number {
  if (card.width && card.height) return card.width / card.height;
  return card.ratio === 0 ? 2 / 3 : 2 ** ((card.ratio - 128) / 40);
}
