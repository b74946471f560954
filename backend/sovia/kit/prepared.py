"""Statements made once and run straight by the driver: for the questions that are asked all the time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
# Stands for a user where a statement is made.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Prepared:
    """A statement as the driver takes it: the names of its values in order, and those that are always the same."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]

    async def rows(self, connection: asyncpg.Connection, given: dict[str, Any]) -> list[asyncpg.Record]:
        """Run it."""
        bound = self.constants | given
        found: list[asyncpg.Record] = await connection.fetch(self.sql, *(bound[name] for name in self.names))
        return found


def prepared(query: Select[*tuple[Any, ...]]) -> Prepared:
    """The statement's text and the order of its values."""
    compiled = query.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return Prepared(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))
