"""What goes over the wire about the signed-in person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class Me(BaseModel):
    """Who is asking, and whether a password stands before the library."""

    id: UUID | None
    name: str | None
    authenticated: bool
    password_required: bool


class PasswordIn(BaseModel):
    """The password of this server."""

    password: str = Field(min_length=1, max_length=1000)


class UserOut(BaseModel):
    """A person, as far as others may know."""

    id: UUID
    name: str
    created_at: datetime


class PreferencesIn(BaseModel):
    """How the page shall look, all of it."""

    preferences: dict[str, Any]


class PreferencesOut(BaseModel):
    """How a person likes the page, and the version to be sent back as `If-Match`."""

    id: UUID
    user_id: UUID
    preferences: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
