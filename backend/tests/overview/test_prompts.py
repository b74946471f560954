"""The library of prompts through HTTP against plain counting and plain sorting."""

from base64 import urlsafe_b64encode
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from makers import NOON, make_library, make_post
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.kit.paging import cursor_of
from sovia.library.models import Post
from sovia.library.service.versions import touch

EARLY = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
async def library(session: AsyncSession, user_id: UUID) -> list[Post]:
    posts = await make_library(session, user_id, 120)
    children = [post for post in posts if post.parent_id]
    for post in posts[::7]:
        post.thumbnail = "ab" * 32
    for post in children[::3]:
        # As an import leaves a child that has no words of its own.
        root = next(one for one in posts if one.id == post.root_id)
        post.prompt, post.search_text, post.words = "", "", []
        post.inherited_prompt, post.prompt_hash = root.prompt, root.prompt_hash
    await session.flush()
    await session.execute(text("ANALYZE posts"))
    return posts


def said(post: Post) -> str:
    return post.original_prompt or post.prompt or post.inherited_prompt


def uses(posts: list[Post]) -> dict[str, list[Post]]:
    """The posts of each prompt."""
    found = defaultdict(list)
    for post in posts:
        if said(post) and post.deleted_at is None:
            found[said(post)].append(post)
    return found


def as_answered(prompt: str, posts: list[Post]) -> dict[str, Any]:
    dates = sorted(post.created_at for post in posts if post.created_at)
    custom = sum(post.mode == "custom" for post in posts)
    return {
        "prompt": prompt,
        "usage_count": len(posts),
        "mode_type": "parent" if not custom else "custom" if custom == len(posts) else "both",
        "first_used": dates[0].isoformat().replace("+00:00", "Z") if dates else None,
        "last_used": dates[-1].isoformat().replace("+00:00", "Z") if dates else None,
    }


async def pages(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    """All rows, page by page."""
    found, cursor = [], None
    while True:
        answer = await client.get("/api/prompts", params=asked | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        found += answer.json()["prompts"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            assert answer.json()["total"] == len(found)
            return found


@pytest.mark.parametrize("sort", ["usage", "recent", "alpha"])
@pytest.mark.parametrize("limit", [7, 500])
async def test_prompts_are_counted_and_ordered(
    client: httpx.AsyncClient, library: list[Post], sort: str, limit: int
) -> None:
    """S050."""
    found = await pages(client, sort=sort, limit=limit)

    expected = {prompt: as_answered(prompt, posts) for prompt, posts in uses(library).items()}
    assert {row["prompt"]: {name: row[name] for name in expected[row["prompt"]]} for row in found} == expected
    assert len(found) == len(expected)
    order = {
        "usage": lambda row: (-row["usage_count"], row["last_used"] is None, _later(row)),
        "recent": lambda row: (row["last_used"] is None, _later(row)),
        "alpha": lambda row: row["prompt"].encode(),
    }[sort]
    assert [order(row) for row in found] == sorted(order(row) for row in found)


def _later(row: dict[str, Any]) -> float:
    return -datetime.fromisoformat(row["last_used"]).timestamp() if row["last_used"] else 0


async def test_the_filter_of_a_prompt_finds_its_stacks(client: httpx.AsyncClient, library: list[Post]) -> None:
    rows = (await client.get("/api/prompts", params={"limit": 12, "samples": 3})).json()["prompts"]

    for row in rows:
        posts = uses(library)[row["prompt"]]
        answer = await client.get("/api/media", params={"filter": row["filter"], "limit": 100})
        assert {post["id"] for post in answer.json()} == {str(post.root_id) for post in posts}
        newest = sorted(posts, key=lambda post: (post.created_at or EARLY, post.id), reverse=True)
        seen = sorted(newest[:24], key=lambda post: post.thumbnail is None)
        assert [card["id"] for card in row["sample_posts"]] == [str(post.id) for post in seen[:3]]
        assert row["id"] == str(newest[0].id)


async def test_numbers_equal_plain_counting(client: httpx.AsyncClient, library: list[Post]) -> None:
    """S050."""
    found = (await client.get("/api/prompts/stats")).json()

    by_prompt = uses(library)
    custom = sum(post.mode == "custom" for post in library)
    normal = sum(post.mode == "normal" for post in library)
    most_used = found.pop("most_used_prompts")
    assert found == {
        "total_unique_prompts": len(by_prompt),
        "total_custom_prompts": sum(any(p.mode == "custom" for p in posts) for posts in by_prompt.values()),
        "total_parent_prompts": sum(any(p.mode != "custom" for p in posts) for posts in by_prompt.values()),
        "custom_mode_count": custom,
        "normal_mode_count": normal,
        "custom_mode_percentage": round(100 * custom / (custom + normal), 1),
    }
    assert [row["usage_count"] for row in most_used] == sorted(map(len, by_prompt.values()), reverse=True)[:10]


@pytest.mark.parametrize(
    "typed", ["fox", "red fox", "RED", '"red fox"', "-fox", "海", "灯台", "قطة", "cafe", "%%", "__", "nothing here"]
)
async def test_prompts_are_found_by_their_words(client: httpx.AsyncClient, library: list[Post], typed: str) -> None:
    found = (await client.get("/api/prompts/search", params={"q": f"{typed} "})).json()

    def has(post: Post) -> bool:
        words = [typed.strip('"')] if typed.startswith('"') else typed.lower().split()
        return all(
            (word[1:] not in post.search_text) if word.startswith("-") else word in post.search_text for word in words
        )

    own = {said(post) for post in library if said(post) and has(post)}
    if typed == "-fox":
        own &= {row["prompt"] for row in found["prompts"]}
    rows = {row["prompt"]: row["usage_count"] for row in found["prompts"]}
    assert found["count"] == len(rows) <= 50
    assert found["total"] >= len(rows)
    everything = uses(library)
    assert all(count == len(everything[prompt]) for prompt, count in rows.items())
    assert own == set(rows) if found["total"] <= 50 and typed != "-fox" else own >= set(rows)


@pytest.mark.parametrize("exact", [True, False])
async def test_clips_are_found_by_the_prompt_that_made_them(
    client: httpx.AsyncClient, library: list[Post], exact: bool
) -> None:
    """S050."""
    prompt = next(said(post) for post in library if post.kind == "video" and " " not in said(post) and said(post))
    clips = [post for post in library if post.kind == "video"]
    expected = {str(post.root_id) for post in clips if (said(post) == prompt if exact else prompt in said(post))}

    first = (await client.get("/api/videos/by-prompt", params={"prompt": prompt, "exact": exact, "limit": 2})).json()
    found, cursor = [post["id"] for post in first["posts"]], first["next_cursor"]
    while cursor:
        asked = {"prompt": prompt, "exact": exact, "limit": 2, "cursor": cursor}
        page = (await client.get("/api/videos/by-prompt", params=asked)).json()
        found, cursor = found + [post["id"] for post in page["posts"]], page["next_cursor"]

    assert (first["prompt"], first["exact_match"], first["count"]) == (prompt, exact, len(expected))
    assert sorted(found) == sorted(expected)


async def test_a_change_is_seen_at_once_and_posts_in_the_trash_are_not(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    async def shown() -> list[tuple[str, int]]:
        return [(row["prompt"], row["usage_count"]) for row in await pages(client)]

    posts = [await make_post(session, user_id, prompt=prompt) for prompt in ("red fox", "red fox", "storm")]
    await touch(session, user_id)
    before = await shown()
    posts[0].deleted_at = posts[2].deleted_at = NOON
    await session.flush()
    await touch(session, user_id)

    assert before == [("red fox", 2), ("storm", 1)]
    assert await shown() == [("red fox", 1)]


async def test_long_hostile_and_right_to_left_prompts_come_back_as_they_are(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    prompts = ['<img src=x onerror="alert(1)">', "`);alert(1)//", "قطة على السطح", "x" * 20_000, "100% _red_"]
    for prompt in prompts:
        await make_post(session, user_id, prompt=prompt)

    assert sorted(row["prompt"] for row in await pages(client, sort="alpha", limit=2)) == sorted(prompts)
    assert (await client.get("/api/prompts/search", params={"q": "0% _r"})).json()["prompts"][0][
        "prompt"
    ] == "100% _red_"


async def test_a_cursor_of_another_list_is_refused(client: httpx.AsyncClient, library: list[Post]) -> None:
    good = (await client.get("/api/prompts", params={"limit": 2})).json()["next_cursor"]
    made = [
        cursor_of("usage", 1, 2, "zz"),
        cursor_of("usage", 1.5, 2, "00" * 16),
        cursor_of("usage", True, 2, "00" * 16),
    ]
    wrong = [
        cursor_of(),
        cursor_of("usage", 1, 2, 3),
        cursor_of("usage", 1, 2, "00" * 15),
        "x",
        "\udfff".encode("utf-8", "replace").decode(),
    ]
    for cursor in [*made, *wrong]:
        answer = await client.get("/api/prompts", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["error"]) == (422, "bad_prompt_cursor"), cursor
    assert (await client.get("/api/prompts", params={"cursor": good, "sort": "recent"})).status_code == 422
    huge = urlsafe_b64encode(f'["usage",{10**30},-{10**30},"{"00" * 16}"]'.encode()).decode()
    assert (await client.get("/api/prompts", params={"cursor": huge})).status_code == 422


async def test_prompts_of_another_user_are_not_shown(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    other = User(id=uuid4(), name="somebody else")
    session.add(other)
    await session.flush()
    theirs = await make_post(session, other.id, prompt="a secret", kind="video")
    await make_post(session, user_id, prompt="red fox", created_at=NOON - timedelta(days=1))

    assert [row["prompt"] for row in await pages(client)] == ["red fox"]
    for asked in ({"prompt": "a secret", "exact": True}, {"prompt": "a secret"}):
        assert (await client.get("/api/videos/by-prompt", params=asked)).json()["count"] == 0
    assert (await client.get("/api/prompts/search", params={"q": "secret"})).json()["count"] == 0
    found = await client.get("/api/media", params={"filter": f"same-prompt:{theirs.id}"})
    assert found.json() == []
