"""What adding posts would change, by the same rules as adding them, and without writing anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.arrivals import Arrival
from sovia.library.incoming import NewPost, Terms, wanted_files
from sovia.library.lineage import proposed, refuse_circles, root_of
from sovia.library.queries.standing import known_files, known_posts, standing_of
from sovia.library.service.known import FOLLOWING, changed_values, new_files

Bucket = Literal["new", "children_added", "identical", "changed", "conflicts", "skipped"]
# An address that was fetched already is kept, so another one for the same post is worth a look.
CONTRADICTED = ("media_url", "hd_media_url")
# Kept with a post, but nothing that a person calls a field.
INSIDE = ("raw", "extra_metadata", "ratio", "liked_here")
PARENTS = ("parent_id", "wanted_parent_id")
Row = Mapping[str, Any]


@dataclass(slots=True)
class Compared:
    """One post: what adding it would do, and which fields differ, as name, what is here, what is there."""

    post: Arrival
    bucket: Bucket
    fields: list[tuple[str, Any, Any]] = field(default_factory=list)
    thumbnail: str | None = None


async def compare_posts(session: AsyncSession, user_id: UUID, posts: Iterable[Arrival], terms: Terms) -> list[Compared]:
    """What becomes of each post, of which none comes twice; a few thousand at a time."""
    batch = {new.id: new for new in posts}
    if not batch:
        return []
    connection = await asyncpg_connection(session)
    named = {new.parent_id for new in batch.values() if new.parent_id is not None}
    known = await known_posts(connection, user_id, batch.keys() | named)
    found, uncertain = [], {}
    for post_id, new in batch.items():
        row = known.get(post_id)
        if row is None:
            above = new.nested_in or new.parent_id
            found.append(Compared(new, "children_added" if above is not None and above in known else "new"))
        elif row["deleted_at"] is not None:
            found.append(Compared(new, "skipped" if terms.leaves_alone(row["deleted_at"]) else "new"))
        elif says_nothing_new(row, new):
            found.append(Compared(new, "identical", thumbnail=row["thumbnail"]))
        else:
            uncertain[post_id] = new
    if uncertain:
        found += await _looked_into(connection, user_id, uncertain, terms)
    return found


def says_nothing_new(row: Row, new: Arrival) -> bool:
    """Whether a record is surely the one that is here; the others are worth the whole comparison."""
    _, liked, raw = new.head()
    if (liked is not None and liked is not row["liked"]) or orjson.loads(raw) != row["raw"]:
        return False
    named = new.nested_in or new.parent_id
    return named is None or row["parent_id"] is not None or row["wanted_parent_id"] == new.parent_id


async def _looked_into(
    connection: asyncpg.Connection, user_id: UUID, arrivals: dict[UUID, Arrival], terms: Terms
) -> list[Compared]:
    """The posts that are here and may change."""
    batch = {post_id: new.post() for post_id, new in arrivals.items()}
    named = {post_id: new.media_url for post_id, new in batch.items()}
    files = {post_id: wanted_files(new) for post_id, new in batch.items()}
    standing = await standing_of(connection, user_id, arrivals)
    links = proposed(arrivals, standing)
    refuse_circles(links, standing, arrivals)
    roots = {post_id: root_of(post_id, links, standing) for post_id in (*batch, *links.parents)}
    here = await known_files(connection, user_id, batch.keys())
    fresh = new_files(here, files)
    found = []
    for post_id, new in batch.items():
        row = standing.known.get(post_id)
        if row is None:
            continue
        changed = differences(row, changed_values(row, new, links, roots, fresh, terms))
        changed += [("files", None, one.url) for one in fresh.added.get(post_id, [])]
        against = contradictions(row, new, named[post_id])
        bucket: Bucket = "conflicts" if against else "changed" if changed else "identical"
        found.append(Compared(arrivals[post_id], bucket, [*changed, *against], row["thumbnail"]))
    return found


def differences(row: Row, changed: Row) -> list[tuple[str, Any, Any]]:
    """The fields that change, as a person would name them."""
    found = [
        (name, row[name], value)
        for name, value in changed.items()
        if name not in FOLLOWING and name not in INSIDE and name not in PARENTS
    ]
    if any(name in changed for name in PARENTS):
        there = changed.get("parent_id") or changed.get("wanted_parent_id")
        found.append(("parent", row["parent_id"] or row["wanted_parent_id"], there))
    if not found and "raw" in changed:
        old = row["raw"] or {}
        found = [
            (f"record.{key}", old.get(key), value) for key, value in changed["raw"].items() if old.get(key) != value
        ]
    return found


def contradictions(row: Row, new: NewPost, media_url: str) -> list[tuple[str, Any, Any]]:
    """What the record says otherwise, and what stays as it is here."""
    found = []
    for name in CONTRADICTED:
        here, there = row[name], getattr(new, name)
        if here and there and here != there and (name != "media_url" or here != media_url):
            found.append((name, here, there))
    if row["liked_here"] and new.liked is not None and new.liked is not row["liked"]:
        found.append(("liked", row["liked"], new.liked))
    return found


def hosts_of(files: Iterable[tuple[str, str | None]]) -> list[str]:
    """The hosts that files come from, each given as URL and path, as far as their addresses have one."""
    return [path.split("/", 2)[1] if path else _host(url) for url, path in files]


def _host(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    host = rest.partition("/")[0] if mark and scheme.lower() in ("http", "https") else ""
    return host.rpartition("@")[2][:100].lower() or "none"
