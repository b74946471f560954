"""What fetching says over the wire."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sovia.fetching.causes import cause_of
from sovia.fetching.models import Download, FetchSettings
from sovia.library.queries.disk import RootStanding

Host = Annotated[str, Field(max_length=253)]


class FetchIn(BaseModel):
    """Which files: all, those of an import, of posts, or of the stacks that a filter (its text) finds."""

    model_config = ConfigDict(extra="forbid")

    everything: bool = Field(default=False, alias="all")
    import_id: UUID | None = Field(default=None, alias="import")
    ids: list[UUID] = Field(default=[], max_length=10_000)
    filter: str = Field(default="", max_length=10_000)
    tz: str = Field(default="UTC", max_length=64)


class RetryIn(BaseModel):
    """What failed for this cause, at this host; all of it without either."""

    model_config = ConfigDict(extra="forbid")

    cause: str | None = Field(default=None, max_length=50)
    host: Host | None = None


class SettingsIn(BaseModel):
    """What is to change of how files are fetched; 0 means no limit. `allow` adds one host to the list."""

    model_config = ConfigDict(extra="forbid")

    paused: bool | None = None
    per_host: int | None = Field(default=None, ge=1, le=200)
    per_second: int | None = Field(default=None, ge=0, le=10_000)
    bytes_per_second: int | None = Field(default=None, ge=0, le=10**12)
    hosts: list[Host] | None = Field(default=None, max_length=100)
    allow: Host | None = None


class SettingsOut(BaseModel):
    """How files are fetched; `product_hosts` are always on the list."""

    paused: bool
    per_host: int
    per_second: int
    bytes_per_second: int
    hosts: list[str]
    product_hosts: list[str]

    @classmethod
    def of(cls, found: FetchSettings, product_hosts: list[str]) -> Self:
        """As it is kept."""
        return cls(
            paused=found.paused,
            per_host=found.per_host,
            per_second=found.per_second,
            bytes_per_second=found.bytes_per_second,
            hosts=found.hosts,
            product_hosts=product_hosts,
        )


class FetchStarted(BaseModel):
    """The job that fetches."""

    job_id: UUID


class Retried(BaseModel):
    """How many files wait again."""

    waiting: int


class HostOut(BaseModel):
    """One host: how many files are not here, wait and failed, until when it is left alone, when the first one ends."""

    host: str
    lacking: int
    waiting: int
    failed: int
    allowed: bool
    held_until: datetime | None
    expires_at: datetime | None


class FixOut(BaseModel):
    """The one thing to do: `retry`, `list` (save a list for one's own downloader) or `allow_host`."""

    kind: str
    label: str


class CauseOut(BaseModel):
    """Why files did not come, and the one thing to do."""

    cause: str
    title: str
    meaning: str
    count: int
    hosts: list[str]
    fix: FixOut


class ExpiringOut(BaseModel):
    """How many files that are not here have an address that will stop working, and when the first one does."""

    count: int
    first_at: datetime | None


class RootOut(BaseModel):
    """A media folder by the last part of its path; while it is away, nothing below it is called missing."""

    id: str
    name: str
    is_away: bool
    scanned_at: datetime | None
    file_count: int

    @classmethod
    def of(cls, root: RootStanding) -> Self:
        """As it stood at the last look; never its whole path."""
        name = Path(root.path).name
        return cls(id=root.id, name=name, is_away=root.is_away, scanned_at=root.scanned_at, file_count=root.file_count)


class FetchOut(BaseModel):
    """How fetching stands; `state` is idle, waiting, running or paused."""

    state: str
    job_id: UUID | None
    lacking: int
    estimated_bytes: int
    waiting: int
    failed: int
    expiring: ExpiringOut
    hosts: list[HostOut]
    causes: list[CauseOut]
    settings: SettingsOut
    roots: list[RootOut]


class FailureOut(BaseModel):
    """One file that did not come."""

    path: str
    url: str
    host: str
    cause: str
    reason: str
    attempts: int

    @classmethod
    def of(cls, found: Download) -> Self:
        """As it is kept."""
        names = ("path", "url", "host", "cause", "reason", "attempts")
        return cls(**{name: getattr(found, name) for name in names})


class FailuresOut(BaseModel):
    """Files that did not come, and where the next page begins."""

    items: list[FailureOut]
    next_cursor: str | None


def causes_of(failed: list[tuple[str, str, int, datetime | None]]) -> list[CauseOut]:
    """Rows of host, cause, count as one entry per cause, the most frequent first."""
    found: dict[str, CauseOut] = {}
    for host, name, count, _ in failed:
        cause = cause_of(name)
        entry = found.setdefault(
            name,
            CauseOut(
                cause=name,
                title=cause.title,
                meaning=cause.meaning,
                count=0,
                hosts=[],
                fix=FixOut(kind=cause.fix, label=cause.label),
            ),
        )
        entry.count += count
        entry.hosts.append(host)
    return sorted(found.values(), key=lambda entry: (-entry.count, entry.cause))
