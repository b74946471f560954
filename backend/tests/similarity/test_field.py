"""`similar:` in filters: the posts like some posts, among everything else a filter can say."""

from uuid import uuid4

import httpx
import pytest
from makers import make_post
from similarity.asking import Run, add

from sovia.account.models import User
from sovia.kit.db import Database
from sovia.search import resembling


async def found(client: httpx.AsyncClient, text: str) -> set[str]:
    answer = await client.get("/api/cards", params={"filter": text})
    assert answer.status_code == 200, answer.text
    return {card["root_id"] for card in answer.json()["cards"]}


async def test_it_finds_what_is_like_a_post_and_the_post(
    live_client: httpx.AsyncClient, database: Database, run: Run
) -> None:
    fox = await add(database, prompt="a red fox asleep in tall grass")
    near = await add(database, prompt="a red fox awake in tall grass", liked=True)
    whale = await add(database, prompt="a whale made of constellations")

    assert await found(live_client, f"similar:{fox.id}") == {str(fox.id)}
    await run()

    assert await found(live_client, f"similar:{fox.id}") == {str(fox.id), str(near.id)}
    assert await found(live_client, f"similar:{fox.id} liked:yes") == {str(near.id)}
    assert await found(live_client, f"-similar:{fox.id}") == {str(whale.id)}
    assert await found(live_client, f"similar:{fox.id},{whale.id}") == {str(fox.id), str(near.id), str(whale.id)}
    made = {"name": "Like the fox", "is_smart": True, "filter": f"similar:{fox.id}"}
    assert (await live_client.post("/api/collections", json=made)).json()["item_count"] == 2
    thrown = await live_client.post("/api/posts/trash", json={"filter": f"similar:{fox.id}"})
    assert thrown.json()["changed"] == 2


async def test_a_clip_that_is_like_it_shows_its_stack_with_the_clip_on_top(
    live_client: httpx.AsyncClient, database: Database, run: Run
) -> None:
    fox = await add(database, prompt="a red fox asleep in tall grass")
    root = await add(database, prompt="a whale made of constellations")
    async with database.begin() as session:
        clip = await make_post(
            session, root.user_id, parent=await session.merge(root), prompt="a red fox in tall grass"
        )
    await run()

    answer = (await live_client.get("/api/cards", params={"filter": f"similar:{fox.id}"})).json()
    assert {(card["root_id"], card["id"]) for card in answer["cards"]} == {
        (str(fox.id), str(fox.id)), (str(root.id), str(clip.id)),
    }  # fmt: skip


async def test_what_is_nobody_s_or_somebody_else_s_finds_nothing(
    live_client: httpx.AsyncClient, database: Database, run: Run
) -> None:
    fox = await add(database, prompt="a red fox asleep in tall grass")
    async with database.begin() as session:
        other = User(id=uuid4(), name="other")
        session.add(other)
        await session.flush()
        theirs = await make_post(session, other.id, prompt="a red fox asleep in tall grass")
    await run()

    assert await found(live_client, f"similar:{theirs.id}") == set()
    assert await found(live_client, f"similar:{fox.id}") == {str(fox.id)}


@pytest.mark.parametrize("text", ["similar:x", "similar:", "similar:>5"])
async def test_other_values_are_mistakes(live_client: httpx.AsyncClient, text: str) -> None:
    answer = await live_client.get("/api/cards", params={"filter": text})
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_filter")


async def test_too_many_questions_are_refused(live_client: httpx.AsyncClient) -> None:
    """SEC22."""
    text = " OR ".join(f"similar:{uuid4()}" for _ in range(resembling.MOST_QUESTIONS + 1))
    answer = await live_client.get("/api/cards", params={"filter": text})
    assert (answer.status_code, answer.json()["error"]) == (422, "filter_too_large")
