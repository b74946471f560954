"""What a person may choose about an import: whose likes count, tags and a collection, what is left out or fetched."""

import re
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sovia.importer.errors import Malformed
from sovia.library.incoming import Likes, NewPost
from sovia.library.text import storable, tag_of

MOST_RULES = 100
LONGEST = 500
LONGEST_TAG = 100
When = Literal["folder", "host", "before", "after", "prompt"]
# What has been found must be found again: the one thing that makes an expression of PostgreSQL's take for ever.
BACK_REFERENCE = re.compile(r"\\[1-9]")


class TagRule(BaseModel):
    """A tag for the posts that fit all of `when`; without any condition, for every post that an import brings.

    `folder` and what lies below it, `host` and its parts, days or times (`after` is included, `before` is not), and
    `prompt`, a regular expression in which case does not matter.
    """

    model_config = ConfigDict(extra="forbid")

    tag: str = Field(min_length=1, max_length=LONGEST_TAG)
    when: dict[When, str] = Field(default_factory=dict, max_length=5)

    @field_validator("tag")
    @classmethod
    def _tag(cls, given: str) -> str:
        found = tag_of(given)
        if not found or found == "none":
            raise ValueError("this can not be a tag")
        return found

    @field_validator("when")
    @classmethod
    def _conditions(cls, given: dict[When, str]) -> dict[When, str]:
        for name, value in given.items():
            if not value.strip() or len(value) > LONGEST or storable(value)[1]:
                raise ValueError("this is no condition")
            if name in ("before", "after") and not 2 <= datetime.fromisoformat(value).year <= 9998:
                raise ValueError("this is no time of anything")
            if name == "prompt" and BACK_REFERENCE.search(value):
                raise ValueError("an expression can not refer to what it found")
        return given


class Options(BaseModel):
    """The choices, each with what is done when nothing is said.

    `tags` are rules, or just tags. `collection` is one that is filled by hand. `fetch` has the files that are not here
    brought home once they were looked for.
    """

    model_config = ConfigDict(extra="forbid", ignored_types=(cached_property,))

    likes: Likes = "either"
    naive_zone: str = Field("UTC", max_length=100)
    skip_deleted: bool = True
    tags: list[TagRule] = Field(default_factory=list, max_length=MOST_RULES)
    collection: UUID | None = None
    fetch: bool = False

    @field_validator("tags", mode="before")
    @classmethod
    def _rules(cls, given: object) -> object:
        return [{"tag": one} if isinstance(one, str) else one for one in given] if isinstance(given, list) else given

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

    @property
    def gathers(self) -> bool:
        """Whether posts that come in are tagged, or put into a collection."""
        return bool(self.tags) or self.collection is not None

    def moment(self, text: str) -> datetime:
        """The time of a rule, in the chosen zone when it names none."""
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else in_zone(found, self.zone or ZoneInfo("UTC"))

    def place(self, post: NewPost) -> None:
        """Read the post's time again in the chosen zone, when it named none."""
        if self.zone is not None and post.without_zone and post.created_at is not None:
            post.created_at, post.without_zone = in_zone(post.created_at, self.zone), False


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time that was read as UTC, read in this zone instead."""
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def options_of(given: object) -> Options:
    """The options as they were sent, or `Malformed`; `None` means nothing was said."""
    try:
        return Options.model_validate(given if given is not None else {})
    except ValidationError as error:
        named = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) or "options" for one in error.errors()[:20]))
        raise Malformed(f"These options are not valid: {named[:LONGEST]}.") from None
