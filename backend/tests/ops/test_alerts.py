"""News of smart collections that found something new."""

from uuid import UUID

import orjson
import pytest
from makers import make_post

from sovia.collection.schemas import NewCollection
from sovia.collection.service import collections
from sovia.kit import clock
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database
from sovia.library.service.versions import touch
from sovia.ops import alerts
from sovia.ops.events import Feed, Listener


def told(listener: Listener) -> list[int]:
    """What the page would hear of collections now."""
    news = [orjson.loads(one.data)["new_count"] for one in listener.waiting.values() if one.kind == "collection"]
    listener.waiting.clear()
    return news


async def test_a_page_hears_of_new_matches_once(
    database: Database, user_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "LOOK_EVERY_SECONDS", 0.0)
    async with database.begin() as session:
        await collections.create(session, user_id, NewCollection(name="Foxes", filter="fox", alert=True))
        await collections.create(session, user_id, NewCollection(name="Quiet", filter="fox"))
    cache = AnswerCache("", 60)
    feed = Feed(database, cache)
    listener = Listener(user_id, clock.now())
    feed._listeners.add(listener)

    await feed.look()
    assert told(listener) == [0]
    async with database.begin() as session:
        await make_post(session, user_id, prompt="a new fox")
        await touch(session, user_id)
    await feed.look()
    assert told(listener) == [1]
    await feed.look()
    assert told(listener) == []
    await cache.close()
