"""What is kept of a library in memory answers as the database does, and follows every change."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from makers import NOON, make_library, make_post
from random_filters import filters, gathered, measured_library
from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import Database
from sovia.library.changes import PostChange, changed_since, horizon_now
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.library.text import searchable
from sovia.search import queries
from sovia.search.columns import keeper as keeping
from sovia.search.columns import loading, viewing
from sovia.search.columns.keeper import Keeper
from sovia.search.columns.loading import Loaded, load, renewed
from sovia.search.columns.texts import Texts
from sovia.search.errors import FilterTooLarge
from sovia.search.filters import SORTS, WHOLE, Likeness, Stack, View
from sovia.search.finding import count, page, world_of
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import EVERYTHING, Holds, Meaning
from sovia.search.language.parser import parse
from sovia.search.making import tiles_and_sections
from sovia.search.resolving import meaning_now

STACKS: Sequence[Stack] = ("parent", "none", "family", "batch")


async def meaning_of(session: AsyncSession, user_id: UUID, typed: str) -> Meaning:
    """What a text means now."""
    return await meaning_now(session, user_id, parse(typed).document, Moment(clock.now(), ZoneInfo("UTC")))


def plain(found: Any) -> list[Any]:
    """Tiles and sections so that they can be compared."""
    tiles, sections = found
    shown = tiles.ids if tiles.shown is None else tiles.shown
    return [tiles.ids.tolist(), tiles.ratios.tolist(), tiles.flags.tolist(), shown.tolist(), sections]


@pytest.mark.parametrize("seed", range(3))
async def test_random_filters_find_the_same_in_memory_and_in_the_database(
    session: AsyncSession, user_id: UUID, seed: int
) -> None:
    posts, _ = await measured_library(session, user_id, seed)
    await gathered(session, user_id, posts, random.Random(seed))
    loaded = await load(session, user_id)
    moment = Moment(clock.now(), ZoneInfo("UTC"))
    for number, document in enumerate(filters(seed + 100, 60)):
        try:
            wanted = await meaning_now(session, user_id, document, moment)
        except FilterTooLarge:
            continue
        stack = STACKS[number % 4]
        view = View(wanted, stack=stack)
        world = await world_of(loaded, session, user_id, wanted)
        assert plain(await tiles_and_sections(session, user_id, view, world)) == plain(
            await tiles_and_sections(session, user_id, view)
        )
        assert viewing.facets(world, wanted, stack) == await queries.facets(session, user_id, wanted, stack)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("sort", SORTS)
async def test_every_order_is_the_same_in_memory(session: AsyncSession, user_id: UUID, sort: Any, stack: Stack) -> None:
    posts = await make_library(session, user_id, 60)
    alike = tuple(Likeness(post.id, post.root_id, at % 5 * WHOLE // 4) for at, post in enumerate(posts) if at % 3)
    collection = str(uuid4()) if sort == "manual" else 7
    for typed in ("", "fox -type:video"):
        view = View(await meaning_of(session, user_id, typed), sort, collection, "Asia/Tokyo", stack, alike)
        world = await world_of(await load(session, user_id), session, user_id, view.filter)
        here, there = [await tiles_and_sections(session, user_id, view, one) for one in (world, None)]
        assert plain(here) == plain(there)


@pytest.mark.parametrize("sort", ["date_desc", "date_asc", "rating", "name", "random"])
async def test_pages_are_the_same_in_memory(database: Database, sort: Any) -> None:
    user_id = await committed_library(database)
    columns = Keeper(database)
    async with database.begin() as session:
        view = View(await meaning_of(session, user_id, "red OR fox OR has:children"), sort)
        here, there, cursors = [], [], []
        cursor = following = None
        while True:
            ids, cursor = await page(columns, session, user_id, view, limit=7, cursor=cursor)
            same, following = await queries.page_of_stacks(session, user_id, view, limit=7, cursor=following)
            here, there, cursors = [*here, *ids], [*there, *same], [*cursors, cursor == following]
            if cursor is None:
                break
        assert (here, all(cursors), following) == (there, True, None)
        assert len(here) == await count(columns, session, user_id, view.filter) > 20
        assert await count(columns, session, user_id, view.filter, most=5) == 5


async def committed_library(database: Database) -> UUID:
    """A library that other sessions see."""
    async with database.begin() as session:
        user_id = UUID(str(await session.scalar(text("SELECT id FROM users"))))
        await make_library(session, user_id, 40)
        await touch(session, user_id)
    return user_id


async def same_as_loaded(session: AsyncSession, user_id: UUID, kept: Loaded) -> None:
    """Every column is as if it had just been read."""
    fresh = await load(session, user_id)
    rows = kept.columns.rows_of(fresh.columns.ids)
    for name, column in fresh.columns.of.items():
        found = kept.columns.of[name][rows]
        if name in kept.names:
            assert [kept.names[name].texts[at] for at in found] == [fresh.names[name].texts[at] for at in column]
        elif name == "text":
            for word in ("fox", "red", "storm", "new text", "海"):
                asked = Holds(searchable(word))
                assert (kept.texts.holding(asked)[found] == fresh.texts.holding(asked)[column]).all()
        else:
            assert np.array_equal(found, column, equal_nan=name == "duration")
    roots = fresh.columns.ids[fresh.columns.roots]
    assert (kept.columns.ids[kept.columns.roots[rows]] == roots).all()
    assert int(kept.columns.of["alive"].sum()) == int(fresh.columns.of["alive"].sum())


async def test_every_change_is_followed(session: AsyncSession, user_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.search.columns.texts.SEGMENT", 5)
    posts = await make_library(session, user_id, 30)
    kept = await load(session, user_id)

    async def follows() -> None:
        nonlocal kept
        await touch(session, user_id)
        found = await renewed(session, user_id, kept)
        assert found is not None
        kept = found
        await same_as_loaded(session, user_id, kept)

    mine = Post.user_id == user_id
    root = posts[0]
    for number in range(8):
        await make_post(session, user_id, prompt=f"new text {number}", parent=root, model=f"other {number}")
        await follows()
    await session.execute(update(Post).where(mine, Post.kind == "video").values(media_state="refused", thumbnail="ab"))
    await follows()
    await session.execute(update(Post).where(mine, Post.id == root.id).values(deleted_at=NOON))
    await follows()
    await session.execute(update(Post).where(mine, Post.id == root.id).values(deleted_at=None, liked=None))
    await follows()
    await session.execute(delete(Post).where(mine, Post.root_id == root.id, Post.parent_id.is_not(None)))
    await follows()
    await follows()


async def test_a_change_that_was_open_when_the_library_was_read_is_seen_later(database: Database) -> None:
    user_id = await committed_library(database)
    columns = Keeper(database)
    async with database.begin() as reading:
        before = await columns.of(reading, user_id)
        assert before is not None
    async with database.begin() as early, database.begin() as late:
        await make_post(early, user_id, prompt="early")
        await make_post(late, user_id, prompt="late")
        # The later one commits first.
        await touch(late, user_id)
        await late.commit()
        async with database.begin() as reading:
            between = await columns.of(reading, user_id)
        await touch(early, user_id)
        await early.commit()
    async with database.begin() as reading:
        after = await columns.of(reading, user_id)
        assert between is not None
        assert after is not None
        assert [len(one.columns) - len(before.columns) for one in (between, after)] == [1, 2]
        await same_as_loaded(reading, user_id, after)


async def test_what_is_rolled_back_was_never_seen(database: Database) -> None:
    user_id = await committed_library(database)
    columns = Keeper(database)
    async with database.begin() as session:
        before = await columns.of(session, user_id)
        await make_post(session, user_id, prompt="never")
        await touch(session, user_id)
        during = await columns.of(session, user_id)
        await session.rollback()
    assert before is not None
    assert during is not None
    assert len(before.columns) == len(during.columns)


async def test_too_many_changes_are_read_as_a_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = await committed_library(database)
    columns = Keeper(database)
    async with database.begin() as session:
        await columns.of(session, user_id)
    monkeypatch.setattr(loading, "MOST_CHANGES", 3)
    async with database.begin() as session:
        await session.execute(update(Post).where(Post.user_id == user_id).values(liked=True))
        await touch(session, user_id)
    async with database.begin() as session:
        found = await columns.of(session, user_id)
        assert found is not None
        await same_as_loaded(session, user_id, found)


async def test_who_was_away_for_long_or_sees_another_database_reads_everything(
    session: AsyncSession, user_id: UUID
) -> None:
    now = await horizon_now(session)
    await make_post(session, user_id)
    post_ids = {post_id async for post_id in await session.stream_scalars(text("SELECT id FROM posts"))}
    assert (await changed_since(session, user_id, now))[1] == post_ids

    for other in ({"at": now.at - timedelta(hours=13)}, {"database": 1}, {"horizon": now.horizon + 1000}):
        stale = type(now)(**(vars(now) | other))
        assert (await changed_since(session, user_id, stale))[1] is None
    await session.execute(update(PostChange).values(ids=None))
    assert (await changed_since(session, user_id, now))[1] is None


async def test_a_large_library_is_answered_by_the_database_until_it_is_read(database: Database) -> None:
    user_id = await committed_library(database)
    columns = Keeper(database, soon=3)
    async with database.begin() as session:
        wanted = await meaning_of(session, user_id, "fox")
        assert await columns.of(session, user_id) is None
        found = await count(columns, session, user_id, wanted)
        await columns._kept[user_id].loading  # type: ignore[misc]
        assert await columns.of(session, user_id) is not None
        assert await count(columns, session, user_id, wanted) == found > 0
    await columns.close()


async def test_a_library_that_cannot_be_read_is_answered_by_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Loaded:
        raise MemoryError

    user_id = await committed_library(database)
    monkeypatch.setattr(keeping, "load", broken)
    async with database.begin() as session:
        assert await count(Keeper(database), session, user_id, await meaning_of(session, user_id, "fox")) > 0


async def test_libraries_that_nobody_looks_at_make_room(database: Database) -> None:
    user_id = await committed_library(database)
    columns = Keeper(database, most_bytes=1)
    async with database.begin() as session:
        await columns.of(session, user_id)
        await columns.of(session, uuid4())
        assert user_id not in columns._kept
        assert await count(columns, session, user_id, EVERYTHING) == 40


LETTERS = st.sampled_from("ab é7_ -'\"\\.%灯台の水 ไทย قطة ば")
TEXT = st.one_of(st.text(LETTERS, max_size=40), st.text("ab", min_size=60, max_size=150)).map(searchable)


@given(st.lists(TEXT.filter(bool), min_size=1, max_size=12, unique=True), st.data())
@example(["ab" * 40, "a b"], None)
def test_texts_hold_what_comparing_them_would_find(texts: list[str], data: st.DataObject | None) -> None:
    known = Texts()
    first = len(texts) // 2
    prints = np.arange(1, len(texts) + 1, dtype=np.int64) * 3
    known.meet(prints[:first])
    known.gather(list(zip(prints[:first].tolist(), texts[:first], strict=True)))
    known.finish()
    for print_, later in zip(prints[first:], texts[first:], strict=True):
        assert len(known.meet(np.array([print_]))) == 1
        # Asked before the text is there too, so that an answer that was kept would be found out.
        known.holding(Holds("a"))
        known.add([later])
    if data is None:
        asked = Holds("b a"), Holds("ab" * 35), Holds("a", prefix=True)
    else:
        whole = data.draw(st.sampled_from(texts))
        start = data.draw(st.integers(0, len(whole) - 1))
        asked = (Holds(whole[start : data.draw(st.integers(start + 1, len(whole)))]),)
    for wanted in (*asked, Holds("a")):
        found = known.holding(wanted)[known.numbered(prints)]
        if wanted.prefix:
            assert found.tolist() == [one == "a b" or one.startswith("ab") for one in texts]
        else:
            assert found.tolist() == [wanted.text in one for one in texts]
