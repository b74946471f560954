"""Statistics through HTTP against plain counting, and every row against the gallery its filter opens."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from makers import NOON, make_library, make_post
from search.test_meaning import measured_library
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.library.models import File, Post
from sovia.library.service.versions import touch

FIELDS = ("type", "model", "mode", "host", "ratio", "size")


@pytest.fixture
async def library(session: AsyncSession, user_id: UUID) -> list[Post]:
    return (await measured_library(session, user_id, seed=3))[0]


async def statistics(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    answer = await client.get("/api/statistics", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def found(client: httpx.AsyncClient, *filters: str, tz: str = "UTC") -> int:
    """How many stacks the gallery shows for filters that must all hold."""
    text = " ".join(f"({one})" for one in filters if one)
    answer = await client.get("/api/media", params={"filter": text, "tz": tz, "limit": 1})
    assert answer.status_code == 200, answer.text
    return int(answer.headers["x-total-count"])


def stacks_with(posts: Iterable[Post], values: Any) -> Counter[Any]:
    """How many stacks have a post with each value."""
    seen = defaultdict(set)
    for post in posts:
        seen[values(post)].add(post.root_id)
    return Counter({value: len(roots) for value, roots in seen.items()})


@pytest.mark.parametrize("asked", ["", "fox", "type:video -red", "liked:yes OR ratio:portrait"])
@pytest.mark.parametrize(("by", "tz"), [("day", "UTC"), ("week", "Pacific/Auckland"), ("month", "America/New_York")])
async def test_each_row_is_what_its_filter_finds(
    client: httpx.AsyncClient, library: list[Post], asked: str, by: str, tz: str
) -> None:
    answer = await statistics(client, filter=asked, by=by, tz=tz)

    rows = [*answer["timeline"], answer["undated"], *(row for field in FIELDS for row in answer[field])]
    assert sum(row["stacks"] for row in [*answer["timeline"], answer["undated"]]) == answer["totals"]["stacks"]
    told = [row for row in rows if row["filter"] and not row["filter"].startswith("host:")]
    assert len(told) > 10
    for row in told:
        assert await found(client, asked, row["filter"], tz=tz) == row["stacks"], row


async def test_counts_equal_plain_counting(client: httpx.AsyncClient, library: list[Post]) -> None:
    answer = await statistics(client)

    assert answer["totals"]["posts"] == len(library)
    assert answer["totals"]["stacks"] == sum(post.parent_id is None for post in library)
    assert answer["totals"]["videos"] == sum(post.kind == "video" for post in library)
    assert answer["totals"]["liked"] == sum(post.liked is True for post in library)
    assert answer["totals"]["prompts"] == len({post.prompt for post in library} - {""})
    hosts = stacks_with(library, lambda post: [*post.media_url.split("/"), "", "", ""][2] or None)
    assert {row["value"]: row["stacks"] for row in answer["host"]} == hosts
    models = stacks_with((post for post in library if post.model), lambda post: post.model)
    assert {row["value"]: row["stacks"] for row in answer["model"] if row["value"]} == models
    assert [row["stacks"] for row in answer["model"]] == sorted(
        (row["stacks"] for row in answer["model"]), reverse=True
    )


async def test_days_begin_where_the_person_is(client: httpx.AsyncClient, session: AsyncSession, user_id: UUID) -> None:
    late = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    await make_post(session, user_id, created_at=late)

    in_utc = await statistics(client, by="month")
    in_tokyo = await statistics(client, by="month", tz="Asia/Tokyo")

    assert [row["from"] for row in in_utc["timeline"]] == ["2025-12-01"]
    assert [(row["from"], row["to"]) for row in in_tokyo["timeline"]] == [("2026-01-01", "2026-01-31")]
    assert late.astimezone(ZoneInfo("Asia/Tokyo")).month == 1


async def test_a_file_of_several_posts_takes_its_room_once(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    posts = [await make_post(session, user_id, kind=kind) for kind in ("image", "image", "video")]
    places = ["https_/a", "https_/a", "https_/b"]
    for post, place in zip(posts, places, strict=True):
        about = {"role": "media", "position": 0, "url": "", "state": "present", "size_bytes": 1000}
        session.add(File(user_id=user_id, post_id=post.id, path=place, **about))
    await session.flush()

    answer = await statistics(client)

    assert answer["disk"] == [
        {"kind": "image", "files": 1, "bytes": 1000},
        {"kind": "video", "files": 1, "bytes": 1000},
    ]
    assert answer["totals"]["bytes"] == 2000
    assert [(row["value"], row["stacks"], row["posts"]) for row in answer["size"]] == [("size:<100kB", 3, 3)]


async def test_hostile_names_are_found_by_their_filters(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    names = ['"><svg onload=1>', "a*", "a, b", "x:y", "-no", ">5", "a..b", "OR", "\\", "((", "قطة", "a" * 200]
    for name in names:
        await make_post(session, user_id, model=name)
    await make_post(session, user_id, model="a" * 201)

    answer = await statistics(client)

    assert len(answer["model"]) == len(names) + 1
    for row in answer["model"]:
        assert (row["filter"] is None) is (len(row["value"]) > 200)
        if row["filter"]:
            assert await found(client, row["filter"]) == 1, row


async def test_an_answer_is_kept_until_the_library_changes(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    await make_library(session, user_id, 5)
    before = await statistics(client)
    await make_post(session, user_id, created_at=NOON - timedelta(days=900))
    kept = await statistics(client)
    await touch(session, user_id)
    after = await statistics(client)

    assert kept == before
    assert after["totals"]["stacks"] == before["totals"]["stacks"] + 1


async def test_nothing_of_another_user_is_counted(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    other = User(id=uuid4(), name="somebody else")
    session.add(other)
    await session.flush()
    await make_post(session, other.id)

    answer = await statistics(client)

    assert answer["totals"]["posts"] == 0
    assert answer["timeline"] == []
    assert all(answer[field] == [] for field in FIELDS)
