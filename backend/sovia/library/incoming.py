"""A post as it comes in from outside, and the files it should have."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sovia.library.paths import Mapped, is_local, original_of, path_for_url

# Whose like counts when a post comes again: what stands here, what comes in, or "liked" when either says so.
Likes = Literal["mine", "theirs", "either"]


@dataclass(slots=True)
class NewPost:
    """One post from an export, parsed and storable, but not yet compared with what is here.

    `parent_id` is the parent it names itself, `nested_in` the one whose record held it: the fallback while the
    named one is not here. `fills_only` marks a second-hand copy, whose values never replace others.
    `without_zone` says that its time named no zone and was read as UTC.
    `raw` is the provider's record without the posts nested in it. Empty text, None and [] mean "not said".
    `local_path` is where the main file was put by its content, when it came itself and not only its address.
    """

    id: UUID
    kind: str
    raw: dict[str, Any]
    parent_id: UUID | None = None
    nested_in: UUID | None = None
    fills_only: bool = False
    created_at: datetime | None = None
    without_zone: bool = False
    prompt: str = ""
    original_prompt: str = ""
    model: str | None = None
    mode: str | None = None
    liked: bool | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    media_url: str = ""
    hd_media_url: str | None = None
    thumbnail_url: str | None = None
    mime_type: str | None = None
    audio_urls: list[str] = field(default_factory=list)
    source: str = "grok"
    source_user_id: str | None = None
    source_id: str | None = None
    local_path: str | None = None


class Edge(NamedTuple):
    """A further input of a post; `input_id` is None while only its address is known."""

    post_id: UUID
    input_id: UUID | None
    url: str
    role: str
    position: int


class WantedFile(NamedTuple):
    """One file that a post should have; `path` is None and `reason` says why when its URL was refused."""

    role: str
    position: int
    url: str
    path: str | None
    state: str
    reason: str | None


@dataclass(slots=True)
class Journal:
    """What became of posts that were here already: those that an import brought too, and what it changed of which.

    `before` and `after` hold the same keys: columns, and `file/role/position` for the files a post should have.
    `taken_over` names the import that had brought a post which now came back.
    """

    seen: set[UUID] = field(default_factory=set)
    taken_over: dict[UUID, UUID] = field(default_factory=dict)
    before: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    after: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def note(self, post_id: UUID, name: str, before: object, after: object) -> None:
        """One more change; of several to one field the first `before` and the last `after` count."""
        self.before.setdefault(post_id, {}).setdefault(name, before)
        self.after.setdefault(post_id, {})[name] = after


@dataclass(frozen=True, slots=True)
class Terms:
    """How posts are taken in: for which import, whose likes count, and whether what was deleted here stays deleted.

    `undone` holds the moments at which imports were undone: what was deleted then comes back like a new post.
    """

    import_id: UUID | None = None
    likes: Likes = "either"
    skip_deleted: bool = True
    undone: frozenset[datetime] = frozenset()
    journal: Journal = field(default_factory=Journal)

    def leaves_alone(self, deleted_at: datetime | None) -> bool:
        """Whether a post that was deleted then stays as it is."""
        return deleted_at is not None and self.skip_deleted and deleted_at not in self.undone


@dataclass(slots=True)
class AddedCounts:
    """What became of posts: `new` includes `children_new`, which came inside another post's record.

    `linked_later` had come earlier and found their parent now.
    `skipped` were deleted here and stay so.
    `duplicates` came twice within one call, `files` and `files_refused` count what the posts of the call should have.
    """

    new: int = 0
    children_new: int = 0
    changed: int = 0
    same: int = 0
    linked_later: int = 0
    skipped: int = 0
    duplicates: int = 0
    files: int = 0
    files_refused: int = 0

    def add(self, other: "AddedCounts") -> None:
        """Count another chunk in."""
        for counted in fields(self):
            setattr(self, counted.name, getattr(self, counted.name) + getattr(other, counted.name))


def wanted_files(new: NewPost) -> list[WantedFile]:
    """The files of a post, each path once; also puts the full remote address into the post's own fields.

    A clip's preview picture is its poster; a resized copy is never taken for the picture itself.
    A file that came itself is wanted where it was put, whatever its address says.
    """
    found: list[WantedFile] = []
    if new.media_url:
        media = _wanted("media", 0, original_of(new.media_url))
        new.media_url = media.url
        found.append(media)
    if is_local(new.local_path):
        found = [WantedFile("media", 0, new.media_url or str(new.local_path), new.local_path, "wanted", None)]
    if new.hd_media_url:
        better = _wanted("hd", 0, new.hd_media_url)
        new.hd_media_url = better.url
        _append(found, better)
    for url in new.audio_urls:
        sounds = sum(1 for one in found if one.role == "audio")
        _append(found, _wanted("audio", sounds, url))
    if new.thumbnail_url and new.kind == "video":
        _append(found, _wanted("poster", 0, original_of(new.thumbnail_url)))
    return found


def _wanted(role: str, position: int, url: str) -> WantedFile:
    place = path_for_url(url)
    if isinstance(place, Mapped):
        return WantedFile(role, position, place.url, place.path, "wanted", None)
    return WantedFile(role, position, url, None, "refused", place.reason)


def _append(found: list[WantedFile], one: WantedFile) -> None:
    if one.path is None or all(one.path != other.path for other in found):
        found.append(one)
