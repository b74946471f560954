"""What goes over the wire about posts."""

from uuid import UUID

from pydantic import BaseModel


class LikeIn(BaseModel):
    """The like a post shall have: yes, no, or not known."""

    liked: bool | None


class LikeOut(BaseModel):
    """A post's like after the change."""

    id: UUID
    like_status: bool | None


class CopyOut(BaseModel):
    """A copy of a clip that every browser plays: `ready` with its address, `making` with the job, or `failed`."""

    state: str
    url: str | None
    job_id: UUID | None
