"""What the database's planner knows of the library's tables, brought up to date as soon as much came in."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# The database looks by itself, but a minute later at the earliest; until then it takes a new library for an empty one,
# and reads whole tables for one page.
STALE = text("""
SELECT relname FROM pg_stat_user_tables
WHERE relid IN ('posts'::regclass, 'files'::regclass) AND n_mod_since_analyze > 1000 + n_live_tup / 10
ORDER BY relname
""")


async def count_anew(session: AsyncSession) -> list[str]:
    """Have the tables counted of which more than a tenth is new; which these are."""
    names = list(await session.scalars(STALE))
    if names:
        # Another look at the same moment is as good as ours.
        await session.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(names)}"))
    return names
