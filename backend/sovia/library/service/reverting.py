"""Changes of posts taken back, or made again, where nobody changed the same thing since."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.arrivals import prompt_hash
from sovia.library.queries.standing import ABOVE, known_posts
from sovia.library.service import versions
from sovia.library.service.adding import LOCK
from sovia.library.service.edges import swap_edges
from sovia.library.service.known import changed_row, write_changed
from sovia.library.service.settling import settle
from sovia.library.text import effective_prompt, search_text
from sovia.library.undoing import Change, Values, files_of, swapped

REMOVE_FILES = """
DELETE FROM files f
USING unnest($2::uuid[], $3::text[], $4::smallint[], $5::text[]) AS gone (post_id, role, position, url)
WHERE f.user_id = $1 AND f.post_id = gone.post_id AND f.role = gone.role AND f.position = gone.position
  AND f.url = gone.url
"""
PUT_FILES = """
INSERT INTO files AS known (user_id, post_id, role, position, url, path, state, reason)
SELECT $1, new.* FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS new (post_id, role, position, url, path, state, reason)
ON CONFLICT (user_id, post_id, role, position) DO UPDATE SET
  url = excluded.url, path = excluded.path, state = excluded.state, reason = excluded.reason
WHERE (known.url, known.path) IS DISTINCT FROM (excluded.url, excluded.path)
"""
MEDIA_STATE = """
UPDATE posts p SET media_state = coalesce((SELECT f.state FROM files f WHERE f.user_id = $1 AND f.post_id = p.id
  AND f.role = 'media' ORDER BY f.position LIMIT 1), 'none')
WHERE p.user_id = $1 AND p.id = ANY($2::uuid[])
"""


async def revert(session: AsyncSession, user_id: UUID, swaps: Mapping[UUID, Change]) -> int:
    """Let old values give way to new ones where they still stand, in the session's transaction; how many posts changed.

    What later imports remember as "before" is changed in `swaps`, for the caller to keep.
    """
    if not swaps:
        return 0
    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))
    known = await known_posts(connection, user_id, swaps.keys(), lock=True)
    found = {}
    for post_id, row in known.items():
        swap = swaps[post_id]
        values = swapped(row, swap.old, swap.new, swap.later)
        if values:
            found[post_id] = values
    roots = await _place(connection, user_id, found)
    rows = [
        changed_row(post_id, {**known[post_id], **_following(known[post_id], one)}) for post_id, one in found.items()
    ]
    if rows:
        await write_changed(connection, user_id, rows)
    here = {one: swaps[one] for one in known}
    touched = await _files(connection, user_id, here) | await swap_edges(connection, user_id, here)
    await settle(connection, user_id, roots | {known[one]["root_id"] for one in found})
    changed = found.keys() | touched
    if changed:
        await versions.touch(session, user_id)
    return len(changed)


def _following(row: Mapping[str, Any], values: Values) -> Values:
    """The values with those that follow from them."""
    if not values.keys() & {"prompt", "original_prompt"}:
        return values
    prompt, original = values.get("prompt", row["prompt"]), values.get("original_prompt", row["original_prompt"])
    words = {"search_text": search_text(original, prompt), "inherited_prompt": ""}
    return values | words | {"prompt_hash": prompt_hash(effective_prompt(original, prompt))}


async def _place(connection: asyncpg.Connection, user_id: UUID, found: dict[UUID, Values]) -> set[UUID]:
    """Give posts whose parent changes their root; the roots to be settled.

    A parent that is not here, or is below the post by now, is waited for instead.
    """
    moved = {post_id: one["parent_id"] for post_id, one in found.items() if "parent_id" in one}
    wanted = [parent for parent in moved.values() if parent is not None]
    parents = await known_posts(connection, user_id, wanted) if wanted else {}
    rows = await connection.fetch(ABOVE, user_id, wanted) if wanted else []
    above = {row["id"]: row["parent_id"] for row in rows}
    roots: set[UUID] = set()
    for post_id, parent in moved.items():
        here = parents.get(parent) if parent is not None else None
        if here is None or here["deleted_at"] is not None or _is_below(parent, post_id, above, moved):
            found[post_id] |= {"parent_id": None, "root_id": post_id}
            if parent is not None:
                found[post_id]["wanted_parent_id"] = parent
            roots.add(post_id)
        else:
            found[post_id]["root_id"] = here["root_id"]
            roots.add(here["root_id"])
    return roots


def _is_below(
    start: UUID | None, post_id: UUID, above: Mapping[UUID, UUID | None], moved: Mapping[UUID, UUID | None]
) -> bool:
    seen: set[UUID] = set()
    at = start
    while at is not None and at not in seen:
        if at == post_id:
            return True
        seen.add(at)
        at = moved.get(at, above.get(at))
    return False


async def _files(connection: asyncpg.Connection, user_id: UUID, swaps: Mapping[UUID, Change]) -> set[UUID]:
    """Take files away that were named, or name them again; the posts whose files these are."""
    gone: list[tuple[Any, ...]] = []
    named: list[tuple[Any, ...]] = []
    for post_id, swap in swaps.items():
        new = files_of(swap.new)
        for (role, position), old in files_of(swap.old).items():
            after = new.get((role, position))
            if after is not None:
                named.append((post_id, role, position, *after))
            elif old is not None:
                gone.append((post_id, role, position, old[0]))
    if gone:
        await connection.execute(REMOVE_FILES, user_id, *map(list, zip(*gone, strict=True)))
    if named:
        await connection.execute(PUT_FILES, user_id, *map(list, zip(*named, strict=True)))
    touched = {one[0] for one in (*gone, *named)}
    if touched:
        await connection.execute(MEDIA_STATE, user_id, list(touched))
    return touched
