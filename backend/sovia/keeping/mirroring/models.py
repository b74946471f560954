"""Mirrors that were used, and what lies in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base


class Mirror(Base):
    """A place that media are copied to, known by the marker in it; of the machine, not of a user.

    `location` is where it lies, as the settings say it; `problem_code` what was wrong at the last run.
    """

    __tablename__ = "mirrors"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    location: Mapped[str] = mapped_column(Text, unique=True)
    set_up_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    problem_code: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)


class MirroredFile(Base):
    """A file as it lies in a mirror, under the same place as here.

    `verified_at` is when its bytes were last seen to be right there; `fault` says that they are not: lost, truncated,
    changed, unreadable.
    """

    __tablename__ = "mirrored_files"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    mirror_id: Mapped[str] = mapped_column(ForeignKey("mirrors.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    e_tag: Mapped[str | None] = mapped_column(Text)
    verified_at: Mapped[datetime]
    fault: Mapped[str | None] = mapped_column(Text)
