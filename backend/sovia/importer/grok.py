"""One record of a Grok Imagine export becomes posts: itself, its children at any depth, and the original it names."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sovia.importer import fields, own
from sovia.importer.problems import Problem, excerpt_of
from sovia.importer.shapes.inputs import edges_of, first_input, has_inputs
from sovia.importer.shapes.spelling import usual
from sovia.importer.times import NoTime, time_of
from sovia.library.belongings import Belongings
from sovia.library.incoming import Edge, NewPost

MAX_DEPTH = 32
MAX_SOUNDS = 64
NESTED = ("childPosts", "child_posts", "images", "videos", "variants")
ORIGINAL = "originalPost"
# A stub may know its post's page or a picture of it, and nothing else.
PARTS = frozenset(("link", "hdMediaUrl", "thumbnailImageUrl"))
KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


class _Waiting(NamedTuple):
    """A record still to be read, with where it was found."""

    record: object
    parent: UUID | None
    depth: int
    second_hand: bool


@dataclass(slots=True)
class Parsed:
    """What one record gave: posts, what was wrong, and how many of its times named no zone."""

    posts: list[NewPost] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    times_without_zone: int = 0
    edges: list[Edge] = field(default_factory=list)
    belongings: list[Belongings] = field(default_factory=list)

    def warn(self, code: str, reason: str, record: fields.Record, excerpt: object = None) -> None:
        """Say that something came in, but not as it was."""
        self.problems.append(
            Problem(code, reason, "warning", _raw_id(record), excerpt_of(excerpt) if excerpt is not None else None)
        )

    def refuse(self, code: str, reason: str, record: object) -> None:
        """Say that something did not come in."""
        record_id = _raw_id(record) if isinstance(record, dict) else None
        self.problems.append(Problem(code, reason, "error", record_id, excerpt_of(record)))


def parse(record: object, *, second_hand: bool = False) -> Parsed:
    """The posts of one record, parents before their children; a bad child does not lose its parent.

    With `second_hand` the record is a stub or a copy, whose values never replace others.
    The record is taken apart: posts found inside it leave its raw form, and what could not be used stays there.
    """
    parsed = Parsed()
    waiting = [_Waiting(record, None, 0, second_hand)]
    while waiting:
        one = waiting.pop()
        if not isinstance(one.record, dict):
            parsed.refuse("not_a_record", f"This is {_what(one.record)}, not a post.", one.record)
        elif one.depth > MAX_DEPTH:
            reason = f"Posts nested deeper than {MAX_DEPTH} levels are not read."
            parsed.refuse("too_deep", reason, one.record)
        else:
            post = _post(one.record, one, parsed)
            if post is not None:
                parsed.posts.append(post)
                waiting += reversed(_inside(post, one.depth, parsed))
    return parsed


def _post(record: fields.Record, where: _Waiting, parsed: Parsed) -> NewPost | None:
    """The record itself as a post, or nothing when it has no identity or nothing to show."""
    known = own.taken_out(record) if own.NAME in record else None
    if known is not None and own.is_parcel(record, known):
        parsed.belongings.append(own.carried_by(known))
        return None
    return _shown(record, known, where, parsed)


def _shown(record: fields.Record, known: own.Own | None, where: _Waiting, parsed: Parsed) -> NewPost | None:
    spelled = usual(record)
    url = _text(spelled, "mediaUrl", parsed).strip() or _text(spelled, "watermarkedMediaUrl", parsed).strip()
    found = _identity(spelled, url, known)
    if found is None:
        parsed.refuse("no_id", "This record has no id, and there is none in its media address.", record)
        return None
    post_id, source_id = found
    prompt, original = _text(spelled, "prompt", parsed), _text(spelled, "originalPrompt", parsed)
    mime = fields.name_of(spelled.get("mimeType"))
    media_type = fields.text_of(spelled.get("mediaType")) or ""
    if not (url or prompt or original or mime or media_type or known or spelled.keys() & PARTS):
        parsed.refuse("nothing_to_show", "This record has no picture, clip, sound or prompt.", record)
        return None
    itself = where.parent == post_id
    zoneless = parsed.times_without_zone
    post = NewPost(
        id=post_id,
        kind=fields.kind_of(mime, media_type, url),
        raw=record,
        parent_id=_named_parent(spelled, post_id),
        nested_in=None if itself else where.parent,
        # A post's own variants may list the post itself once more.
        fills_only=where.second_hand or itself,
        created_at=_time(spelled, parsed),
        prompt=prompt,
        original_prompt=original,
        model=fields.name_of(spelled.get("modelName")),
        mode=fields.name_of(spelled.get("mode")),
        liked=fields.like_of(spelled),
        media_url=url,
        hd_media_url=_text(spelled, "hdMediaUrl", parsed).strip() or None,
        thumbnail_url=_text(spelled, "thumbnailImageUrl", parsed).strip() or None,
        mime_type=mime,
        audio_urls=_sounds(spelled, parsed),
        source_user_id=fields.name_of(spelled.get("userId")),
        source_id=source_id,
    )
    post.without_zone = parsed.times_without_zone > zoneless
    _measure(post, spelled)
    if known is not None:
        _put_back(post, known, parsed)
    if has_inputs(record):
        _originate(post, spelled, parsed)
    return post


def _put_back(post: NewPost, known: own.Own, parsed: Parsed) -> None:
    own.put_back(post, known)
    parsed.belongings += own.belongings_of(post, known)


def _identity(spelled: fields.Record, url: str, known: own.Own | None) -> tuple[UUID, str | None] | None:
    """The id that the record says, that its address has in it, or that this product knew it by; as it was spelled."""
    found = fields.id_of(spelled.get("id"))
    if found is None and (other := fields.id_in_url(url) or (known and known.id)):
        return other, None
    return found


def _originate(post: NewPost, spelled: fields.Record, parsed: Parsed) -> None:
    """Note what the post was made from; without any other parent, the first input is it."""
    if post.parent_id is None and post.nested_in is None:
        first = first_input(spelled)
        post.parent_id = first if first != post.id else None
    parsed.edges += edges_of(post.id, post.parent_id or post.nested_in, spelled)


def _measure(post: NewPost, spelled: fields.Record) -> None:
    resolution = spelled.get("resolution")
    sides = resolution if isinstance(resolution, dict) else spelled
    width, height = fields.side_of(sides.get("width")), fields.side_of(sides.get("height"))
    if width and height:
        post.width, post.height = width, height
    if spelled.get("videoDuration") is not None:
        post.duration_seconds = fields.seconds_of(spelled["videoDuration"])


def _inside(post: NewPost, depth: int, parsed: Parsed) -> list[_Waiting]:
    """The records nested in a post's record, which leave its raw form unless they are no records."""
    record, found = post.raw, []
    for name in NESTED:
        several = record.get(name)
        if several is None or name not in record:
            continue
        if not isinstance(several, list):
            if several != {} and several != "":
                reason = f"Its {name} is {_what(several)}, not a list; the post itself came in."
                parsed.warn("children_unreadable", reason, record, several)
            continue
        found += [_Waiting(child, post.id, depth + 1, post.fills_only and depth > 0) for child in several]
        _keep_unusable(record, name, several)
    original = record.get(ORIGINAL)
    if isinstance(original, dict) and original:
        found.append(_Waiting(original, None, depth + 1, second_hand=True))
        del record[ORIGINAL]
        if not record.get("originalPostId") and original.get("id"):
            record["originalPostId"] = original["id"]
    return found


def _keep_unusable(record: fields.Record, name: str, several: list[Any]) -> None:
    left = [child for child in several if not isinstance(child, dict)]
    if left:
        record[name] = left
    else:
        del record[name]


def _named_parent(spelled: fields.Record, post_id: UUID) -> UUID | None:
    """The parent that the record names itself; one that names itself as its parent has none."""
    named = spelled.get("originalPostId")
    if not named and isinstance(spelled.get(ORIGINAL), dict):
        named = spelled[ORIGINAL].get("id")
    found = fields.id_of(named)
    return found[0] if found and found[0] != post_id else None


def _text(spelled: fields.Record, name: str, parsed: Parsed) -> str:
    value = spelled.get(name)
    if value is None or value == "":
        return ""
    found = fields.text_of(value)
    if found is None:
        parsed.warn("not_text", f"Its {name} is {_what(spelled[name])}, not text.", spelled, spelled[name])
    return found or ""


def _time(spelled: fields.Record, parsed: Parsed) -> datetime | None:
    value = spelled.get("createTime")
    if value is None or value == "":
        return None
    try:
        moment, zoned = time_of(value)
    except NoTime:
        parsed.warn("no_time", "Its time is not one that can be read; the post has no date.", spelled, value)
        return None
    parsed.times_without_zone += not zoned
    return moment


def _sounds(spelled: fields.Record, parsed: Parsed) -> list[str]:
    value = spelled.get("audioUrls")
    if not value:
        return []
    found = list(dict.fromkeys(fields.addresses_of(value)))
    if len(found) > MAX_SOUNDS:
        parsed.warn("too_many_sounds", f"It names {len(found):,} sounds; the first {MAX_SOUNDS} came in.", spelled)
    return found[:MAX_SOUNDS]


def _raw_id(record: fields.Record) -> str | None:
    value = record.get("id")
    return str(value)[: fields.LONGEST_NAME] if isinstance(value, str | int) else None


def _what(value: object) -> str:
    return KINDS.get(type(value), "a number")
