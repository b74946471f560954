"""What the filters and orders mean, written a second time in plain Python, to check the SQL against."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any
from uuid import UUID

from sovia.library.models import Post

EARLY = datetime(1970, 1, 1, tzinfo=UTC)


def stacks(posts: list[Post], **wanted: str) -> list[Post]:
    """The roots of the stacks that all the given parameters want."""
    found = [post for post in posts if post.parent_id is None]
    together: dict[UUID, list[Post]] = {}
    for post in posts:
        together.setdefault(post.root_id, []).append(post)
    for name, value in wanted.items():
        found = [root for root in found if CHECKS[name](root, value, together[root.id])]
    return found


def _has_words(_root: Post, value: str, stack: list[Post]) -> bool:
    return any(all(word in post.search_text for word in value.split()) for post in stack)


LIKES: dict[str, bool | None] = {"true": True, "liked": True, "false": False, "unliked": False, "unknown": None}
CHECKS: dict[str, Callable[[Post, str, list[Post]], bool]] = {
    "type": lambda _, value, stack: any(post.kind == value for post in stack),
    "liked": lambda root, value, _: root.liked is LIKES[value],
    "model": lambda _, value, stack: any(post.model == value for post in stack),
    "mode": lambda _, value, stack: any(post.mode == value for post in stack),
    "has_custom_videos": lambda _, __, stack: any(post.mode == "custom" for post in stack),
    "state": lambda root, value, _: value == {"wanted": "missing"}.get(root.media_state, root.media_state),
    "search": _has_words,
}


def ordered(posts: list[Post], sort: str, seed: int = 0) -> list[Post]:
    """The posts in the documented order; ties by date, then id; those without the sorted value last."""
    oldest_first = sort in ("date_asc", "oldest")
    found = sorted(posts, key=lambda post: post.id, reverse=not oldest_first)
    found.sort(key=lambda post: post.created_at or EARLY, reverse=not oldest_first)
    found.sort(key=lambda post: post.created_at is None)
    first: dict[str, Callable[[Post], Any]] = {
        "likes": lambda post: post.liked is not True,
        "model": lambda post: (post.model is None, post.model or ""),
        "mode": lambda post: (post.mode is None, post.mode or ""),
        "type": lambda post: post.kind,
        "added": lambda post: -post.added_at.timestamp(),
        "duration": lambda post: -(post.duration_seconds or -1),
        "name": lambda post: (not post.prompt, post.prompt.lower()),
        "random": lambda post: md5(f"{post.id}{seed}".encode()).hexdigest(),
    }
    return sorted(found, key=first[sort]) if sort in first else found


def alone(posts: list[Post], **wanted: str) -> list[Post]:
    """All posts that every one of the parameters wants, each asked as if it were a stack of one."""
    return [post for post in posts if all(CHECKS[name](post, value, [post]) for name, value in wanted.items())]


def batches(posts: list[Post], apart: timedelta | None) -> list[list[Post]]:
    """Posts with equal prompts, with `apart` only those that follow each other within it; in order."""
    by_prompt: dict[str, list[Post]] = {}
    for post in posts:
        words = " ".join((post.original_prompt or post.prompt or post.inherited_prompt or "").lower().split())
        by_prompt.setdefault(words or str(post.id), []).append(post)
    found = []
    for several in by_prompt.values():
        several.sort(key=lambda post: post.created_at or EARLY)
        group = [several[0]]
        for post in several[1:]:
            if apart is not None and (post.created_at or EARLY) - (group[-1].created_at or EARLY) > apart:
                found.append(group)
                group = []
            group.append(post)
        found.append(group)
    places = {post.id: place for place, post in enumerate(posts)}
    for group in found:
        group.sort(key=lambda post: places[post.id])
    return sorted(found, key=lambda group: places[group[0].id])
