"""Merging records into posts that are here already: only what changes is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from sovia.kit import clock
from sovia.library.arrivals import Arrival, prompt_hash
from sovia.library.incoming import NewPost, Terms, WantedFile, wanted_files
from sovia.library.lineage import Links, Standing
from sovia.library.merging import changes
from sovia.library.paths import is_local
from sovia.library.queries.standing import known_files, known_posts
from sovia.library.ratios import ratio_byte
from sovia.library.service.fresh import copy_files
from sovia.library.service.wording import learn
from sovia.library.text import effective_prompt, search_text, words_in

# Values that a merge may change; the temporary table has these columns and nothing else.
CHANGEABLE = (
    *("parent_id", "root_id", "wanted_parent_id", "kind", "created_at", "prompt", "original_prompt"),
    *("inherited_prompt", "search_text", "words", "prompt_hash", "model", "mode", "liked", "liked_here", "width"),
    *("height", "ratio", "duration_seconds", "media_url", "hd_media_url", "thumbnail_url", "mime_type"),
    *("source_user_id", "source_id", "media_state", "raw", "extra_metadata", "import_id", "deleted_at", "updated_at"),
)
# What follows from other values is made anew when those are taken back.
FOLLOWING = ("root_id", "inherited_prompt", "search_text", "words", "prompt_hash", "media_state")
# S608 below: the columns are our own words.
NAMES = ", ".join(CHANGEABLE)
STAGE = f"CREATE TEMPORARY TABLE changed_posts ON COMMIT DROP AS SELECT id, {NAMES} FROM posts LIMIT 0"  # noqa: S608
WRITE = f"""
UPDATE posts p SET ({NAMES}) = (SELECT {NAMES} FROM changed_posts c WHERE c.id = p.id)
WHERE p.user_id = $1 AND p.id IN (SELECT id FROM changed_posts)
"""  # noqa: S608
# A file that was refused may have a usable address in a later export, and one that is missing may come itself.
BETTER_ADDRESS = """
UPDATE files SET url = $5, path = $6, state = $7, reason = $8
WHERE user_id = $1 AND post_id = $2 AND role = $3 AND position = $4 AND state IN ('refused', 'missing', 'wanted')
"""


@dataclass(slots=True)
class Merged:
    """Which known posts changed, and which of them in a way that their descendants or their root show."""

    changed: set[UUID] = field(default_factory=set)
    reworded: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class NewFiles:
    """Files of known posts: not named before, and named better now than `before`: url, path, state and reason."""

    added: dict[UUID, list[WantedFile]] = field(default_factory=dict)
    better: list[tuple[UUID, WantedFile]] = field(default_factory=list)
    before: dict[tuple[UUID, str, int], list[Any]] = field(default_factory=dict)
    media: dict[UUID, str] = field(default_factory=dict)

    def note(self, post_id: UUID, one: WantedFile, *, better: bool) -> None:
        """One more file, and what it means for the post's own state."""
        if better:
            self.better.append((post_id, one))
        else:
            self.added.setdefault(post_id, []).append(one)
        if one.role == "media":
            self.media[post_id] = one.state

    def owners(self) -> set[UUID]:
        """The posts that get a file."""
        return {*self.added, *(post_id for post_id, _ in self.better)}


async def merge(
    connection: asyncpg.Connection,
    user_id: UUID,
    batch: Mapping[UUID, Arrival],
    standing: Standing,
    links: Links,
    roots: Mapping[UUID, UUID],
    terms: Terms,
) -> Merged:
    """Merge the batch into the posts that are here, and give waiting ones their parent."""
    here = {post_id: new.post() for post_id, new in batch.items() if post_id in standing.known}
    wanted = {post_id: wanted_files(new) for post_id, new in here.items()}
    fresh_files = new_files(await known_files(connection, user_id, here), wanted)
    touched = {
        post_id
        for post_id, new in here.items()
        if changed_values(standing.known[post_id], new, links, roots, fresh_files, terms)
    }
    touched |= {child for child in links.parents if child in standing.above}
    touched |= fresh_files.owners()
    touched |= {row["id"] for row in standing.waiting if row["id"] in links.refused}
    if not touched:
        return Merged()
    merged, rows = Merged(changed=touched), []
    # Read again under lock: a like or a probe may have come in between.
    for post_id, row in (await known_posts(connection, user_id, touched, lock=True)).items():
        found = changed_values(row, here.get(post_id), links, roots, fresh_files, terms)
        if found.keys() & {"prompt", "original_prompt", "kind", "model", "mode", "parent_id", "deleted_at"}:
            merged.reworded.add(post_id)
        if row["import_id"] is None or row["import_id"] != terms.import_id:
            _note(terms, row, found)
        rows.append(changed_row(post_id, row | found))
    await write_changed(connection, user_id, rows)
    _note_files(terms, standing, fresh_files)
    await copy_files(connection, user_id, sorted(fresh_files.added.items()))
    if fresh_files.better:
        await connection.executemany(BETTER_ADDRESS, [(user_id, post_id, *one) for post_id, one in fresh_files.better])
    return merged


def changed_values(
    row: Mapping[str, Any],
    new: NewPost | None,
    links: Links,
    roots: Mapping[UUID, UUID],
    files: NewFiles,
    terms: Terms,
) -> dict[str, Any]:
    """The columns of a known post that change, with those that follow from them."""
    post_id = row["id"]
    found = changes(row, new, terms.likes) if new is not None else {}
    if new is not None and row["deleted_at"] is not None:
        found |= _back(row, terms, links)
    if post_id in links.parents:
        found |= {"parent_id": links.parents[post_id], "root_id": roots[post_id]}
    wanted = links.wanted.get(post_id)
    if row["wanted_parent_id"] != wanted and (wanted is not None or post_id in links.parents):
        found["wanted_parent_id"] = wanted
    if post_id in links.refused and row["wanted_parent_id"] is not None:
        found["wanted_parent_id"] = None
    if found.keys() & {"prompt", "original_prompt"}:
        prompt, original = found.get("prompt", row["prompt"]), found.get("original_prompt", row["original_prompt"])
        found |= {"search_text": search_text(original, prompt), "inherited_prompt": ""}
        found["prompt_hash"] = prompt_hash(effective_prompt(original, prompt))
    if row["ratio"] == 0 and found.keys() & {"width", "height"}:
        found["ratio"] = ratio_byte(found.get("width", row["width"]), found.get("height", row["height"]))
    if post_id in files.media:
        found["media_state"] = files.media[post_id]
    return found


def _back(row: Mapping[str, Any], terms: Terms, links: Links) -> dict[str, Any]:
    """What brings a post back that an undone import had brought; its parent may not be here any more."""
    post_id = row["id"]
    wanted = links.wanted.get(post_id) or row["wanted_parent_id"] or row["parent_id"]
    alone = {"parent_id": None, "root_id": post_id, "wanted_parent_id": wanted}
    back = {"deleted_at": None, "import_id": terms.import_id}
    return back if post_id in links.parents or wanted is None else back | alone


def _note(terms: Terms, row: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Keep what was there before, unless the post comes back as a new one of this import."""
    if "deleted_at" in found:
        return
    for name, value in found.items():
        if name not in FOLLOWING:
            terms.journal.note(row["id"], name, row[name], value)


def _note_files(terms: Terms, standing: Standing, files: NewFiles) -> None:
    named: list[tuple[UUID, WantedFile, list[Any] | None]] = [
        (post_id, one, None) for post_id, several in files.added.items() for one in several
    ]
    named += [(post_id, one, files.before[post_id, one.role, one.position]) for post_id, one in files.better]
    for post_id, one, before in named:
        if standing.known[post_id]["import_id"] == terms.import_id and terms.import_id is not None:
            continue
        after = [one.url, one.path, one.state, one.reason]
        terms.journal.note(post_id, f"file/{one.role}/{one.position}", before, after)


def new_files(known: Mapping[UUID, list[dict[str, Any]]], wanted: Mapping[UUID, Sequence[WantedFile]]) -> NewFiles:
    """What is named for the first time. One path is one file; a known address is never replaced by another."""
    found = NewFiles()
    for post_id, several in wanted.items():
        mine = known.get(post_id, [])
        taken = {(row["role"], row["position"]): row for row in mine}
        for named in several:
            itself = is_local(named.path)
            if any((named.url == row["url"] and not itself) or _same_path(named, row) for row in mine):
                continue
            sounds = sum(1 for role, _ in taken if role == "audio")
            one = named._replace(position=sounds) if named.role == "audio" else named
            row = taken.get((one.role, one.position))
            if row is None:
                found.note(post_id, one, better=False)
                taken[one.role, one.position] = one._asdict()
            elif (row["state"] == "refused" and one.path) or (row["state"] in ("missing", "wanted") and itself):
                found.before[post_id, one.role, one.position] = [row["url"], row["path"], row["state"], None]
                found.note(post_id, one._replace(url=row["url"]) if itself else one, better=True)
    return found


def _same_path(named: WantedFile, row: Mapping[str, Any]) -> bool:
    return named.path is not None and named.path == row["path"]


async def write_changed(connection: asyncpg.Connection, user_id: UUID, rows: list[tuple[Any, ...]]) -> None:
    """Write posts that were read under lock and changed; their words are learnt."""
    await connection.execute(STAGE)
    await connection.copy_records_to_table("changed_posts", columns=("id", *CHANGEABLE), records=rows)
    await learn(connection, user_id, {word for row in rows for word in row[1 + CHANGEABLE.index("words")]})
    await connection.execute(WRITE, user_id)
    # Dropped at once, since one transaction may add several batches.
    await connection.execute("DROP TABLE changed_posts")


def changed_row(post_id: UUID, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A changed post as `write_changed` takes it."""
    plain = {**values, "words": words_in(values["search_text"]), "updated_at": clock.now()}
    for name in ("raw", "extra_metadata"):
        if plain[name] is not None:
            plain[name] = orjson.dumps(plain[name]).decode()
    return (post_id, *(plain[name] for name in CHANGEABLE))
