"""What a person may choose about an import: whose likes count, the zone of times without one, what stays deleted."""

from datetime import UTC, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sovia.importer.errors import Malformed
from sovia.library.incoming import Likes, NewPost

MOST_RULES = 100
LONGEST = 500


class TagRule(BaseModel):
    """A tag for the posts that fit; kept with the import until posts can be tagged."""

    when: dict[Literal["folder", "host", "before", "after", "prompt"], str] = Field(max_length=5)
    tag: str = Field(min_length=1, max_length=LONGEST)


class Options(BaseModel):
    """The choices, each with what is done when nothing is said."""

    model_config = ConfigDict(extra="forbid", ignored_types=(cached_property,))

    likes: Likes = "either"
    naive_zone: str = Field("UTC", max_length=100)
    skip_deleted: bool = True
    tags: list[TagRule] = Field(default_factory=list, max_length=MOST_RULES)
    collection: str | None = Field(None, max_length=LONGEST)

    @field_validator("naive_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("this time zone is not known") from None
        return name

    @cached_property
    def zone(self) -> ZoneInfo | None:
        """The zone of times that name none, unless it is UTC, as which they were read."""
        return None if self.naive_zone == "UTC" else ZoneInfo(self.naive_zone)

    def place(self, post: NewPost) -> None:
        """Read the post's time again in the chosen zone, when it named none."""
        if self.zone is not None and post.without_zone and post.created_at is not None:
            post.created_at, post.without_zone = in_zone(post.created_at, self.zone), False


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time that was read as UTC, read in this zone instead."""
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return moment


def options_of(given: object) -> Options:
    """The options as they were sent, or `Malformed`; `None` means nothing was said."""
    try:
        return Options.model_validate(given if given is not None else {})
    except ValidationError as error:
        named = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) or "options" for one in error.errors()[:20]))
        raise Malformed(f"These options are not valid: {named[:LONGEST]}.") from None
