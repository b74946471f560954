"""Tables of what people say of posts and how they gather them: marks, tags, collections, presets, the log.

They lie below the rooms that fill them, since filters ask about them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base


class PostMark(Base):
    """The rating (0 is none, 5 the best) and the status of a post; a narrow row, so that marking many is quick."""

    __tablename__ = "post_marks"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    rating: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    status: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["user_id", "post_id"], ["posts.user_id", "posts.id"], ondelete="CASCADE"),
        Index("ix_post_marks_user_id_rating", "user_id", "rating", "post_id", postgresql_where=text("rating > 0")),
        Index(
            "ix_post_marks_user_id_status", "user_id", "status", "post_id", postgresql_where=text("status IS NOT NULL")
        ),
    )


class PostTag(Base):
    """A word that somebody gave a post."""

    __tablename__ = "post_tags"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["user_id", "post_id"], ["posts.user_id", "posts.id"], ondelete="CASCADE"),
        Index("ix_post_tags_user_id_tag", "user_id", "tag", "post_id"),
    )


class Collection(Base):
    """Posts that belong together: put in by hand, or found by a filter (`is_smart`).

    `name_key` is the name in the form that names are compared in. `position` orders the collections of one parent.
    One in the trash (`deleted_at`) keeps its items, so that deleting can be undone.
    """

    __tablename__ = "collections"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    notes: Mapped[str] = mapped_column(Text, server_default="")
    color: Mapped[str | None] = mapped_column(Text)
    icon: Mapped[str | None] = mapped_column(Text)
    is_smart: Mapped[bool] = mapped_column(server_default=text("false"))
    smart_filters: Mapped[dict[str, Any] | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("collections.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(BigInteger, server_default="0")
    pinned: Mapped[bool] = mapped_column(server_default=text("false"))
    alert: Mapped[bool] = mapped_column(server_default=text("false"))
    sort: Mapped[str] = mapped_column(Text, server_default="manual")
    cover_id: Mapped[UUID | None]
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_collections_user_id_updated_at", "user_id", "updated_at"),
        Index("ix_collections_user_id_name_key", "user_id", "name_key"),
        Index("ix_collections_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
    )


class CollectionItem(Base):
    """A post in a collection, once; positions leave gaps, so that one can be moved without touching the others."""

    __tablename__ = "collection_items"

    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        ForeignKeyConstraint(["user_id", "post_id"], ["posts.user_id", "posts.id"], ondelete="CASCADE"),
        Index("ix_collection_items_collection_id_position", "collection_id", "position", "post_id"),
        Index("ix_collection_items_user_id_post_id", "user_id", "post_id"),
    )


class Preset(Base):
    """A filter and a view of it under a name; at most one per user is applied when the gallery opens."""

    __tablename__ = "presets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(Text)
    filter: Mapped[str] = mapped_column(Text, server_default="")
    view: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        Index("ix_presets_user_id_created_at", "user_id", "created_at"),
        Index("uq_presets_default", "user_id", unique=True, postgresql_where=text("is_default")),
    )


class Operation(Base):
    """Something a person did that can be undone: `details` says what, its items what stood there before.

    States: running (a job does it), done, undone, failed.
    """

    __tablename__ = "operations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[str] = mapped_column(Text, server_default="done")
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    job_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (Index("ix_operations_user_id_at", "user_id", "at", "id"),)


class OperationItem(Base):
    """A post that an operation changed, and what of it was different before."""

    __tablename__ = "operation_items"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    was: Mapped[dict[str, Any] | None]
