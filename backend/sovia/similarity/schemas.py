"""What goes over the wire about relatives of a post; written for the documentation, answered as ready bytes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class Why(BaseModel):
    """Why a post is a relative: the shared words that weigh most, and the boosts in words."""

    words: list[str]
    boosts: list[str]


class Relative(BaseModel):
    """A post as `/api/media` lists it, with its resemblance: cosine times boosts, the reasons, and its card."""

    id: UUID
    user_id: str
    create_time: datetime | None
    prompt: str
    original_prompt: str
    media_type: str
    media_url: str
    mime_type: str | None
    model_name: str | None
    mode: str | None
    like_status: bool | None
    child_posts: list[dict[str, Any]]
    score: float
    why: Why
    card: dict[str, Any]
