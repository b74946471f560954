"""Posts, the files each should have, and the version that every change of a library bumps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base, WordSet

KINDS = ("image", "video", "audio")
# What a tile of the gallery shows, none of it long: kept in the index of roots, so that these need not be read.
OF_TILES = ("kind", "ratio", "liked", "media_state", "child_count", "thumbnail", "added_at", "duration_seconds")
ROOTS = "parent_id IS NULL AND deleted_at IS NULL"


class Post(Base):
    """One picture, clip or sound with its prompt and where it came from.

    The provider's id is unique per user only: two people may have liked the same post.
    `search_text` is the own prompts in the form that searches are compared with, `words` the words in it.
    `ratio` is the width to height on a logarithmic scale, see `library.ratios`.
    `child_count` and the `stack_` columns sum up all descendants and are kept on roots.
    `import_id` is the import that brought it.
    """

    __tablename__ = "posts"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None]
    root_id: Mapped[UUID]
    wanted_parent_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime | None]
    prompt: Mapped[str] = mapped_column(Text, server_default="")
    original_prompt: Mapped[str] = mapped_column(Text, server_default="")
    inherited_prompt: Mapped[str] = mapped_column(Text, server_default="")
    search_text: Mapped[str] = mapped_column(Text, server_default="")
    words: Mapped[list[str]] = mapped_column(WordSet, server_default=text("''::tsvector"))
    prompt_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    model: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(Text)
    liked: Mapped[bool | None]
    liked_here: Mapped[bool] = mapped_column(server_default=text("false"))
    width: Mapped[int | None]
    height: Mapped[int | None]
    ratio: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    duration_seconds: Mapped[float | None] = mapped_column(Double)
    media_url: Mapped[str] = mapped_column(Text, server_default="")
    hd_media_url: Mapped[str | None] = mapped_column(Text)
    thumbnail_url: Mapped[str | None] = mapped_column(Text)
    mime_type: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, server_default="grok")
    source_user_id: Mapped[str | None] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(Text)
    media_state: Mapped[str] = mapped_column(Text, server_default="none")
    thumbnail: Mapped[str | None] = mapped_column(Text)
    placeholder: Mapped[bytes | None] = mapped_column(LargeBinary)
    child_count: Mapped[int] = mapped_column(server_default="0")
    stack_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    stack_models: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    stack_modes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    raw: Mapped[dict[str, Any] | None]
    extra_metadata: Mapped[dict[str, Any] | None]
    import_id: Mapped[UUID | None]
    added_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["user_id", "parent_id"], ["posts.user_id", "posts.id"]),
        Index(
            "ix_posts_roots_by_date",
            "user_id",
            text("created_at DESC NULLS LAST"),
            text("id DESC"),
            postgresql_where=text(ROOTS),
            postgresql_include=list(OF_TILES),
        ),
        Index("ix_posts_user_id_root_id", "user_id", "root_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_posts_user_id_parent_id", "user_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index(
            "ix_posts_user_id_wanted_parent_id",
            "user_id",
            "wanted_parent_id",
            postgresql_where=text("wanted_parent_id IS NOT NULL"),
        ),
        # What an index kept beside the database has not seen yet.
        Index("ix_posts_user_id_updated_at", "user_id", "updated_at"),
        # Always the same value for a while, so new entries go in at one place, and cost next to nothing.
        Index("ix_posts_user_id_import_id", "user_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
        # Distinct prompts are counted from this index alone, and what one made is found in it, newest first.
        Index(
            "ix_posts_prompts",
            "user_id",
            "prompt_hash",
            text("created_at DESC NULLS LAST"),
            text("id DESC"),
            postgresql_include=["mode"],
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_posts_user_id_thumbnail", "user_id", "thumbnail", postgresql_where=text("thumbnail IS NOT NULL")),
        # Few, so that counting what is left costs little.
        Index("ix_posts_trashed", "user_id", "id", postgresql_where=text("deleted_at IS NOT NULL")),
        # Compressing rows of two kilobytes takes a fifth of an import's time and saves a twentieth of the room.
        {"postgresql_with": {"toast_tuple_target": "4096"}},
    )


class KnownWord(Base):
    """A word that stands in some prompt of the user: parts of words are looked up here, then posts by whole words."""

    __tablename__ = "words"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    word: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (Index("ix_words_word", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),)


class File(Base):
    """Bytes that a post should have: where they come from, where they lie, and what is known of them.

    States: wanted (not looked for yet), present, missing, corrupt, refused (its URL maps to no safe path), gone.
    `fault` says in what way it is not what it was: lost, changed, truncated, swapped, unreadable; `expected_sha256` is
    what it was, where `sha256` is already what it became. `verified_at` is when its bytes were last seen to be right.
    """

    __tablename__ = "files"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="wanted")
    reason: Mapped[str | None] = mapped_column(Text)
    found_path: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    mtime_ns: Mapped[int | None] = mapped_column(BigInteger)
    mime_type: Mapped[str | None] = mapped_column(Text)
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_seconds: Mapped[float | None] = mapped_column(Double)
    frame_rate: Mapped[float | None] = mapped_column(Double)
    has_audio: Mapped[bool | None]
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(Text)
    expected_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        ForeignKeyConstraint(["user_id", "post_id"], ["posts.user_id", "posts.id"], ondelete="CASCADE"),
        Index("ix_files_user_id_fault", "user_id", "fault", postgresql_where=text("fault IS NOT NULL")),
        # Sought whole only; the paths themselves would be the largest index of all, and slow every import.
        Index("ix_files_path", "path", postgresql_using="hash"),
        Index("ix_files_user_id_found_path", "user_id", "found_path", postgresql_where=text("found_path IS NOT NULL")),
        Index("ix_files_user_id_sha256", "user_id", "sha256", postgresql_where=text("sha256 IS NOT NULL")),
        Index(
            "ix_files_unsettled",
            "user_id",
            "state",
            "post_id",
            postgresql_where=text("state IN ('wanted', 'missing', 'corrupt')"),
        ),
    )


class ClipFrames(Base):
    """The looks of the first and the last frame of a clip, 64 bits each as in `picture_prints`, by its fingerprint.

    A clip whose first frame looks like another one's last goes on where that ended. One without looks has no frames.
    """

    __tablename__ = "clip_frames"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    thumbnail: Mapped[str] = mapped_column(Text, primary_key=True)
    first: Mapped[int | None] = mapped_column(BigInteger)
    last: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_clip_frames_user_id_last", "user_id", "last"),)


class StrayFile(Base):
    """A file among the media that no post names, when it was last seen there."""

    __tablename__ = "stray_files"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime]


class PostEdge(Base):
    """A further input of a post beside its parent; `input_id` is empty while only its address is known.

    Roles: reference, extension, edit, original.
    """

    __tablename__ = "post_edges"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    input_id: Mapped[UUID | None]
    url: Mapped[str] = mapped_column(Text, server_default="")

    __table_args__ = (
        ForeignKeyConstraint(["user_id", "post_id"], ["posts.user_id", "posts.id"], ondelete="CASCADE"),
        Index("ix_post_edges_user_id_input_id", "user_id", "input_id", postgresql_where=text("input_id IS NOT NULL")),
    )


class LibraryVersion(Base):
    """A number per user that grows with every change the gallery could show."""

    __tablename__ = "library_versions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class MediaRoot(Base):
    """A folder that media lie in, known by the marker in it; of the machine, not of a user. The main one is `https_/`.

    Where the marker is away, the disk is rather not mounted than empty: then nothing below is called missing.
    """

    __tablename__ = "media_roots"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    path: Mapped[str] = mapped_column(Text, unique=True)
    is_away: Mapped[bool] = mapped_column(server_default=text("false"))
    scan: Mapped[int] = mapped_column(BigInteger, server_default="0")
    scanned_at: Mapped[datetime | None]
    file_count: Mapped[int] = mapped_column(BigInteger, server_default="0")


class DiskFolder(Base):
    """A folder below a media root as it was when it was last read; `scan` is the number of the last look at it."""

    __tablename__ = "disk_folders"

    root_id: Mapped[str] = mapped_column(ForeignKey("media_roots.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    mtime_ns: Mapped[int] = mapped_column(BigInteger, server_default="0")
    inode: Mapped[int] = mapped_column(BigInteger, server_default="0")
    scan: Mapped[int] = mapped_column(BigInteger, server_default="0")

    __table_args__ = (Index("ix_disk_folders_root_id_scan", "root_id", "scan"),)


class DiskFile(Base):
    """A file below a media root that could be a medium, with the ids in its path; `sha256` once it was needed."""

    __tablename__ = "disk_files"

    root_id: Mapped[str] = mapped_column(ForeignKey("media_roots.id", ondelete="CASCADE"), primary_key=True)
    folder: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")
    scan: Mapped[int] = mapped_column(BigInteger, server_default="0")
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_disk_files_ids", "ids", postgresql_using="gin"),
        Index("ix_disk_files_size_bytes", "size_bytes"),
    )
