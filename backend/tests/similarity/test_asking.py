"""POST /api/similar and the families of a prompt, against doing it the slow way."""

import math
import random
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
from makers import make_library, make_post
from media_files import pixels
from similarity.asking import NOBODY, Run, add, ask, ids, paint
from sklearn.feature_extraction.text import TfidfVectorizer
from sqlalchemy import update

from sovia.account.models import User
from sovia.account.service import LOCAL_USER
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.similarity import tasks
from sovia.similarity.words import words


def text_of(post: Post) -> str:
    return post.original_prompt or post.prompt or post.inherited_prompt


class Oracle:
    """Every post against the mean of some less the mean of others."""

    def __init__(self, posts: list[Post]) -> None:
        self.posts = posts
        # The fit counts posts without words, as the index does.
        vectorizer = TfidfVectorizer(analyzer=words).fit([text_of(post) for post in posts])
        self.vectors = vectorizer.transform([text_of(post) for post in posts]).toarray()

    def best(
        self, anchors: list[Post], rejected: list[Post], among: set[UUID] | None, lowest: float
    ) -> list[tuple[str, float]]:
        asked = {post.id: self.vectors[at] for at, post in enumerate(self.posts) if post in [*anchors, *rejected]}
        query = np.mean([asked[post.id] for post in anchors], axis=0)
        if rejected:
            query = query - np.mean([asked[post.id] for post in rejected], axis=0)
        length = np.linalg.norm(query)
        if length == 0:
            return []
        query = query / length
        models = {post.model for post in anchors}
        model = models.pop() if len(models) == 1 else None
        modes = set.intersection(*(self._modes(post) for post in anchors))
        own = {post.root_id for post in [*anchors, *rejected]}
        best: dict[UUID, tuple[float, UUID]] = {}
        for post, cosine in zip(self.posts, (self.vectors @ query).tolist(), strict=True):
            boost = (1.5 if model and post.model == model else 1) * (1.2 if modes & self._modes(post) else 1)
            score = round(cosine * boost, 6)
            if score > 0 and score >= lowest and post.root_id not in own and (among is None or post.root_id in among):
                best[post.root_id] = min((-score, post.id), best.get(post.root_id, (0.0, post.id)))
        return [(str(post_id), -score) for score, post_id in sorted(best.values())]

    @staticmethod
    def _modes(post: Post) -> set[str]:
        return {name for name in (post.mode, *(post.stack_modes if post.parent_id is None else ())) if name}


async def test_several_anchors_less_rejected_ones_equal_brute_force(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    async with database.begin() as session:
        posts = await make_library(session, LOCAL_USER, 120, seed=5)
        await touch(session, LOCAL_USER)
    await run()
    oracle, rng = Oracle(posts), random.Random(5)
    worded = [post for post in posts if text_of(post)]
    videos = {post.root_id for post in posts if post.kind == "video"}

    for _ in range(12):
        chosen = rng.sample(worded, 5)
        anchors, rejected = chosen[: rng.randint(1, 3)], chosen[3 : rng.randint(3, 5)]
        scope = rng.choice(["", "type:video"])
        lowest = rng.choice([0.0, 0.3])
        answer = await ask(
            live_client,
            *anchors,
            rejected=[str(post.id) for post in rejected],
            filter=scope,
            threshold=lowest,
            limit=200,
        )
        expected = oracle.best(anchors, rejected, videos if scope else None, lowest)
        assert [hit["score"] for hit in answer["hits"]] == pytest.approx([score for _, score in expected], abs=2e-6)
        assert sorted(ids(answer)) == sorted(post_id for post_id, _ in expected)


async def test_words_and_boosts_make_the_score(database: Database, run: Run, live_client: httpx.AsyncClient) -> None:
    anchor = await add(database, prompt="neon rain over the harbour", mode="custom")
    await add(database, prompt="neon rain in winter", mode="custom")
    await run()

    hit = (await ask(live_client, anchor))["hits"][0]

    assert [word["word"] for word in hit["why"]["words"]] == ["neon", "rain"]
    assert hit["why"]["boosts"] == [{"name": "same model", "factor": 1.5}, {"name": "same mode", "factor": 1.2}]
    assert hit["score"] == pytest.approx(sum(word["share"] for word in hit["why"]["words"]) * 1.5 * 1.2)


async def test_words_that_say_something_are_named_and_the_rest_is_counted(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    anchor = await add(database, prompt="the fox and the owl are in the old barn with the red door by the lake")
    telling = await add(database, prompt="the fox and the owl in the old barn with the red roof by the sea", model="m")
    common = await add(database, prompt="the one and the other by the way", model="m")
    await run()

    answer = await ask(live_client, anchor)
    hits = {hit["id"]: hit for hit in answer["hits"]}
    why = hits[str(telling.id)]["why"]

    assert sorted(word["word"] for word in why["words"]) == ["barn", "fox", "old", "owl", "red"]
    assert why["others"]["count"] == 5
    cosine = sum(word["share"] for word in why["words"]) + why["others"]["share"]
    assert hits[str(telling.id)]["score"] == pytest.approx(cosine * math.prod(one["factor"] for one in why["boosts"]))
    assert hits[str(common.id)]["why"]["words"][0]["word"] == "the"
    assert hits[str(common.id)]["why"]["others"] == {"count": 0, "share": pytest.approx(0, abs=1e-6)}


async def test_own_family_is_left_out_unless_wanted(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    root = await add(database, prompt="red fox")
    async with database.begin() as session:
        parent = await session.get_one(Post, (LOCAL_USER, root.id))
        child = await make_post(session, LOCAL_USER, parent=parent, prompt="red fox")
        await touch(session, LOCAL_USER)
    await run()

    assert ids(await ask(live_client, root)) == []
    assert ids(await ask(live_client, root, exclude_family=False)) == [str(child.id)]


async def test_recipes_are_the_same_model_mode_and_size(
    database: Database, own_home: None, live_client: httpx.AsyncClient
) -> None:
    made = {"model": "aurora", "mode": "custom", "width": 512, "height": 768}
    anchor = await add(database, **made)
    same = await add(database, **made)
    other_size = await add(database, **made | {"width": 768})
    other_mode = await add(database, **made | {"mode": "normal", "width": 1})
    await add(database, model="x", mode="normal", width=1, height=1)

    found = (await ask(live_client, anchor, by="recipe"))["hits"]

    assert [(hit["id"], round(hit["score"], 2)) for hit in found] == [
        (str(same.id), 1),
        (str(other_size.id), 0.67),
        (str(other_mode.id), 0.33),
    ]
    assert found[1]["why"]["recipe"] == ["same model", "same mode"]
    assert ids(await ask(live_client, anchor, by="recipe", threshold=0.5)) == [str(same.id), str(other_size.id)]


async def test_families_by_how_much_of_the_prompt_is_the_same(
    database: Database, run: Run, live_client: httpx.AsyncClient
) -> None:
    said = (
        "a red fox sleeps under the old lighthouse at dusk, soft light on wet glass, far ships, gulls, a quiet harbour"
    )
    anchor = await add(database, prompt=said)
    exact = [await add(database, prompt=said) for _ in range(2)]
    normalised = await add(database, prompt=said.upper().replace(" at", ", at") + "!")
    turned = await add(database, prompt=" ".join(reversed(said.replace(",", "").split())))
    near = await add(database, prompt=said.replace("sleeps", "rests"))
    await add(database, prompt="a storm")
    await run()

    async def family(kind: str) -> set[str]:
        answer = (await live_client.get(f"/api/media/{anchor.id}/family", params={"kind": kind})).json()
        assert answer["count"] == len(answer["hits"])
        return {hit["id"] for hit in answer["hits"]}

    assert await family("exact") == {str(post.id) for post in exact}
    assert await family("normalised") == {str(post.id) for post in [*exact, normalised]}
    assert await family("near") == {str(post.id) for post in [*exact, normalised, turned, near]}


async def test_what_changed_and_what_is_another_s_is_not_shown(
    database: Database, run: Run, live_client: httpx.AsyncClient, settings: Settings
) -> None:
    stranger = uuid4()
    anchor = await paint(database, settings, pixels(60, 60), "01" * 32, prompt="red fox")
    gone = await paint(database, settings, pixels(60, 60), "02" * 32, prompt="red fox")
    async with database.begin() as session:
        session.add(User(id=stranger, name="stranger", created_at=clock.now()))
        await session.flush()
        theirs = await make_post(session, stranger, prompt="red fox", thumbnail="01" * 32)
    await run()
    await run(tasks.see_pictures)
    async with database.begin() as session:
        await session.execute(
            update(Post).where(Post.id == gone.id).values(deleted_at=clock.now(), updated_at=clock.now())
        )
        await touch(session, LOCAL_USER)

    for way in ("prompt", "picture", "recipe", "mix"):
        assert ids(await ask(live_client, anchor, by=way)) == []
    assert (await ask(live_client, anchor))["index"] == {"state": "ready", "behind": 1}
    assert (await live_client.get(f"/api/media/{anchor.id}/family")).json()["hits"] == []
    assert (await live_client.post("/api/similar", json={"anchors": [str(theirs.id)]})).status_code == 404
    assert (await live_client.get(f"/api/media/{theirs.id}/family")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"anchors": []}, 422),
        ({"anchors": [NOBODY]}, 404),
        ({"anchors": [NOBODY] * 51}, 422),
        ({"anchors": [NOBODY], "by": "smell"}, 422),
        ({"anchors": [NOBODY], "weights": {"prompt": 2}}, 422),
        ({"anchors": [NOBODY], "threshold": "NaN"}, 422),
        ({"anchors": [NOBODY], "more": 1}, 422),
    ],
)
async def test_nonsense_is_refused(own_home: None, live_client: httpx.AsyncClient, body: dict, status: int) -> None:
    assert (await live_client.post("/api/similar", json=body)).status_code == status


async def test_a_mistake_in_the_scope_is_named(
    database: Database, own_home: None, live_client: httpx.AsyncClient
) -> None:
    post = await add(database, prompt="red fox")
    for more, code in (({"filter": "colour:red"}, "bad_filter"), ({"filter": "a", "tz": "Moon/Sea"}, "unknown_zone")):
        answer = await live_client.post("/api/similar", json={"anchors": [str(post.id)], **more})
        assert (answer.status_code, answer.json()["error"]) == (422, code)


async def test_an_update_is_queued_once(own_home: None, live_client: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await live_client.post("/api/similar/update")).status_code == 202
    kinds = [job["kind"] for job in (await live_client.get("/api/jobs")).json()["jobs"]]
    assert sorted(kinds) == ["similarity.catch_up", "similarity.see_pictures"]
