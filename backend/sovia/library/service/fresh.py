"""Rows of posts that were not here yet, copied in with their place in their stack already known."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from sovia.kit import clock
from sovia.library.incoming import NewPost, WantedFile
from sovia.library.lineage import Links, Standing, Summary, inherited_prompts, summaries
from sovia.library.ratios import ratio_byte
from sovia.library.service.wording import learn
from sovia.library.text import effective_prompt

POST_COLUMNS = (
    *("user_id", "id", "parent_id", "root_id", "wanted_parent_id", "kind", "created_at", "prompt", "original_prompt"),
    *("inherited_prompt", "search_text", "words", "prompt_hash", "model", "mode", "liked", "width", "height", "ratio"),
    *("duration_seconds", "media_url", "hd_media_url", "thumbnail_url", "mime_type", "source", "source_user_id"),
    *("source_id", "media_state", "child_count", "stack_kinds", "stack_models", "stack_modes"),
    *("raw", "added_at", "updated_at"),
)
FILE_COLUMNS = ("user_id", "post_id", "role", "position", "url", "path", "state", "reason")
NOTHING = Summary()


async def copy_posts(
    connection: asyncpg.Connection,
    user_id: UUID,
    fresh: Sequence[NewPost],
    links: Links,
    standing: Standing,
    roots: Mapping[UUID, UUID],
    files: Mapping[UUID, list[WantedFile]],
) -> None:
    """Copy new posts in; their parents are here or among them. Their words are learnt."""
    if not fresh:
        return
    learnt: set[str] = set()
    now = clock.now()
    inherited = inherited_prompts({new.id: new for new in fresh}, links, standing.known)
    sums = summaries(fresh, roots)

    def row(new: NewPost) -> tuple[Any, ...]:
        own = inherited.get(new.id, "")
        wording = new.worded()
        learnt.update(wording.words)
        total = sums[new.id] if roots[new.id] == new.id else NOTHING
        return (
            *(user_id, new.id, links.parents.get(new.id), roots[new.id], links.wanted.get(new.id), new.kind),
            *(new.created_at, new.prompt, new.original_prompt, own, wording.text, wording.packed),
            *(prompt_hash(effective_prompt(new.original_prompt, new.prompt, own)), new.model, new.mode, new.liked),
            *(new.width, new.height, ratio_byte(new.width, new.height), new.duration_seconds, new.media_url),
            *(new.hd_media_url, new.thumbnail_url, new.mime_type, new.source, new.source_user_id, new.source_id),
            *(
                main_state(files[new.id]),
                total.children,
                sorted(total.kinds),
                sorted(total.models),
                sorted(total.modes),
            ),
            *(orjson.dumps(new.raw).decode(), now, now),
        )

    await connection.copy_records_to_table("posts", columns=POST_COLUMNS, records=map(row, fresh))
    await learn(connection, user_id, learnt)


async def copy_files(
    connection: asyncpg.Connection, user_id: UUID, files: Iterable[tuple[UUID, Iterable[WantedFile]]]
) -> None:
    """Copy in files that were not named before."""
    rows = [(user_id, post_id, *wanted) for post_id, several in files for wanted in several]
    if rows:
        await connection.copy_records_to_table("files", columns=FILE_COLUMNS, records=rows)


def main_state(files: Iterable[WantedFile]) -> str:
    """The state of the main file, `none` when there is no such file."""
    return next((one.state for one in files if one.role == "media"), "none")


def prompt_hash(words: str) -> bytes | None:
    """What equal prompts have in common; nothing for no words."""
    return hashlib.md5(words.encode(), usedforsecurity=False).digest() if words else None
