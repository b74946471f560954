"""What changed among the posts, for whoever keeps some of them in memory: written by the database, read by horizon."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit.db import Base

# A day's changes are kept; who read longer ago than this reads everything again.
LONGEST_AWAY = "12 hours"
NOW = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon, now() AS at,
    (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS database
""")
SINCE = text(f"""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon, now() AS at,
    (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS database,
    now() - CAST(:at AS timestamptz) < interval '{LONGEST_AWAY}' AS is_recent,
    changed.ids, changed.number
FROM (VALUES (1)) AS always
LEFT JOIN post_changes changed ON changed.user_id = :user AND changed.xid >= :horizon
""")  # noqa: S608 - our own words


class PostChange(Base):
    """Which posts one statement changed, written by the database itself; `ids` is empty when these were too many.

    `xid` is its transaction: whoever has read all that were over at some moment asks for those from then on.
    """

    __tablename__ = "post_changes"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[UUID]
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))

    __table_args__ = (
        Index("ix_post_changes_user_id_xid", "user_id", "xid"),
        Index("ix_post_changes_at", "at"),
    )


@dataclass(frozen=True)
class Horizon:
    """All transactions before `horizon` were over when it was taken, in this very database, at this time of it."""

    horizon: int
    at: datetime
    database: int


async def horizon_now(session: AsyncSession) -> Horizon:
    """To be taken before reading what will be kept."""
    row = (await session.execute(NOW)).one()
    return Horizon(row.horizon, row.at, row.database)


async def changed_since(session: AsyncSession, user_id: UUID, known: Horizon) -> tuple[Horizon, set[UUID] | None]:
    """The next horizon, and the posts that may have changed since the known one: None for too many, or nobody knows.

    Those of transactions that were not over are told again, which does no harm.
    """
    given = {"user": user_id, "horizon": known.horizon, "at": known.at}
    rows = (await session.execute(SINCE, given)).all()
    now = Horizon(rows[0].horizon, rows[0].at, rows[0].database)
    changes = [row.ids for row in rows if row.number is not None]
    is_told = rows[0].is_recent and now.database == known.database and now.horizon >= known.horizon
    if not is_told or any(ids is None for ids in changes):
        return now, None
    return now, {post_id for ids in changes for post_id in ids}
