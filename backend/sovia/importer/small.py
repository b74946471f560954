"""Small imports inside one request, as older clients do them: ask what is here, ask what would happen, do it."""

import asyncio
from io import BytesIO
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import fields, queries
from sovia.importer.errors import Malformed
from sovia.importer.following import set_going
from sovia.importer.parsing import parsed
from sovia.importer.problems import Problem
from sovia.importer.reading import MAX_LEVELS, MAX_RECORD
from sovia.importer.schemas import ExistingOut, ImportedOut, RecordError, ValidationOut
from sovia.importer.shapes.inline import Inline
from sovia.importer.shapes.sniff import reader_for
from sovia.importer.tape import Tape
from sovia.kit import disk
from sovia.library.incoming import Edge
from sovia.library.service.adding import AddedCounts, NewPost, add_posts, wanted_files
from sovia.library.service.edges import add_edges

MOST_ERRORS = 1000
# In one request; a file has no such limit.
MOST_UNUSABLE = 100_000
CHUNK_POSTS = 3000


def tape_over(body: bytes) -> Tape:
    """A body in memory, to be read like a file."""
    return Tape(BytesIO(body).read, max_bytes=MAX_RECORD, max_depth=MAX_LEVELS)


async def check_existing(session: AsyncSession, user_id: UUID, body: bytes) -> ExistingOut:
    """Which posts of a list of ids are here; the list stands by itself or as `post_ids`."""
    tape = tape_over(body)
    tape.peek()
    cut = tape.cut()
    value = None if cut.fault else parsed(cut).value
    asked = value.get("post_ids", value.get("ids")) if isinstance(value, dict) else value
    if not isinstance(asked, list):
        raise Malformed("Send a list of post ids, by itself or as post_ids.")
    ids: dict[UUID, str] = {}
    invalid: list[str] = []
    for one in asked:
        found = fields.id_of(one)
        if found is None:
            invalid.append(str(one)[: fields.LONGEST_NAME])
        else:
            ids.setdefault(found[0], str(one))
    here = await queries.existing_ids(session, user_id, list(ids))
    return ExistingOut(existing_ids=[text for post_id, text in ids.items() if post_id in here], invalid_ids=invalid)


class SmallExport:
    """The records of a body: posts by where they came from, and what could not be read."""

    def __init__(self, body: bytes, keep_in: Path | None = None) -> None:
        """`keep_in` is the media folder, in which media that stand in the records are kept."""
        reader, inline = reader_for(tape_over(body)), Inline(keep_in)
        self.posts: list[NewPost] = []
        self.edges: list[Edge] = []
        self.problems: list[Problem] = []
        for found in reader:
            if len(self.problems) > MOST_UNUSABLE:
                raise Malformed(
                    f"More than {MOST_UNUSABLE:,} records of this body can not be used; import it as a file."
                )
            if isinstance(found, Problem):
                self.problems.append(found)
                continue
            result = inline.parse(found.record, second_hand=found.second_hand)
            self.posts += result.posts
            self.edges += result.edges
            self.problems += [found.placed(one) for one in result.problems]
        self.records = reader.records

    @property
    def roots(self) -> set[UUID]:
        """The posts that stand by themselves in the body."""
        return {post.id for post in self.posts if post.nested_in is None and not post.fills_only}

    @property
    def failed(self) -> int:
        """How many records brought no post of their own."""
        return max(0, self.records - sum(1 for post in self.posts if post.nested_in is None and not post.fills_only))

    def errors(self) -> list[RecordError]:
        """What was wrong, with the record's number and id."""
        return [
            RecordError(index=one.index, id=one.record_id, reason=one.reason) for one in self.problems[:MOST_ERRORS]
        ]


async def validate(session: AsyncSession, user_id: UUID, home: Path, body: bytes) -> ValidationOut:
    """What an import of this body would find: posts that are here and new ones, files that are here and missing ones.

    Writes nothing.
    """
    export = await asyncio.to_thread(SmallExport, body)
    existing = await queries.existing_ids(session, user_id, export.roots)
    files = [(post, one) for post in export.posts for one in wanted_files(post) if one.role != "poster"]
    wanted = {one.path: one.url for _, one in files if one.path}
    refused = [
        RecordError(index=None, id=str(post.id), reason=f"{one.reason}: {one.url[:200]}")
        for post, one in files
        if one.path is None
    ]
    # Media in the records are not missing: they come along.
    present = {post.local_path for post in export.posts if post.local_path}
    present |= await asyncio.to_thread(paths_on_disk, home, list(wanted.keys() - present))
    present |= await queries.present_paths(session, user_id, list(wanted.keys() - present))
    return ValidationOut(
        existing_posts=len(existing),
        new_posts=len(export.roots - existing),
        valid_files=len(present),
        missing_files=sorted({url for path, url in wanted.items() if path not in present}),
        can_import=bool(export.posts),
        invalid=[*export.errors(), *refused][:MOST_ERRORS],
    )


async def import_now(session: AsyncSession, user_id: UUID, body: bytes, keep_in: Path | None = None) -> ImportedOut:
    """Take a small body in, in the session's transaction; done twice, the second time everything is skipped."""
    export = await asyncio.to_thread(SmallExport, body, keep_in)
    total = AddedCounts()
    for start in range(0, len(export.posts), CHUNK_POSTS):
        total.add(await add_posts(session, user_id, export.posts[start : start + CHUNK_POSTS]))
    await add_edges(session, user_id, export.edges)
    if export.posts:
        await set_going(session, user_id)
    imported = total.new - total.children_new
    return ImportedOut(
        posts_imported=imported,
        child_posts_imported=total.children_new,
        posts_skipped=max(0, export.records - export.failed - imported),
        total_processed=export.records,
        errors=export.errors(),
    )


def paths_on_disk(home: Path, paths: list[str]) -> set[str]:
    """Which of these paths hold a file that is not empty; no link is followed."""
    found = set()
    for path in paths:
        try:
            if disk.stat_beneath(home, path).st_size > 0:
                found.add(path)
        except OSError:
            continue
    return found
