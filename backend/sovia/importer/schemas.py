"""What importing says over the wire."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from sovia.importer.models import Import, ImportProblem
from sovia.importer.options import Options
from sovia.importer.states import possible
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


class ImportFileOut(BaseModel):
    """One of the files of an import; counts of what was read of it so far."""

    name: str
    size: int | None
    shape: str | None
    records: int
    posts: int
    children: int


class CheckFilesOut(BaseModel):
    """How the files stand that the posts of a checked export name."""

    present: int
    unhashed: int
    missing: int
    unmappable: int


class CheckOut(BaseModel):
    """What a dry run found; `first` and `last` are the dates of the oldest and the newest post.

    `skipped` were deleted here and would stay so, `repeated` came more than once in these files.
    `hosts` counts the files by where they come from.
    """

    buckets: dict[str, int]
    skipped: int
    repeated: int
    changed_fields: dict[str, int]
    files: CheckFilesOut
    hosts: dict[str, int]
    first: datetime | None
    last: datetime | None
    seconds: float


class UndoOut(BaseModel):
    """How far an import is taken back, or brought again: posts that went, came back, and changes that were reverted."""

    going: bool
    redo: bool
    posts: int
    kept: int
    reverted: int


class ImportOut(BaseModel):
    """One import's report; `files_...` counts are of the posts it brought, once it has ended.

    `can` lists what may be asked of it now: run, pause, resume, cancel, undo, redo, retry.
    """

    id: UUID
    job_id: UUID | None
    file_name: str
    state: str
    shape: str | None
    account_id: str | None
    progress: ProgressOut
    counts: dict[str, int]
    origin: str
    files: list[ImportFileOut]
    options: Options
    can: list[str]
    check: CheckOut | None
    undo: UndoOut | None
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
        more: dict[str, Any] = {
            "progress": progress,
            "counts": counts | by_state,
            "error": found.error_message,
            "files": [_file(one) for one in found.files or []],
            "options": Options.model_validate(found.options or {}),
            "can": possible(found),
            "check": CheckOut.model_validate(found.check_result) if found.check_result else None,
            "undo": UndoOut.model_validate(found.undo) if found.undo else None,
        }
        return cls(**shown | more)


def _file(one: dict[str, Any]) -> ImportFileOut:
    counted = {name: one.get(name, 0) for name in ("records", "posts", "children")}
    return ImportFileOut(name=one["name"], size=one.get("size"), shape=one.get("shape"), **counted)


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
    file_name: str | None
    fixed: bool

    @classmethod
    def of(cls, found: ImportProblem, *, most: int = SHOWN_EXCERPT) -> Self:
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
            excerpt=(found.excerpt or "")[:most],
            file_name=found.file_name,
            fixed=found.fixed_at is not None,
        )


class ProblemsOut(BaseModel):
    """Problems in the order of the file; `next` is the `after` of the following page, null on the last one."""

    problems: list[ProblemOut]
    next: int | None


class PreviewField(BaseModel):
    """A field that an export would change, or contradicts: what is here, and what is there."""

    name: str
    here: Any
    there: Any


class PreviewItem(BaseModel):
    """One post of a bucket of a dry run; of an unreadable record only its number, its id and the reason are known."""

    number: int
    id: str | None
    kind: str | None
    prompt: str
    model: str | None
    ratio: int
    media_url: str
    fields: list[PreviewField]
    reason: str | None
    thumbnail: str | None


class PreviewOut(BaseModel):
    """The first posts of a bucket; `next` is the `after` of the following page, null on the last one."""

    items: list[PreviewItem]
    next: int | None


class RetriedOut(BaseModel):
    """What became of a record that was fixed and tried again."""

    accepted: bool
    posts: int
    reason: str | None


class FolderOut(BaseModel):
    """A folder or a file below the import folder."""

    name: str
    files: int
    bytes: int


class FoldersOut(BaseModel):
    """What lies below the import folder, and whether it is watched."""

    folders: list[FolderOut]
    watched: bool


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
