"""What is in a database, counted: the same numbers mean the same rows."""

from dataclasses import dataclass

import asyncpg

from sovia.ops.backups.places import Counted, Manifest

# Tables of ours; what belongs to an extension comes with it.
TABLES = """
SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""
INDEXES = "SELECT count(*) FROM pg_indexes WHERE schemaname <> 'information_schema' AND schemaname !~ '^pg_'"
CONSTRAINTS = """
SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.contype IN ('p', 'u', 'f', 'c')
"""
# The order of rows says nothing, so their hashes are added up. How values are written must not depend on who asks.
ONE = (
    "SELECT {literal} AS name, count(*) AS rows,"
    " coalesce(sum(hashtextextended(one::text, 0)::numeric), 0)::text AS checksum FROM {quoted} one"
)
SPOKEN = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1; SET LOCAL jit = off"
)


@dataclass(frozen=True)
class Counts:
    """The tables of a database with what is in them, and how many indexes and constraints it has."""

    tables: dict[str, Counted]
    indexes: int
    constraints: int


async def count(connection: asyncpg.Connection) -> Counts:
    """Count every table inside the connection's open transaction."""
    await connection.execute(SPOKEN)
    tables = await connection.fetch(TABLES)
    literals = ["'" + row["name"].replace("'", "''") + "'" for row in tables]
    asked = [ONE.format(literal=literal, quoted=row["quoted"]) for literal, row in zip(literals, tables, strict=True)]
    rows = await connection.fetch(" UNION ALL ".join(asked)) if asked else []
    found = {row["name"]: Counted(rows=row["rows"], checksum=row["checksum"]) for row in rows}
    return Counts(found, await connection.fetchval(INDEXES), await connection.fetchval(CONSTRAINTS))


def differences(manifest: Manifest, found: Counts) -> list[str]:
    """In what a restored database is not what the backup says; nothing when all is as it was."""
    said: list[str] = []
    for name in sorted(manifest.tables.keys() | found.tables.keys()):
        before, after = manifest.tables.get(name), found.tables.get(name)
        if before is None or after is None:
            said.append(f"table {name} {'is missing' if after is None else 'should not be there'}")
        elif before.rows != after.rows:
            said.append(f"table {name} has {after.rows:,} rows instead of {before.rows:,}")
        elif before.checksum != after.checksum:
            said.append(f"table {name} has other values in it")
    if manifest.indexes != found.indexes:
        said.append(f"{found.indexes} indexes instead of {manifest.indexes}")
    if manifest.constraints != found.constraints:
        said.append(f"{found.constraints} constraints instead of {manifest.constraints}")
    return said
