"""The order by resemblance: index, cards and list against comparing every post with every other, the slow way."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from indexes import indexed
from makers import NOON, make_post
from similarity.asking import NOBODY, Run, add
from similarity.brute_force import BruteForce, random_documents
from sqlalchemy import select

from sovia.account.service import LOCAL_USER
from sovia.kit.db import Database, asyncpg_connection
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.similarity import queries
from sovia.similarity.collecting import Document
from sovia.similarity.service.resembling import LEAST_ALIKE

BANDS = ((0.9, "Nearly the same"), (0.6, "Close"), (0.35, "Related"), (0.0, "Something in common"))


async def library(database: Database, documents: list[Document]) -> None:
    """Posts with the prompts, recipes and stacks of some documents, all made at the same moment."""
    made: dict[UUID, Post] = {}
    async with database.begin() as session:
        for one in sorted(documents, key=lambda one: one.id != one.root_id):
            root = made.get(one.root_id)
            mode = min(one.recipe.modes, default=None)
            made[one.id] = await make_post(
                session, LOCAL_USER, id=one.id, parent=root, prompt=one.text, model=one.recipe.model, mode=mode,
                created_at=NOON,
            )  # fmt: skip
        await touch(session, LOCAL_USER)


async def documents_of(database: Database) -> list[Document]:
    """The posts as the index sees them."""
    async with database.begin() as session:
        ids = list(await session.scalars(select(Post.id).where(Post.user_id == LOCAL_USER)))
        return list((await queries.documents_by_id(await asyncpg_connection(session), LOCAL_USER, ids)).values())


async def listed(client: httpx.AsyncClient, **wanted: Any) -> list[str]:
    """All posts of the documented list, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        answer = await client.get("/api/media", params={**wanted, "limit": 7} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        found += [post["id"] for post in answer.json()]
        cursor = answer.headers.get("x-next-cursor")
        if cursor is None:
            return found


def expected(documents: list[Document], anchor: Document) -> list[str]:
    """The stacks, that of the anchor first, then the most alike; equal ones from the greatest id to the least."""
    found = BruteForce(documents).relatives(anchor, len(documents))
    roots = {one.id: one.root_id for one in documents}
    alike = sorted(((score, roots[one]) for one, score in found if score >= LEAST_ALIKE), reverse=True)
    return [str(anchor.root_id), *(str(root) for _, root in alike)]


def bands(documents: list[Document], anchor: Document) -> list[str]:
    """How alike the posts are, in words, each once; the anchor is where the most alike post is."""
    scores = [score for _, score in BruteForce(documents).relatives(anchor, len(documents)) if score >= LEAST_ALIKE]
    names = [next(name for least, name in BANDS if score >= least) for score in scores or [1.0]]
    return list(dict.fromkeys(names))


async def test_index_cards_and_list_are_in_the_order_of_brute_force(
    live_client: httpx.AsyncClient, database: Database, run: Run
) -> None:
    await library(database, random_documents(120, seed=4))
    await run()
    documents = await documents_of(database)
    asked = [one for one in documents if len(one.text.split()) > 2][:6]
    for anchor in asked:
        wanted = {"filter": f"similar:{anchor.id}", "sort": "resemblance"}
        right = expected(documents, anchor)

        cards = (await live_client.get("/api/cards", params=wanted)).json()["cards"]
        header, ratios, _ = await indexed(live_client, **wanted)

        assert [card["root_id"] for card in cards] == right
        assert await listed(live_client, **wanted) == right
        assert len(ratios) == len(right) == sum(one["count"] for one in header["sections"])
        assert [one["label"] for one in header["sections"]] == bands(documents, anchor)


async def test_the_named_posts_come_first_in_their_order_and_what_is_not_alike_last(
    live_client: httpx.AsyncClient, database: Database, run: Run
) -> None:
    whale = await add(database, prompt="a whale made of constellations")
    near = await add(database, prompt="a red fox awake in tall grass")
    far = await add(database, prompt="a red bicycle in a corner of the garden")
    fox = await add(database, prompt="a red fox asleep in tall grass")
    await run()

    async def order(typed: str) -> list[str]:
        answer = await live_client.get("/api/cards", params={"filter": typed, "sort": "resemblance"})
        return [card["id"] for card in answer.json()["cards"]]

    names = {str(one.id): name for one, name in ((whale, "whale"), (near, "near"), (far, "far"), (fox, "fox"))}
    either = [names[one] for one in await order(f"similar:{fox.id} OR whale OR bicycle")]
    assert either[:2] == ["fox", "near"]
    assert set(either) == {"fox", "near", "far", "whale"}
    assert [names[one] for one in await order(f"similar:{whale.id},{fox.id}")][:2] == ["whale", "fox"]
    assert [names[one] for one in await order(f"similar:{fox.id},{whale.id}")][:2] == ["fox", "whale"]


async def test_a_stack_stands_where_its_most_alike_post_does(
    live_client: httpx.AsyncClient, database: Database, run: Run
) -> None:
    fox = await add(database, prompt="a red fox asleep in tall grass")
    near = await add(database, prompt="a red fox awake")
    root = await add(database, prompt="a whale made of constellations")
    async with database.begin() as session:
        clip = await make_post(
            session, LOCAL_USER, parent=await session.merge(root), prompt="a red fox asleep in the tall grass"
        )
        await touch(session, LOCAL_USER)
    await run()
    wanted = {"filter": f"similar:{fox.id}", "sort": "resemblance"}

    stacked = (await live_client.get("/api/cards", params=wanted)).json()["cards"]
    flat = (await live_client.get("/api/cards", params={**wanted, "stack": "none"})).json()["cards"]

    assert [card["root_id"] for card in stacked] == [str(fox.id), str(root.id), str(near.id)]
    assert [card["id"] for card in flat] == [str(fox.id), str(clip.id), str(near.id)]


@pytest.mark.parametrize("typed", ["", "fox", f"-similar:{NOBODY}", "in:nothing"])
async def test_without_a_post_to_compare_with_it_says_what_to_do(live_client: httpx.AsyncClient, typed: str) -> None:
    for path in ("/api/index", "/api/cards", "/api/media", "/api/index/locate"):
        answer = await live_client.get(path, params={"filter": typed, "sort": "resemblance", "id": str(uuid4())})

        assert (answer.status_code, answer.json()["error"]) == (422, "nothing_to_resemble")
        assert "similar:" in answer.json()["message"]


async def test_a_post_that_is_not_there_orders_nothing(live_client: httpx.AsyncClient, database: Database) -> None:
    await add(database, prompt="a red fox asleep in tall grass")

    answer = await live_client.get("/api/cards", params={"filter": f"similar:{NOBODY}", "sort": "resemblance"})

    assert (answer.status_code, answer.json()["cards"]) == (200, [])
