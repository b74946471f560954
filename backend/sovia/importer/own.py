"""What an export of this product knew of a post beside the provider's record: put back when it comes in again."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, ValidationError, field_validator

from sovia.importer import own_gathered
from sovia.library.belongings import Belongings, Place
from sovia.library.incoming import NewPost
from sovia.library.paths import is_local
from sovia.library.statuses import STATUSES
from sovia.library.text import storable, tag_of

NAME = "sovia"
NOBODY = UUID(int=0)
Short = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=8000)]
Side = Annotated[int, Field(ge=1, le=100_000)]
FINGERPRINT = re.compile("[0-9a-f]{32}")
MOST_TAGS, MOST_EARLIER = 100, 64


class _File(BaseModel):
    role: str = ""
    path: str | None = None


class Own(BaseModel):
    """Values that replace what the record says; those that are absent replace nothing."""

    id: UUID | None = None
    parent_id: UUID | None = None
    kind: Literal["image", "video", "audio"] | None = None
    source: Short | None = None
    liked: bool | None = None
    created_at: AwareDatetime | None = None
    prompt: Annotated[str, Field(max_length=1_000_000)] | None = None
    original_prompt: Annotated[str, Field(max_length=1_000_000)] | None = None
    model: Short | None = None
    mode: Short | None = None
    width: Side | None = None
    height: Side | None = None
    duration_seconds: Annotated[float, Field(gt=0, lt=1e7)] | None = None
    media_url: Address | None = None
    hd_media_url: Address | None = None
    thumbnail_url: Address | None = None
    mime_type: Short | None = None
    source_user_id: Short | None = None
    source_id: Short | None = None
    liked_here: bool = False
    rating: Annotated[int, Field(ge=0, le=5)] = 0
    status: str | None = None
    tags: list[Any] = Field(default_factory=list)
    places: Annotated[list[Any], Field(max_length=5000)] = Field(default_factory=list)
    earlier: list[Any] = Field(default_factory=list)
    collections: Annotated[list[Any], Field(max_length=5000)] = Field(default_factory=list)
    presets: Annotated[list[Any], Field(max_length=500)] = Field(default_factory=list)
    files: Annotated[list[_File], Field(max_length=1000)] = Field(default_factory=list)

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: object) -> object:
        return storable(value)[0] if isinstance(value, str) else value


VALUES = (
    *("kind", "source", "liked", "created_at", "prompt", "original_prompt", "model", "mode", "width", "height"),
    *("duration_seconds", "media_url", "hd_media_url", "thumbnail_url", "mime_type", "source_user_id", "source_id"),
)


def taken_out(record: dict[str, Any]) -> Own | None:
    """What stands beside the record, which leaves it; nothing when there is none, or it is none of ours."""
    given = record.get(NAME)
    if not isinstance(given, dict):
        return None
    try:
        found = Own.model_validate(given)
    except ValidationError:
        return None
    del record[NAME]
    return found


def put_back(post: NewPost, own: Own) -> None:
    """Give a post the values that it had."""
    for name in VALUES:
        value = getattr(own, name)
        # A like that was taken away here is no like, whatever the record says.
        if value is not None or (name == "liked" and own.liked_here):
            setattr(post, name, value)
    if own.parent_id is not None and own.parent_id != post.id and post.nested_in is None:
        post.parent_id = post.parent_id or own.parent_id
    local = next((one.path for one in own.files if one.role == "media" and is_local(one.path)), None)
    post.local_path = local or post.local_path
    if isinstance(post.created_at, datetime) and own.created_at is not None:
        post.without_zone = False


def is_parcel(record: dict[str, Any], own: Own | None) -> bool:
    """Whether a record (without what stood beside it) is no post, only collections and presets on their way."""
    return own is not None and not record and own.id is None and bool(own.collections or own.presets)


def carried_by(own: Own, post_id: UUID = NOBODY) -> Belongings:
    """Collections and presets that a record carries."""
    found = Belongings(post_id)
    found.collections = own_gathered.collections_of(own.collections)
    found.presets = own_gathered.presets_of(own.presets)
    return found


def belongings_of(post: NewPost, own: Own) -> Iterator[Belongings]:
    """What people gave the post, and collections and presets that its record carries; nothing when it is nothing."""
    tags = {tag_of(one)[:100] for one in own.tags[:MOST_TAGS] if isinstance(one, str)}
    found = carried_by(own, post.id)
    found.liked_here = own.liked_here
    found.rating = own.rating
    found.status = own.status if own.status in STATUSES else None
    found.tags = sorted(tags - {"", "none"})
    found.places = [
        Place(one.collection, one.position, one.added_at) for one in own_gathered.valid(own_gathered.Item, own.places)
    ]
    found.earlier = [one for one in own.earlier[:MOST_EARLIER] if isinstance(one, str) and FINGERPRINT.fullmatch(one)]
    if found != Belongings(post.id):
        yield found
