"""GET /api/media/{id}/similar through the app and a real database."""

from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest
from makers import make_library, make_post
from similarity.brute_force import BruteForce
from sqlalchemy import delete, func, select, update

from sovia.account.models import User
from sovia.account.service import LOCAL_USER
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.jobs import Job
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.similarity import ranking
from sovia.similarity.collecting import Document
from sovia.similarity.vectors import Recipe

Run = Callable[..., Awaitable[dict | None]]
REFERENCE = {
    *("id", "user_id", "create_time", "prompt", "original_prompt", "media_type", "media_url", "mime_type"),
    *("model_name", "like_status", "child_posts"),
}
NOBODY = "5ca1ab1e-0000-4000-8000-000000000000"


def as_document(post: Post) -> Document:
    modes = {post.mode, *(post.stack_modes if post.parent_id is None else ())} - {None}
    text = post.original_prompt or post.prompt or post.inherited_prompt
    return Document(post.id, post.root_id, Recipe(post.model, frozenset(modes)), text)


async def add(database: Database, **given: object) -> Post:
    async with database.begin() as session:
        post = await make_post(session, LOCAL_USER, **given)
        await touch(session, LOCAL_USER)
    return post


async def change(database: Database, post: Post, **values: object) -> None:
    async with database.begin() as session:
        await session.execute(update(Post).where(Post.id == post.id).values(updated_at=clock.now(), **values))
        await touch(session, LOCAL_USER)


async def similar(client: httpx.AsyncClient, post: Post, **parameters: object) -> list[tuple[str, float]]:
    answer = await client.get(f"/api/media/{post.id}/similar", params=parameters)
    assert answer.status_code == 200
    return [(hit["id"], hit["score"]) for hit in answer.json()]


async def test_order_through_http_equals_brute_force(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    """S043."""
    async with database.begin() as session:
        posts = await make_library(session, LOCAL_USER, 120)
        await touch(session, LOCAL_USER)
    await run()
    oracle = BruteForce([as_document(post) for post in posts])

    for anchor in [post for post in oracle.documents if post.text][:25]:
        answer = await live_client.get(f"/api/media/{anchor.id}/similar?limit=20")
        expected = [(str(post_id), score) for post_id, score in oracle.relatives(anchor, 20)]
        assert [(hit["id"], hit["score"]) for hit in answer.json()] == expected


async def test_a_hit_is_a_listed_post_with_score_reasons_and_card(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    anchor = await add(database, prompt="neon rain over the harbour", mode="custom")
    other = await add(database, prompt="neon rain in winter", mode="custom")
    await run()

    hits = (await live_client.get(f"/api/media/{anchor.id}/similar")).json()

    assert [hit["id"] for hit in hits] == [str(other.id)]
    assert set(hits[0]) >= REFERENCE
    assert set(hits[0]["why"]["words"]) == {"neon", "rain"}
    assert hits[0]["why"]["others"] == 0
    assert hits[0]["why"]["boosts"] == ["same model", "same mode"]
    assert hits[0]["card"]["id"] == str(other.id)


async def test_a_stack_is_neither_its_own_relative_nor_twice_another_s(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    mine, other = await add(database, prompt="red fox"), await add(database, prompt="red storm")
    async with database.begin() as session:
        parents = [await session.get_one(Post, (LOCAL_USER, root.id)) for root in (mine, other)]
        children = [await make_post(session, LOCAL_USER, parent=parent, prompt="red fox") for parent in parents]
        await touch(session, LOCAL_USER)
    await run()

    assert [hit for hit, _ in await similar(live_client, mine)] == [str(children[1].id)]
    assert [hit for hit, _ in await similar(live_client, children[0])] == [str(children[1].id)]


async def test_equal_scores_come_in_the_order_of_ids(
    database: Database, run: Run, live_client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "FIRST_GROUP", 1)
    posts = [await add(database, prompt="red fox") for _ in range(12)]
    await run()
    ids = sorted(str(post.id) for post in posts[1:])

    assert [hit for hit, _ in await similar(live_client, posts[0], limit=5)] == ids[:5]
    assert [hit for hit, _ in await similar(live_client, posts[0], limit=20)] == ids


async def test_arabic_and_chinese_prompts_have_relatives(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    """S045."""
    posts = [await add(database, prompt=text) for text in ("مدينة في الليل", "مَدِينَةٌ قديمة", "夜晚的城市", "城市的夜晚")]
    await run()

    assert [hit for hit, _ in await similar(live_client, posts[0])] == [str(posts[1].id)]
    assert [hit for hit, _ in await similar(live_client, posts[2])] == [str(posts[3].id)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{NOBODY}/similar", 404),
        ("not-an-id/similar", 422),
        (f"{NOBODY}/similar?limit=0", 422),
        (f"{NOBODY}/similar?limit=21", 422),
        (f"{NOBODY}/similar?limit=many", 422),
    ],
)
@pytest.mark.parametrize("built", [True, False])
async def test_nonsense_is_refused_with_and_without_an_index(
    run: Run, live_client: httpx.AsyncClient, path: str, status: int, built: bool
) -> None:
    """S043."""
    if built:
        await run()

    assert (await live_client.get(f"/api/media/{path}")).status_code == status


async def test_a_strangers_post_is_not_found_and_never_a_relative(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    stranger = uuid4()
    mine = await add(database, prompt="red fox")
    async with database.begin() as session:
        session.add(User(id=stranger, name="stranger", created_at=clock.now()))
        await session.flush()
        theirs = await make_post(session, stranger, prompt="red fox")
    await run()

    assert await similar(live_client, mine) == []
    assert (await live_client.get(f"/api/media/{theirs.id}/similar")).status_code == 404


async def test_without_an_index_it_is_wanted_once(
    database: Database, own_home: None, live_client: httpx.AsyncClient
) -> None:
    post = await add(database, prompt="red fox")

    answers = [await live_client.get(f"/api/media/{post.id}/similar") for _ in range(3)]

    assert [(answer.json(), answer.headers["X-Similar-Index"]) for answer in answers] == [([], "building")] * 3
    async with database.begin() as session:
        assert await session.scalar(select(func.count()).where(Job.kind == "similarity.catch_up")) == 1


async def test_a_stale_index_says_how_far_it_is_behind(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    """S044."""
    anchor = await add(database, prompt="red fox")
    await run()
    fresh = await live_client.get(f"/api/media/{anchor.id}/similar")
    late = [await add(database, prompt="red fox at sea") for _ in range(2)]

    stale = await live_client.get(f"/api/media/{anchor.id}/similar")
    await run()
    caught_up = await live_client.get(f"/api/media/{anchor.id}/similar")

    assert "X-Similar-Behind" not in fresh.headers
    assert (stale.headers["X-Similar-Behind"], stale.json()) == ("2", [])
    assert "X-Similar-Behind" not in caught_up.headers
    assert {hit["id"] for hit in caught_up.json()} == {str(post.id) for post in late}


async def test_a_new_post_asks_with_its_own_words_before_it_is_indexed(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    old = await add(database, prompt="red fox at sea")
    await run()
    new = await add(database, prompt="a fox")

    assert [hit for hit, _ in await similar(live_client, new)] == [str(old.id)]


async def test_what_changed_since_is_never_shown_by_its_old_words(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    anchor = await add(database, prompt="red fox")
    posts = [await add(database, prompt=f"red fox {number}") for number in range(40)]
    await run()
    await change(database, posts[0], prompt="a lighthouse")
    await change(database, posts[1], deleted_at=clock.now())
    async with database.begin() as session:
        await session.execute(delete(Post).where(Post.id.in_([post.id for post in posts[2:30]])))
        await touch(session, LOCAL_USER)

    found = {hit for hit, _ in await similar(live_client, anchor, limit=20)}

    assert found == {str(post.id) for post in posts[30:]}


async def test_an_outdated_member_does_not_hide_its_stack(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    anchor, root = await add(database, prompt="red fox"), await add(database, prompt="red fox")
    async with database.begin() as session:
        parent = await session.get_one(Post, (LOCAL_USER, root.id))
        child = await make_post(session, LOCAL_USER, parent=parent, prompt="red storm")
    await run()
    await change(database, root, prompt="a lighthouse")

    assert [hit for hit, _ in await similar(live_client, anchor)] == [str(child.id)]


async def test_the_boost_follows_the_present_model(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    anchor, other = await add(database, prompt="red fox"), await add(database, prompt="red fox", model="aurora")
    await run()
    before = await similar(live_client, anchor)
    await change(database, other, model=anchor.model)

    assert (before, await similar(live_client, anchor)) == ([(str(other.id), 1.0)], [(str(other.id), 1.5)])


async def test_a_root_without_words_asks_with_those_of_its_stack(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    """S043."""
    root, other = await add(database, prompt=""), await add(database, prompt="red fox at sea")
    async with database.begin() as session:
        parent = await session.get_one(Post, (LOCAL_USER, root.id))
        await make_post(session, LOCAL_USER, parent=parent, prompt="red fox")
        await touch(session, LOCAL_USER)
    await run()

    assert [hit for hit, _ in await similar(live_client, root)] == [str(other.id)]


async def test_a_stack_without_words_gets_the_newest_of_its_kind(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    anchor = await add(database, prompt="", model="aurora", mode="normal")
    same_mode = await add(database, prompt="red fox", model=None, mode="normal")
    same_model = await add(database, prompt="", model="aurora")
    await add(database, prompt="red fox", model="imagine_h_1")
    await run()

    assert await similar(live_client, anchor) == [(str(same_model.id), 0.0), (str(same_mode.id), 0.0)]


async def test_an_answer_is_computed_once_for_each_version_of_the_library(
    database: Database, run: Run, live_client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S046."""
    asked: Counter[str] = Counter()
    best = ranking.Ranking.best
    monkeypatch.setattr(ranking.Ranking, "best", lambda *given: asked.update(["best"]) or best(*given))
    anchor = await add(database, prompt="red fox")
    await run()

    first, again = await similar(live_client, anchor), await similar(live_client, anchor)
    late = await add(database, prompt="red fox")
    await run()
    after = await similar(live_client, anchor)

    assert (first, again, [hit for hit, _ in after]) == ([], [], [str(late.id)])
    assert asked["best"] <= 3
