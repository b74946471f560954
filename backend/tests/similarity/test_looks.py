"""What looks alike: prints of pictures, made by a job, compared with all others; and mixed with prompt and recipe."""

import random

import httpx
import numpy as np
import pytest
from media_files import pixels
from PIL import Image
from similarity.asking import Run, add, ask, ids, paint

from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.similarity import tasks
from sovia.similarity.prints import Look, Looks, likeness, signed, unsigned
from sovia.similarity.service.printing import print_of


async def test_pictures_are_found_by_their_looks(
    database: Database, run: Run, live_client: httpx.AsyncClient, settings: Settings
) -> None:
    rng = random.Random(2)
    painted = []
    for number in range(14):
        image = pixels(160, 120, seed=number % 7 + 1)
        if number >= 7:
            # The same picture once more: smaller and a little noisier.
            noise = np.array([[rng.randrange(8) for _ in range(90 * 3)] for _ in range(70)], dtype=np.uint8)
            image = Image.fromarray(np.asarray(image.resize((90, 70))) // 9 * 8 + noise.reshape(70, 90, 3))
        painted.append(await paint(database, settings, image, f"{number:064x}"))

    before = await ask(live_client, painted[0], by="picture")
    assert await run(tasks.see_pictures) == {"seen": 14}
    after = await ask(live_client, painted[0], by="picture")

    assert (before["hits"], before["pictures_waiting"], after["pictures_waiting"]) == ([], 14, 0)
    assert ids(after)[0] == str(painted[7].id)
    assert after["hits"][0]["why"]["picture"]["structure"] > 0.7
    looks = [print_of(_thumbnail(settings, post.thumbnail or "")) for post in painted]
    all_looks = Looks(
        np.array([look.structure for look in looks], dtype=np.uint64),
        np.array([np.frombuffer(look.colours, np.uint8) for look in looks]),
    )
    scores = likeness(all_looks, looks[0])
    expected = sorted(
        (-round(float(score), 9), str(post.id))
        for score, post in zip(scores, painted, strict=True)
        if post is not painted[0] and score > 0
    )
    assert [(-hit["score"], hit["id"]) for hit in after["hits"]] == expected
    few = await ask(live_client, painted[0], by="picture", limit=3)
    assert ids(few) == [post_id for _, post_id in expected[:3]]
    far = await ask(live_client, painted[0], by="picture", rejected=[str(painted[7].id)])
    assert str(painted[7].id) not in ids(far)


def _thumbnail(settings: Settings, key: str) -> Image.Image:
    return Image.open(settings.derived_root / key[:2] / key / "160.webp")


async def test_broken_and_missing_thumbnails_stop_nothing(
    database: Database, run: Run, live_client: httpx.AsyncClient, settings: Settings
) -> None:
    broken = await paint(database, settings, pixels(20, 20), "aa" * 32)
    (settings.derived_root / "aa" / ("aa" * 32) / "160.webp").write_bytes(b"no picture")
    away = await add(database, thumbnail="bb" * 32)

    assert await run(tasks.see_pictures) == {"seen": 1}
    for post in (broken, away):
        answer = await ask(live_client, post, by="picture")
        assert (answer["hits"], answer["pictures_waiting"]) == ([], 1)


async def test_a_mix_weighs_every_way(
    database: Database, run: Run, live_client: httpx.AsyncClient, settings: Settings
) -> None:
    image = pixels(160, 120, seed=3)
    made = {"model": "aurora", "mode": "custom", "width": 9, "height": 9}
    anchor = await paint(database, settings, image, "01" * 32, prompt="red fox", **made)
    alike = await paint(database, settings, image, "02" * 32, prompt="a lighthouse", model="x", mode="normal")
    told = await paint(
        database, settings, pixels(160, 120, seed=6), "03" * 32, prompt="red fox", model="x", mode="normal"
    )
    recipe = await add(database, prompt="nothing", **made)
    await run()
    await run(tasks.see_pictures)

    async def first(**weights: float) -> str:
        answer = await ask(live_client, anchor, by="mix", weights={"prompt": 0, "picture": 0, "recipe": 0} | weights)
        return ids(answer)[0]

    assert await first(prompt=1) == str(told.id)
    assert await first(picture=1) == str(alike.id)
    assert await first(recipe=1) == str(recipe.id)
    assert await first(picture=1, prompt=0.2) == str(alike.id)
    both = (await ask(live_client, anchor, by="mix", weights={"prompt": 1, "picture": 1, "recipe": 0}))["hits"]
    scores = {hit["id"]: hit["score"] for hit in both}
    assert scores[str(alike.id)] == pytest.approx(0.5)


def test_prints_fit_the_database() -> None:
    for number in (0, 1, 1 << 63, (1 << 64) - 1):
        assert unsigned(signed(number)) == number
        assert -(1 << 63) <= signed(number) < 1 << 63
    same = Look(5, bytes(27))
    assert likeness(Looks(np.array([5], np.uint64), np.zeros((1, 27), np.uint8)), same).tolist() == [1.0]
