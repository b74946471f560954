"""What an export of this product knew of a post beside the provider's record: put back when it comes in again."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, ValidationError, field_validator

from sovia.library.incoming import NewPost
from sovia.library.paths import is_local
from sovia.library.text import storable

NAME = "sovia"
Short = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=8000)]
Side = Annotated[int, Field(ge=1, le=100_000)]


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
    files: Annotated[list[_File], Field(max_length=1000)] = Field(default_factory=list)

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: object) -> object:
        return storable(value)[0] if isinstance(value, str) else value


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
    for name, value in own.model_dump(exclude={"id", "parent_id", "files"}, exclude_none=True).items():
        setattr(post, name, value)
    if own.parent_id is not None and own.parent_id != post.id and post.nested_in is None:
        post.parent_id = post.parent_id or own.parent_id
    local = next((one.path for one in own.files if one.role == "media" and is_local(one.path)), None)
    post.local_path = local or post.local_path
    if isinstance(post.created_at, datetime) and own.created_at is not None:
        post.without_zone = False
