"""What importing says over the wire."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from sovia.importer.models import Import, ImportProblem
from sovia.kit import clock

SHOWN_EXCERPT = 400


class ImportStarted(BaseModel):
    """An upload that is on its way in."""

    id: UUID
    job_id: UUID | None


class ProgressOut(BaseModel):
    """How far an import is, in bytes of its file; `rate` is posts a second."""

    done: int
    total: int | None
    unit: str
    posts: int
    children: int
    rate: float


class ImportOut(BaseModel):
    """One import's report; `files_...` counts are the whole library's, once the import has ended."""

    id: UUID
    job_id: UUID | None
    file_name: str
    state: str
    shape: str | None
    account_id: str | None
    progress: ProgressOut
    counts: dict[str, int]
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    error_code: str | None

    @classmethod
    def of(cls, found: Import, files: dict[str, int] | None = None) -> Self:
        """The report of an import, with the counts of files by state."""
        counts: dict[str, Any] = found.counts
        posts, children = counts.get("posts", 0), counts.get("children", 0)
        seconds = max(0.001, ((found.finished_at or clock.now()) - found.started_at).total_seconds())
        progress = ProgressOut(
            done=found.bytes_done,
            total=found.bytes_total,
            unit="bytes",
            posts=posts,
            children=children,
            rate=round((posts + children) / seconds, 1),
        )
        shown = {name: getattr(found, name) for name in cls.model_fields if hasattr(found, name)}
        by_state = {f"files_{state}": count for state, count in (files or {}).items()}
        return cls(**shown | {"progress": progress, "counts": counts | by_state, "error": found.error_message})


class ImportsOut(BaseModel):
    """The newest imports first."""

    imports: list[ImportOut]


class ProblemOut(BaseModel):
    """A record, or a part of one, that could not be used as it was."""

    number: int
    index: int | None
    position: int | None
    line: int | None
    record_id: str | None
    severity: str
    code: str
    reason: str
    excerpt: str

    @classmethod
    def of(cls, found: ImportProblem) -> Self:
        """The problem, with the beginning of its text."""
        return cls(
            number=found.number,
            index=found.record_index,
            position=found.position,
            line=found.line,
            record_id=found.record_id,
            severity=found.severity,
            code=found.code,
            reason=found.reason,
            excerpt=(found.excerpt or "")[:SHOWN_EXCERPT],
        )


class ProblemsOut(BaseModel):
    """Problems in the order of the file; `next` is the `after` of the following page, null on the last one."""

    problems: list[ProblemOut]
    next: int | None


class ExistingOut(BaseModel):
    """Which of the asked ids are here; `invalid_ids` are no ids at all."""

    existing_ids: list[str]
    invalid_ids: list[str]


class RecordError(BaseModel):
    """What was wrong with one record of a small import."""

    index: int | None
    id: str | None
    reason: str


class ValidationOut(BaseModel):
    """What an import would do. `missing_files` are unique and sorted."""

    existing_posts: int
    new_posts: int
    valid_files: int
    missing_files: list[str]
    can_import: bool
    invalid: list[RecordError]


class ImportedOut(BaseModel):
    """What a small import did; posts that were here already count as skipped, though they were merged."""

    posts_imported: int
    child_posts_imported: int
    posts_skipped: int
    total_processed: int
    errors: list[RecordError]
