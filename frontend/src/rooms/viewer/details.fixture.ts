// Cards and records as the server answers them, for the tests of the viewer.
import type { Card, PostDetail } from '$api/types';

export function card(id: string, more: Partial<Card> = {}): Card {
  return {
    id, root_id: id, kind: 'image', ratio: 128, flags: 64, width: null, height: null, duration: null, children: 0, alt: `alt ${id}`,
    created_at: null, model: null, mode: null, thumbnail: null, placeholder: null, media: null, sound: null, preview: null, ...more,
  };
}
export function record(id: string, more: Partial<PostDetail> = {}): PostDetail {
  return {
    id, parent_id: null, root_id: 'root', kind: 'image', created_at: null, added_at: '2025-09-29T00:00:00Z', prompt: '',
    original_prompt: '', effective_prompt: '', prompt_inherited: false, model: null, mode: null, liked: null,
    width: null, height: null, duration: null, media_url: null, media: null, thumbnail: null, placeholder: null,
    state: 'present', mime_type: null, size_bytes: null, sha256: null, source: 'grok', source_user_id: null, files: [],
    parent: null, stack: [], raw: {}, ...more,
  };
}
