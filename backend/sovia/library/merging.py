"""When a post comes again: what it adds, what it replaces, and what it must leave alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from sovia.library.incoming import Likes, NewPost

# The newest word counts, since prompts, models and owners are corrected by later exports.
NEWEST = ("kind", "created_at", "prompt", "original_prompt", "model", "mode", "thumbnail_url", "source_user_id")
# Said once, kept: the bytes already fetched belong to the first address, and probing knows sizes better than exports.
KEPT = ("media_url", "hd_media_url", "mime_type", "width", "height", "duration_seconds", "source_id")
EARLIER = "earlier_records"
MOST_EARLIER = 64
EMPTY: tuple[Any, ...] = (None, "", [], {})


def combined(first: NewPost, second: NewPost) -> NewPost:
    """Two records of one post as one; the second is the newer."""
    if first.fills_only and not second.fills_only:
        first, second = second, replace(first)
    values: dict[str, Any] = {}
    for name in (*NEWEST, *KEPT):
        old, new = getattr(first, name), getattr(second, name)
        replaces = name in NEWEST and not second.fills_only
        values[name] = new if new not in EMPTY and (replaces or old in EMPTY) else old
    return replace(
        first,
        **values,
        liked=either(first.liked, second.liked),
        parent_id=first.parent_id or second.parent_id,
        nested_in=first.nested_in or second.nested_in,
        local_path=first.local_path or second.local_path,
        audio_urls=list(dict.fromkeys([*first.audio_urls, *second.audio_urls])),
        raw=merged_record(first.raw, second.raw, newest=not second.fills_only),
    )


def changes(known: Mapping[str, Any], new: NewPost, likes: Likes = "either") -> dict[str, Any]:
    """The columns of a known post that a record of it changes; nothing when it has nothing new to say.

    Fills what is empty, never blanks what is filled. A record that was replaced by a newer one stays replaced
    when it comes again, so that the same exports in any number of runs end in the same library.
    `known["raw"]` and `known["extra_metadata"]` are parsed.
    """
    found, contested = _compared(known, new)
    old_raw = known["raw"] or {}
    raw = merged_record(old_raw, new.raw, newest=False)
    newest_raw = raw if new.fills_only else merged_record(old_raw, new.raw, newest=True)
    if contested or newest_raw != raw:
        extra = known["extra_metadata"] or {}
        earlier, this = extra.get(EARLIER, []), fingerprint(new.raw)
        if this not in earlier:
            found |= contested
            raw = newest_raw
            seen = [*earlier, *([] if earlier else [fingerprint(old_raw)]), this]
            found["extra_metadata"] = {**extra, EARLIER: seen[-MOST_EARLIER:]}
    if raw != old_raw:
        found["raw"] = raw
    return found | _like(known, new.liked, likes)


def _like(known: Mapping[str, Any], theirs: bool | None, likes: Likes) -> dict[str, Any]:
    """What becomes of the like. One given here outlives every import, unless theirs were asked for."""
    mine: bool | None = known["liked"]
    if likes == "theirs":
        given = {"liked_here": False} if known["liked_here"] else {}
        return {} if theirs is None or theirs is mine else {"liked": theirs} | given
    if known["liked_here"] or (likes == "mine" and mine is not None):
        return {}
    liked = either(mine, theirs)
    return {} if liked is mine else {"liked": liked}


def _compared(known: Mapping[str, Any], new: NewPost) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the record fills, and what it would replace."""
    found: dict[str, Any] = {}
    contested: dict[str, Any] = {}
    for name in NEWEST:
        value, old = getattr(new, name), known[name]
        if value in EMPTY or value == old:
            continue
        if old in EMPTY:
            found[name] = value
        elif not new.fills_only:
            contested[name] = value
    for name in KEPT:
        value = getattr(new, name)
        if known[name] in EMPTY and value not in EMPTY:
            found[name] = value
    return found, contested


def either(first: bool | None, second: bool | None) -> bool | None:
    """Liked when either says so; an export never takes a like away."""
    if first or second:
        return True
    return second if first is None else first


def merged_record(old: dict[str, Any], new: dict[str, Any], *, newest: bool) -> dict[str, Any]:
    """Two raw records as one: the newer's values, or only those that the older lacks; empty ones never replace."""
    if old == new:
        return old
    merged = dict(old)
    for key, value in new.items():
        if key not in merged or (value not in EMPTY and (newest or merged[key] in EMPTY)):
            merged[key] = value
    return merged


def fingerprint(record: dict[str, Any]) -> str:
    """The same for equal records."""
    text = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
