"""Post to relatives: posts arrive, a worker makes the index, the app answers and follows when the library changes."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from makers import make_post

from sovia.account.service import LOCAL_USER
from sovia.kit import dispatch
from sovia.kit.db import Database
from sovia.kit.settings import Settings, current
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.similarity import tasks


@pytest.fixture
def own_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SOVIA_HOME", str(settings.home))
    current.cache_clear()
    yield settings.home
    monkeypatch.undo()
    current.cache_clear()


async def add(database: Database, *prompts: str) -> list[Post]:
    async with database.begin() as session:
        posts = [await make_post(session, LOCAL_USER, prompt=prompt) for prompt in prompts]
        await touch(session, LOCAL_USER)
    return posts


@pytest.mark.usefixtures("own_home")
async def test_post_finds_relatives(database: Database, live_client: httpx.AsyncClient) -> None:
    assert tasks.catch_up
    city, rain, fox = await add(database, "a neon city at night", "neon rain, a city", "red fox in the snow")
    path = f"/api/media/{city.id}/similar"

    before = await live_client.get(path)
    await dispatch.work(database, drain=True)
    built = await live_client.get(path)
    (late,) = await add(database, "a neon city at night, again")
    stale = await live_client.get(path)
    await dispatch.work(database, drain=True)
    after = await live_client.get(path)

    assert (before.json(), before.headers["X-Similar-Index"]) == ([], "building")
    assert [hit["id"] for hit in built.json()] == [str(rain.id)]
    assert stale.headers["X-Similar-Behind"] == "1"
    assert [hit["id"] for hit in after.json()] == [str(late.id), str(rain.id)]
    assert str(fox.id) not in after.text
