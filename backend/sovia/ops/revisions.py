"""Whether a database has the tables of this version, found out without loading all that migrations need."""

import re
from pathlib import Path

import asyncpg

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
NAMED = re.compile(r'^(revision|down_revision)\b[^=]*= "([^"]+)"', re.MULTILINE)


def newest() -> set[str]:
    """The revisions that no other one follows: one, unless two were written side by side."""
    there: set[str] = set()
    followed: set[str] = set()
    for path in VERSIONS.glob("*.py"):
        for name, revision in NAMED.findall(path.read_text(encoding="utf-8")):
            (there if name == "revision" else followed).add(revision)
    return there - followed


def known() -> set[str]:
    """Every revision that this version can bring up to date."""
    named = (NAMED.findall(path.read_text(encoding="utf-8")) for path in VERSIONS.glob("*.py"))
    return {revision for found in named for name, revision in found if name == "revision"}


async def is_newest(url: str) -> bool:
    """Whether nothing is to be migrated; also false when the database does not answer."""
    try:
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=10)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError):
        return False
    try:
        return {
            row["version_num"] for row in await connection.fetch("select version_num from alembic_version")
        } == newest()
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
