"""What goes over the wire about the signed-in person."""

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
