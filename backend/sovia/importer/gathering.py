"""What an import does with its posts beside bringing them: tags for those that fit, a collection for all of them.

First is written down, in one statement, which posts are meant: the topmost ones that the import brought, new or here
already. Then they are gathered in steps that each commit whole and remember what was not so before.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import Uuid, any_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.errors import Malformed, NoSuchTarget
from sovia.importer.models import Import, ImportGathered
from sovia.importer.options import Options, TagRule
from sovia.importer.queries import array_of, import_by_id
from sovia.kit import clock
from sovia.kit.db import Database, asyncpg_connection
from sovia.library.gathered import Collection
from sovia.library.service import gathering

AT_ONCE = 5000
OnStep = Callable[[], Awaitable[None]]
PLAN = """
WITH brought AS MATERIALIZED (
  SELECT id FROM posts WHERE user_id = $2 AND import_id = $1
  UNION SELECT post_id FROM import_changes WHERE import_id = $1 AND brought
)
INSERT INTO import_gathered (import_id, post_id, tags, position)
SELECT $1, top.id, top.tags,
  $3::bigint + $4::bigint * row_number() OVER (ORDER BY top.created_at DESC NULLS LAST, top.id DESC)
FROM (
  SELECT p.id, p.created_at, ARRAY(SELECT DISTINCT t FROM unnest(ARRAY[{tags}]::text[]) t WHERE t IS NOT NULL) AS tags
  FROM brought b JOIN posts p ON p.user_id = $2 AND p.id = b.id AND p.deleted_at IS NULL
  WHERE NOT EXISTS (SELECT FROM brought parent WHERE parent.id = p.parent_id)
    AND NOT EXISTS (SELECT FROM import_gathered g WHERE g.import_id = $1 AND g.post_id = p.id)
) top
WHERE $3::bigint IS NOT NULL OR cardinality(top.tags) > 0
"""
CONDITIONS = {
    "folder": "starts_with(lower(coalesce(p.raw #>> '{{file,folder}}', '')) || '/', ${at})",
    "host": "('.' || lower(split_part(split_part(p.media_url, '://', 2), '/', 1))) LIKE ${at}",
    "before": "p.created_at < ${at}",
    "after": "p.created_at >= ${at}",
    "prompt": "(p.original_prompt ~* ${at} OR p.prompt ~* ${at} OR p.inherited_prompt ~* ${at})",
}
DONE = """
UPDATE import_gathered g SET given = done.given, added_at = done.added_at
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS new (post_id, given, added_at)
CROSS JOIN LATERAL (SELECT ARRAY(SELECT jsonb_array_elements_text(new.given::jsonb)) AS given, new.added_at) done
WHERE g.import_id = $1 AND g.post_id = new.post_id
"""


async def refuse_unusable(session: AsyncSession, user_id: UUID, options: Options) -> None:
    """`NoSuchTarget` or `Malformed` when an import with these options could not do what they ask."""
    if options.collection is not None:
        query = select(Collection.is_smart).where(Collection.user_id == user_id, Collection.id == options.collection)
        if await session.scalar(query.where(Collection.deleted_at.is_(None))) is not False:
            raise NoSuchTarget
    connection = await asyncpg_connection(session)
    for rule in options.tags:
        if "prompt" in rule.when:
            try:
                async with connection.transaction():
                    await connection.fetchval("SELECT '' ~* $1", rule.when["prompt"])
            except asyncpg.PostgresError:
                raise Malformed(f"This is no expression: {rule.when['prompt'][:100]}") from None


async def gather(database: Database, user_id: UUID, import_id: UUID, on_step: OnStep | None = None) -> dict[str, Any]:
    """Tag and gather what an import brought; begun again after a crash it goes on with the rest. Its counts."""
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        if not Options.model_validate(found.options).gathers or found.pause_requested:
            return found.counts
        await plan(session, found)
    after: UUID | None = None
    while True:
        async with database.begin() as session:
            found = await session.get_one(Import, import_id, with_for_update=True)
            after = await step(session, found, after)
            counts = found.counts
            if after is None and counts.get("tagged", 0) + counts.get("gathered", 0) >= AT_ONCE:
                await gathering.plan_anew(session)
        if on_step is not None:
            await on_step()
        if after is None:
            return counts


async def gather_now(session: AsyncSession, found: Import) -> None:
    """The same for a few posts more, in the session's transaction."""
    if not Options.model_validate(found.options).gathers or found.undone_at is not None:
        return
    await plan(session, found)
    after = await step(session, found, None)
    while after is not None:
        after = await step(session, found, after)


async def plan(session: AsyncSession, found: Import) -> None:
    """Write down which posts are meant, the newest first in the collection; those written down before stay so."""
    options = Options.model_validate(found.options)
    base = None
    if options.collection is not None:
        base = await gathering.last_position(session, found.user_id, options.collection)
    values: list[object] = [found.id, found.user_id, base, gathering.GAP]
    tags = ", ".join(_tag_if(rule, options, values) for rule in options.tags)
    connection = await asyncpg_connection(session)
    await connection.execute(PLAN.format(tags=tags), *values)


def _tag_if(rule: TagRule, options: Options, values: list[object]) -> str:
    """SQL of a rule's tag where it fits; the values that it names are added."""
    parts = []
    for name, text in rule.when.items():
        value: object = text
        if name == "folder":
            value = "/".join(part for part in text.lower().split("/") if part) + "/"
        elif name == "host":
            value = "%." + text.lower().strip(".").translate({ord(one): f"\\{one}" for one in "\\%_"})
        elif name in ("before", "after"):
            value = options.moment(text)
        values.append(value)
        parts.append(CONDITIONS[name].format(at=len(values)))
    values.append(rule.tag)
    fits = " AND ".join(parts) or "true"
    return f"CASE WHEN {fits} THEN ${len(values)} END"


async def step(session: AsyncSession, found: Import, after: UUID | None, *, again: bool = False) -> UUID | None:
    """Gather some of the posts that were written down, and count them; where to go on.

    `again` gives back what the import had given before it was undone.
    """
    rows = await _rows(session, found, after, done=again)
    collection, now = _collection(found), clock.now()
    pairs = [(row.post_id, tag) for row in rows for tag in (row.given if again else row.tags)]
    given = _by_post(await gathering.give_tags(session, found.user_id, pairs))
    put: set[UUID] = set()
    at = {row.post_id: row.added_at if again else now for row in rows if row.position is not None}
    if collection is not None:
        items = [(row.post_id, row.position, when) for row in rows if (when := at.get(row.post_id)) is not None]
        put = await gathering.put_items(session, found.user_id, collection, items)
    await _remember(session, found, rows, given, {post_id: at[post_id] for post_id in put})
    if rows and not again:
        more = {"tagged": len(given), "gathered": len(put)}
        found.counts = found.counts | {name: found.counts.get(name, 0) + number for name, number in more.items()}
        await session.flush()
    return rows[-1].post_id if len(rows) == AT_ONCE else None


async def take_back(session: AsyncSession, found: Import, after: UUID | None) -> UUID | None:
    """Take away what an import gave some of its posts, but for what another one gave too; where to go on.

    What it gave, and another import that stands wanted as well, is that one's from now on.
    """
    rows = await _rows(session, found, after, done=True)
    collection = _collection(found)
    others = await _others(session, found, [row.post_id for row in rows])
    tags: list[tuple[UUID, str]] = []
    items: dict[UUID, datetime] = {}
    for row in rows:
        several = others.get(row.post_id, [])
        for tag in row.given:
            heir = next((one for one, _ in several if tag in one.tags), None)
            if heir is None:
                tags.append((row.post_id, tag))
            else:
                heir.given = [*(heir.given or []), tag]
        if row.added_at is not None:
            heir = next((one for one, where in several if where == str(collection)), None)
            if heir is None:
                items[row.post_id] = row.added_at
            else:
                heir.added_at = row.added_at
    gone = _by_post(await gathering.take_tags(session, found.user_id, tags, found.started_at))
    out: set[UUID] = set()
    if collection is not None:
        out = await gathering.take_items(session, found.user_id, collection, list(items.items()))
    await _remember(session, found, rows, gone, {post_id: items[post_id] for post_id in out})
    await session.flush()
    return rows[-1].post_id if len(rows) == AT_ONCE else None


async def _rows(session: AsyncSession, found: Import, after: UUID | None, *, done: bool) -> Sequence[Any]:
    kept = ImportGathered
    query = select(kept.post_id, kept.tags, kept.position, kept.given, kept.added_at).where(kept.import_id == found.id)
    query = query.where(kept.given.is_not(None) if done else kept.given.is_(None))
    if after is not None:
        query = query.where(kept.post_id > after)
    return (await session.execute(query.order_by(kept.post_id).limit(AT_ONCE))).all()


async def _others(
    session: AsyncSession, found: Import, ids: Sequence[UUID]
) -> dict[UUID, list[tuple[ImportGathered, str | None]]]:
    """The same posts as other imports gathered them that stand, the earliest first, with their collections."""
    where = Import.options["collection"].astext
    query = (
        select(ImportGathered, where)
        .join(Import, Import.id == ImportGathered.import_id)
        .where(Import.user_id == found.user_id, Import.id != found.id, Import.undone_at.is_(None))
        .where(ImportGathered.post_id == any_(array_of(ids, Uuid())), ImportGathered.given.is_not(None))
        .order_by(Import.started_at, Import.id)
    )
    several: dict[UUID, list[tuple[ImportGathered, str | None]]] = {}
    for one, collection in (await session.execute(query)).all():
        several.setdefault(one.post_id, []).append((one, collection))
    return several


async def _remember(
    session: AsyncSession,
    found: Import,
    rows: Sequence[Any],
    given: Mapping[UUID, list[str]],
    added: Mapping[UUID, datetime],
) -> None:
    """Keep which tags each of these posts owes to the import, and since when it is an item because of it."""
    ids = [row.post_id for row in rows]
    tags = [orjson.dumps(sorted(given.get(one, []))).decode() for one in ids]
    connection = await asyncpg_connection(session)
    await connection.execute(DONE, found.id, ids, tags, [added.get(one) for one in ids])


def _collection(found: Import) -> UUID | None:
    return Options.model_validate(found.options).collection


def _by_post(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    several: dict[UUID, list[str]] = {}
    for post_id, tag in pairs:
        several.setdefault(post_id, []).append(tag)
    return several
