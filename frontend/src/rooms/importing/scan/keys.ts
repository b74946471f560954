// The few names in an export that counting needs, found by a hash of their bytes so that no text is made of the rest.

export const ID = 1;
export const MEDIA = 2;
export const PROMPT = 4;
export const TIME = 8;
/** What stands under it are children of the post around it. */
export const CHILDREN = 16;
/** What stands under it is only pointed at: it is not another post. */
export const POINTED = 32;
/** A list of posts. */
export const POSTS = 64;
/** The recorded requests of a browser. */
export const CAPTURE = 128;
/** One of them each. */
export const ENTRIES = 256;

const KNOWN: Record<string, number> = {
  id: ID, assetId: ID, postId: ID,
  mediaUrl: MEDIA, media_url: MEDIA, hdMediaUrl: MEDIA, videoUrl: MEDIA, imageUrl: MEDIA, key: MEDIA, link: MEDIA,
  mediaType: PROMPT, media_type: PROMPT, mimeType: PROMPT, prompt: PROMPT, originalPrompt: PROMPT, original_prompt: PROMPT,
  createTime: TIME, createdAt: TIME, create_time: TIME,
  childPosts: CHILDREN, child_posts: CHILDREN, children: CHILDREN, images: CHILDREN, videos: CHILDREN, variants: CHILDREN,
  originalPost: POINTED, original_post: POINTED, inputMediaItems: POINTED, mediaGenInput: POINTED, auxKeys: POINTED,
  posts: POSTS, post: POSTS, media_posts: POSTS, assets: POSTS,
  log: CAPTURE, entries: ENTRIES,
};
const LONGEST = Math.max(...Object.keys(KNOWN).map((name) => name.length));

/** A number for the bytes from `start` to before `end`; different names that matter have different numbers. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}

const BY_HASH = new Map(
  Object.entries(KNOWN).map(([name, means]) => {
    const bytes = new TextEncoder().encode(name);
    return [hashOf(bytes, 0, bytes.length), { name, means, length: bytes.length }];
  }),
);

/** What a name means for counting; null for the many that mean nothing. */
export function keyAt(bytes: Uint8Array, start: number, end: number): { name: string; means: number } | null {
  if (end - start > LONGEST) return null;
  const found = BY_HASH.get(hashOf(bytes, start, end));
  return found && found.length === end - start ? found : null;
}
