"""What the filters and orders mean, written a second time in plain Python, to check the SQL against."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

from sovia.library.models import Post

EARLY = datetime(1970, 1, 1, tzinfo=UTC)


def stacks(posts: list[Post], **wanted: str) -> list[Post]:
    """The roots of the stacks that all the given parameters want."""
    found = [post for post in posts if post.parent_id is None]
    for name, value in wanted.items():
        found = [root for root in found if CHECKS[name](root, value, [p for p in posts if p.root_id == root.id])]
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
    found = sorted(posts, key=lambda post: post.id, reverse=sort not in ("date_asc", "random"))
    if sort == "random":
        return sorted(found, key=lambda post: md5(f"{post.id}{seed}".encode()).hexdigest())
    found.sort(key=lambda post: post.created_at or EARLY, reverse=sort != "date_asc")
    found.sort(key=lambda post: post.created_at is None)
    first: dict[str, Callable[[Post], Any]] = {
        "likes": lambda post: post.liked is not True,
        "model": lambda post: (post.model is None, post.model or ""),
        "type": lambda post: post.kind,
    }
    return sorted(found, key=first[sort]) if sort in first else found
