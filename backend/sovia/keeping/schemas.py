"""What goes over the wire about keeping."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field


class ProofIn(BaseModel):
    """Which files to prove: those of a filter, by default all; `full` reads every byte."""

    filter: str = Field("", max_length=10_000)
    full: bool = True


class MendIn(BaseModel):
    """Which faulty files to mend, and how: as they are, with the right bytes from elsewhere, or fetched again."""

    how: Literal["accept", "relink", "download"]
    ids: list[UUID] = Field(default_factory=list, max_length=10_000)
    filter: str = Field("", max_length=10_000)
