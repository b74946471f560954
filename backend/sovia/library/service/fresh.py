"""Rows of posts that were not here yet, copied in with their place in their stack already known."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import asyncpg

from sovia.kit import clock, rows
from sovia.library.arrivals import FILE_COLUMNS, OWN_COLUMNS, Arrival, prompt_hash
from sovia.library.incoming import WantedFile
from sovia.library.lineage import Links, Standing, Summary, inherited_prompts, summaries

# What a post's place in its stack decides comes first, what its record decides is packed already.
PLACE_COLUMNS = (
    *("user_id", "id", "parent_id", "root_id", "wanted_parent_id", "inherited_prompt", "prompt_hash"),
    *("child_count", "stack_kinds", "stack_models", "stack_modes", "added_at", "updated_at", "import_id"),
)
POST_COLUMNS = (*PLACE_COLUMNS, *OWN_COLUMNS)
# What new rows refer to was looked up or is copied in with them, under the lock that all who write posts take; to have
# each reference looked up once more takes a fifth of an import's time. Where we may not ask for less, nothing changes.
CHECKS = """
SELECT set_config('session_replication_role', $1, true)
WHERE has_parameter_privilege('session_replication_role', 'SET')
"""


async def copy_posts(
    connection: asyncpg.Connection,
    user_id: UUID,
    fresh: Sequence[Arrival],
    links: Links,
    standing: Standing,
    roots: Mapping[UUID, UUID],
    import_id: UUID | None,
) -> None:
    """Copy new posts and their files in; their parents are here or among them."""
    if fresh:
        posts = post_rows(user_id, fresh, links, standing, roots, import_id)
        await connection.execute(CHECKS, "replica")
        await _copy(connection, "posts", POST_COLUMNS, posts)
        await _copy_file_rows(connection, user_id, (one for new in fresh for one in new.files))
        await connection.execute(CHECKS, "origin")


async def copy_files(
    connection: asyncpg.Connection, user_id: UUID, files: Iterable[tuple[UUID, Iterable[WantedFile]]]
) -> None:
    """Copy in files that were not named before."""
    found = [(post_id, *one, user_id) for post_id, several in files for one in several]
    if found:
        await connection.copy_records_to_table("files", columns=FILE_COLUMNS, records=found)


def post_rows(
    user_id: UUID,
    fresh: Sequence[Arrival],
    links: Links,
    standing: Standing,
    roots: Mapping[UUID, UUID],
    import_id: UUID | None,
) -> Iterator[bytes]:
    """The packed row of each new post."""
    inherited = inherited_prompts({new.id: new for new in fresh}, links, standing.known)
    sums = summaries(fresh, roots)
    now = rows.moment(clock.now())
    begin = rows.count(len(POST_COLUMNS)) + rows.uuid(user_id.bytes)
    end = now + now + (rows.NULL if import_id is None else rows.uuid(import_id.bytes))
    nothing = _summed(Summary()) + end
    for new in fresh:
        post_id, root_id = new.id, roots[new.id]
        parent_id, wanted_id = links.parents.get(post_id), links.wanted.get(post_id)
        own = inherited.get(post_id, "")
        yield b"".join(
            (
                begin,
                rows.uuid(post_id.bytes),
                rows.NULL if parent_id is None else rows.uuid(parent_id.bytes),
                rows.uuid(root_id.bytes),
                rows.NULL if wanted_id is None else rows.uuid(wanted_id.bytes),
                rows.text(own),
                rows.data(prompt_hash(own) if own else new.prompt_hash),
                nothing if root_id != post_id else _summed(sums[post_id]) + end,
                new.own,
            )
        )


def _summed(total: Summary) -> bytes:
    lists = (rows.texts(sorted(names)) for names in (total.kinds, total.models, total.modes))
    return rows.integer(total.children) + b"".join(lists)


async def _copy_file_rows(connection: asyncpg.Connection, user_id: UUID, found: Iterable[bytes]) -> None:
    end = rows.uuid(user_id.bytes)
    await _copy(connection, "files", FILE_COLUMNS, (one + end for one in found))


async def _copy(connection: asyncpg.Connection, table: str, columns: Sequence[str], found: Iterable[bytes]) -> None:
    source = _blocks(found)
    await connection.copy_to_table(table, source=source, columns=columns, format="binary")


async def _blocks(found: Iterable[bytes]) -> AsyncIterator[bytes]:
    """As the driver wants it."""
    for block in rows.file_of(found):
        yield block
