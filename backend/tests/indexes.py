"""Reads the index of a view as the page does."""

import struct
from typing import Any

import httpx
import orjson


async def indexed(client: httpx.AsyncClient, **parameters: Any) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, shapes and flags of the index."""
    answer = await client.get("/api/index", params=parameters)
    assert answer.status_code == 200, answer.text
    count, header_bytes = struct.unpack("<4xII", answer.content[:12])
    rest = answer.content[12 + header_bytes :]
    return orjson.loads(answer.content[12 : 12 + header_bytes]), rest[:count], rest[count:]
