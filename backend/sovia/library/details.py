"""A whole post as the viewer shows it; pure."""

from collections.abc import Sequence
from typing import Any

from sovia.library.cards import media_link
from sovia.library.models import File, Post


def file_answer(file: File) -> dict[str, Any]:
    """One file: where it comes from, whether it is here, what is known of it."""
    here = file.state == "present"
    return {
        "role": file.role,
        "position": file.position,
        "state": "missing" if file.state == "wanted" else file.state,
        "reason": file.reason,
        "url": file.url,
        "path": file.path,
        "media": media_link(file.found_path or file.path) if here else None,
        "size_bytes": file.size_bytes,
        "mime_type": file.mime_type,
        "width": file.width,
        "height": file.height,
        "duration": file.duration_seconds,
        "sha256": file.sha256.hex() if file.sha256 else None,
        "fault": file.fault,
        "verified_at": file.verified_at,
    }


def post_answer(
    post: Post, files: Sequence[File], stack: list[dict[str, Any]], parent: dict[str, Any] | None
) -> dict[str, Any]:
    """Everything about a post, with its files, its stack's cards and its parent's card."""
    shown = [file_answer(file) for file in files]
    main = shown[0] if shown and shown[0]["role"] == "media" else None
    own = post.original_prompt or post.prompt
    card = next((card for card in stack if card["id"] == post.id), {})
    return {
        "id": post.id,
        "parent_id": post.parent_id,
        "wanted_parent_id": post.wanted_parent_id,
        "root_id": post.root_id,
        "kind": post.kind,
        "created_at": post.created_at,
        "added_at": post.added_at,
        "prompt": post.prompt,
        "original_prompt": post.original_prompt,
        "effective_prompt": own or post.inherited_prompt,
        "prompt_inherited": not own and bool(post.inherited_prompt),
        "model": post.model,
        "mode": post.mode,
        "liked": post.liked,
        "width": post.width,
        "height": post.height,
        "duration": post.duration_seconds,
        "media_url": post.media_url,
        "media": main["media"] if main else None,
        "thumbnail": post.thumbnail,
        "placeholder": card.get("placeholder"),
        "state": post.media_state,
        "reason": main["reason"] if main else None,
        "mime_type": main["mime_type"] if main and main["mime_type"] else post.mime_type,
        "size_bytes": main["size_bytes"] if main else None,
        "sha256": main["sha256"] if main else None,
        "source": post.source,
        "source_user_id": post.source_user_id,
        "files": shown,
        "parent": parent,
        "stack": stack,
        "raw": post.raw,
    }
