"""The files that are to be fetched, or could not be, and how a person wants it done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base

WAITING = "state = 'waiting'"


class Download(Base):
    """One file to bring to its path, whatever number of posts want it; it leaves the table when it is here.

    States: waiting (not before `next_at`), failed (for `cause`). `urgency` is larger for what a person looks at.
    `made_at` is when its post was made: newest first, after those whose address is about to expire.
    """

    __tablename__ = "downloads"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    replaces: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    cause: Mapped[str] = mapped_column(Text, server_default="")
    reason: Mapped[str] = mapped_column(Text, server_default="")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    urgency: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))
    expires_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_downloads_waiting",
            "user_id",
            "host",
            text("urgency DESC"),
            "expires_at",
            text("made_at DESC NULLS LAST"),
            postgresql_where=text(WAITING),
        ),
        Index("ix_downloads_failed", "user_id", "cause", "host", postgresql_where=text("state = 'failed'")),
    )


class FetchSettings(Base):
    """How a user wants files to be fetched; 0 means no limit. `hosts` are asked beside those of the product."""

    __tablename__ = "fetch_settings"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    per_host: Mapped[int] = mapped_column(SmallInteger, server_default="4")
    per_second: Mapped[int] = mapped_column(SmallInteger, server_default="8")
    bytes_per_second: Mapped[int] = mapped_column(BigInteger, server_default="0")
    hosts: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
