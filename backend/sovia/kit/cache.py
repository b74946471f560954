"""The cache of counted and computed answers: Redis when there is one, else memory; its absence slows, never breaks."""

import logging
import warnings
from uuid import UUID

from cashews import Cache

SCHEMA = "v1"


class AnswerCache:
    """Ready answers as bytes by user and key, each with a time to live in seconds.

    Keys carry the user and the schema version, so that neither users nor releases share answers.
    """

    def __init__(self, redis_url: str, ttl: int) -> None:
        # It would log a whole traceback for every command while Redis is away; `is_well` tells what matters.
        logging.getLogger("cashews").setLevel(logging.CRITICAL)
        self._cache = Cache()
        self._ttl = ttl
        self.kind = "redis" if redis_url else "memory"
        if redis_url:
            # A frozen Redis would cost the client library's default of two seconds a call.
            self._cache.setup(redis_url, socket_connect_timeout=0.25, socket_timeout=0.25, suppress=True)
        else:
            self._cache.setup("mem://?check_interval=10&size=20000")

    async def get(self, user_id: UUID, key: str, version: int) -> bytes | None:
        """The answer stored for exactly this library version, or nothing.

        Every write bumps the version in its own transaction, so a stale answer is never returned,
        with any number of server processes and also when Redis was away during the write.
        """
        found = await self._cache.get(_key(user_id, key))
        if not isinstance(found, bytes):
            return None
        stamp, _, body = found.partition(b"\n")
        return body if stamp == str(version).encode() else None

    async def latest(self, user_id: UUID, key: str) -> bytes | None:
        """The answer that was stored last, of whatever version; its reader must know whether it may be old."""
        found = await self._cache.get(_key(user_id, key))
        return found.partition(b"\n")[2] if isinstance(found, bytes) else None

    async def put(self, user_id: UUID, key: str, version: int, value: bytes) -> None:
        """Keep an answer, made from this library version, for the configured time."""
        await self._cache.set(_key(user_id, key), b"%d\n%b" % (version, value), expire=self._ttl)

    async def is_well(self) -> bool:
        """Whether a value can be written and read back."""
        probe = f"sovia:{SCHEMA}:health"
        await self._cache.set(probe, b"1", expire=10)
        return bool(await self._cache.get(probe))

    async def close(self) -> None:
        """Let go of connections."""
        with warnings.catch_warnings():
            # The cache library still calls the Redis client's older name for closing.
            warnings.simplefilter("ignore", DeprecationWarning)
            await self._cache.close()


def _key(user_id: UUID, key: str) -> str:
    return f"sovia:{SCHEMA}:{user_id}:{key}"
