"""Imports: what was taken in, how it ended, and the records that could not be used."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base


class Import(Base):
    """One or several files taken in together.

    States: queued, checking, checked, running, paused, succeeded, partial, failed, cancelled, undone.
    `files` lists what is read, in order, each with `name`, `size`, where it lies (`stored` or `folder`) and, once it is
    through, its `shape` and counts. `undone_at` marks the posts that its undoing put into the trash.
    """

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    job_id: Mapped[UUID | None]
    file_name: Mapped[str] = mapped_column(Text)
    stored_path: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    shape: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[str | None] = mapped_column(Text)
    bytes_total: Mapped[int | None] = mapped_column(BigInteger)
    bytes_done: Mapped[int] = mapped_column(BigInteger, server_default="0")
    records_done: Mapped[int] = mapped_column(BigInteger, server_default="0")
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    origin: Mapped[str] = mapped_column(Text, server_default="upload")
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    files: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    check_result: Mapped[dict[str, Any] | None]
    pause_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    undo: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_imports_user_id_started_at", "user_id", "started_at"),)


class ImportProblem(Base):
    """A record, or a part of one, that could not be used as it is, or not at all.

    `position` is the byte where its record begins in the (unpacked) file, `record_index` and `line` count from 0 and 1.
    `excerpt` is the record's own text, whole up to a limit. `number` counts the problems of one import.
    """

    __tablename__ = "import_problems"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int | None] = mapped_column(BigInteger)
    record_index: Mapped[int | None] = mapped_column(BigInteger)
    line: Mapped[int | None] = mapped_column(BigInteger)
    record_id: Mapped[str | None] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str | None] = mapped_column(Text)
    fixed_at: Mapped[datetime | None]


class ImportPreview(Base):
    """One of the first posts of a bucket of a dry run, as the page shows it."""

    __tablename__ = "import_previews"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    bucket: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    item: Mapped[dict[str, Any]]


class ImportChange(Base):
    """A post that was here when an import brought it too, with what the import changed; nothing when all was the same.

    Not `brought` are posts that only found their parent in it.

    The posts that an import brought first name it themselves, see `Post.import_id`.
    """

    __tablename__ = "import_changes"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    brought: Mapped[bool] = mapped_column(server_default=text("true"))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class ImportGathered(Base):
    """A post that an import tags or puts into a collection: what was wanted, and what of it was not so before.

    `given` is empty until it was done. `added_at` is the time of the item that was put in, and marks it.
    """

    __tablename__ = "import_gathered"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    position: Mapped[int | None] = mapped_column(BigInteger)
    given: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    added_at: Mapped[datetime | None]


class Upload(Base):
    """A file on its way in, in as many requests as it takes; how much of it is here, the file itself says."""

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    file_name: Mapped[str] = mapped_column(Text)
    length: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
