"""What a filter means, written a second time in plain Python over lists of posts, to check the SQL against."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sovia.library.models import File, Post
from sovia.library.text import searchable, words_in
from sovia.search.language.document import All, Any_, Comparison, Document, Node, Not, Prefix, Text

Stack = list[Post]
# The media folder whose disk is not there.
AWAY = "a" * 16


@dataclass
class Sizes:
    """What is known of posts beside their rows, by their id; collections by name, of posts or of a filter."""

    bytes: dict[object, int] = field(default_factory=dict)
    away: set[object] = field(default_factory=set)
    ratings: dict[object, int] = field(default_factory=dict)
    statuses: dict[object, str] = field(default_factory=dict)
    tags: dict[object, set[str]] = field(default_factory=dict)
    collections: dict[str, set[object] | Document] = field(default_factory=dict)


def wanted(
    document: Document, posts: list[Post], files: list[File] | None = None, sizes: Sizes | None = None
) -> set[str]:
    """The ids of the roots of the stacks that the filter finds."""
    sizes = sizes or Sizes()
    sizes.bytes = {file.post_id: file.size_bytes for file in files or [] if file.size_bytes is not None}
    sizes.away = {file.post_id for file in files or [] if (file.found_path or "").startswith(f"roots/{AWAY}/")}
    roots = [post for post in posts if post.parent_id is None and post.deleted_at is None]
    stacks = {
        root.id: [root, *(p for p in posts if p.root_id == root.id and p is not root and p.deleted_at is None)]
        for root in roots
    }
    node = document.filter
    return {str(root.id) for root in roots if node is None or finds(node, stacks[root.id], sizes)}


def finds(node: Node, stack: Stack, sizes: Sizes) -> bool:
    """Whether a stack (its root first) is found."""
    if positive(node):
        return any(in_post(node, post) for post in stack)
    if isinstance(node, Not):
        return not finds(node.of, stack, sizes)
    if isinstance(node, Any_):
        return any(finds(part, stack, sizes) for part in node.of)
    if isinstance(node, All):
        texts = [part for part in node.of if positive(part)]
        together = not texts or any(all(in_post(part, post) for part in texts) for post in stack)
        return together and all(finds(part, stack, sizes) for part in node.of if not positive(part))
    assert isinstance(node, Comparison)
    if node.field in OF_STACK:
        return OF_STACK[node.field](node, stack, sizes)
    return any(CHECKS[node.field](node, post, stack, sizes) for post in (stack if node.field in OF_ANY else stack[:1]))


def rated(node: Comparison, stack: Stack, known: Sizes) -> bool:
    """By the best rating in the stack."""
    return measured(node, max(known.ratings.get(post.id, 0) for post in stack), float)


def with_status(node: Comparison, stack: Stack, known: Sizes) -> bool:
    """Some post has one of the statuses, or none has any."""
    here = {known.statuses[post.id] for post in stack if post.id in known.statuses}
    return bool(here & set(node.values)) or ("none" in node.values and not here)


def with_tag(node: Comparison, stack: Stack, known: Sizes) -> bool:
    """Some post has one of the tags, or one that begins so, or none has any."""
    here: set[str | None] = {tag for post in stack for tag in known.tags.get(post.id, ())}
    return named(node, list(here)) or (node.operator == "=" and "none" in node.values and not here)


def within(node: Comparison, stack: Stack, known: Sizes) -> bool:
    """Some post is in one of the collections, or none is in any that is filled by hand."""
    by_hand = [one for one in known.collections.values() if isinstance(one, set)]
    if "none" in node.values and not any(post.id in one for one in by_hand for post in stack):
        return True
    several = [known.collections[value] for value in node.values if value in known.collections]
    return any(
        any(post.id in one for post in stack)
        if isinstance(one, set)
        else one.filter is None or finds(one.filter, stack, known)
        for one in several
    )


def positive(node: Node) -> bool:
    """Only texts that a post must have."""
    return isinstance(node, (Text, Prefix)) or (
        isinstance(node, (All, Any_)) and all(positive(part) for part in node.of)
    )


def in_post(node: Node, post: Post) -> bool:
    """Whether one post has these texts."""
    if isinstance(node, All):
        return all(in_post(part, post) for part in node.of)
    if isinstance(node, Any_):
        return any(in_post(part, post) for part in node.of)
    assert isinstance(node, (Text, Prefix))
    text = searchable(node.text)
    if isinstance(node, Prefix) and text.isascii() and text.isalnum():
        return any(word.startswith(text) for word in words_in(post.search_text))
    return text in post.search_text


def named(node: Comparison, values: list[str | None]) -> bool:
    """One of the names, or one that begins so."""
    if node.operator == "^":
        return any(value is not None and value.startswith(node.values[0]) for value in values)
    return any(value in node.values for value in values)


def measured(node: Comparison, value: float | None, read: Callable[[str], float], slack: float = 0) -> bool:
    """A number compared; unknown ones never are."""
    if value is None:
        return False
    low, high = read(node.values[0]), read(node.values[-1])
    compared = {
        "=": any(abs(value - read(one)) <= slack for one in node.values), "..": low <= value <= high,
        ">": value > low, ">=": value >= low, "<": value < low, "<=": value <= low,
    }  # fmt: skip
    return compared[node.operator]


def in_bytes(text: str) -> float:
    """Bytes of a size as filters write it."""
    return float(text.replace("MB", "e6").replace("kB", "e3").replace("B", ""))


def day(text: str) -> datetime:
    """The start of a day in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dated(node: Comparison, at: datetime | None) -> bool:
    """A date compared by whole days in UTC."""
    if at is None:
        return False
    start, end = day(node.values[0]), day(node.values[-1]) + timedelta(days=1)
    beyond = start + timedelta(days=1)
    compared = {
        "=": any(day(one) <= at < day(one) + timedelta(days=1) for one in node.values), "..": start <= at < end,
        ">": at >= beyond, ">=": at >= start, "<": at < start, "<=": at < beyond,
    }  # fmt: skip
    return compared[node.operator]


def shaped(node: Comparison, ratio: int) -> bool:
    """Portrait, square, landscape by the byte of shape."""
    words = {"portrait": ratio < 126, "square": 126 <= ratio <= 130, "landscape": ratio > 130}
    return ratio > 0 and any(words[value] for value in node.values)


OF_STACK = {"rating": rated, "status": with_status, "tag": with_tag, "in": within}
LIKED = {"yes": True, "no": False, "unknown": None}
OF_ANY = {"host", "source", "user", "size", "ratio", "width", "height", "duration", "id", "parent"}
STATE = {"wanted": "missing"}
HAS: dict[str, Callable[[Post, Stack], bool]] = {
    "children": lambda root, stack: root.child_count > 0,
    "own-clips": lambda _, stack: any(post.mode == "custom" for post in stack),
    "prompt": lambda root, _: bool(root.prompt or root.original_prompt),
    "model": lambda _, stack: any(post.model for post in stack),
    "mode": lambda _, stack: any(post.mode for post in stack),
    "date": lambda root, _: root.created_at is not None,
    "shape": lambda root, _: root.ratio > 0,
    "thumbnail": lambda root, _: root.thumbnail is not None,
    "file": lambda root, _: root.media_state == "present",
}
CHECKS: dict[str, Callable[[Comparison, Post, Stack, Sizes], bool]] = {
    "type": lambda node, _, stack, __: any(post.kind in node.values for post in stack),
    "model": lambda node, _, stack, __: named(node, [post.model for post in stack]),
    "mode": lambda node, _, stack, __: named(node, [post.mode for post in stack]),
    "liked": lambda node, root, *_: any(root.liked is LIKED[value] for value in node.values),
    "state": lambda node, root, _, known: (
        STATE.get(root.media_state, root.media_state) in node.values
        or ("away" in node.values and root.id in known.away)
    ),
    "has": lambda node, root, stack, _: any(HAS[value](root, stack) for value in node.values),
    "missing": lambda node, root, stack, _: any(
        STATE.get(root.media_state, root.media_state) == "missing" if value == "file" else not HAS[value](root, stack)
        for value in node.values
    ),
    "host": lambda node, post, *_: any(
        f".{[*post.media_url.split('/'), '', '', ''][2]}".endswith("." + value) for value in node.values
    ),
    "source": lambda node, post, *_: named(node, [post.source]),
    "user": lambda node, post, *_: named(node, [post.source_user_id]),
    "date": lambda node, root, *_: dated(node, root.created_at),
    "added": lambda node, root, *_: dated(node, root.added_at),
    "size": lambda node, post, _, sizes: measured(node, sizes.bytes.get(post.id), in_bytes),
    "width": lambda node, post, *_: measured(node, post.width, float),
    "height": lambda node, post, *_: measured(node, post.height, float),
    "duration": lambda node, post, *_: measured(
        node, post.duration_seconds, lambda text: float(text.removesuffix("s")), slack=0.5
    ),
    "ratio": lambda node, post, *_: shaped(node, post.ratio),
    "id": lambda node, post, *_: str(post.id) in node.values,
    "parent": lambda node, post, *_: str(post.parent_id) in node.values,
}
