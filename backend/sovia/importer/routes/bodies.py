"""Bodies of requests, read whole up to a limit."""

import re

from fastapi import Request

from sovia.importer.errors import BodyTooLarge, Malformed

MAX_BODY = 50_000_000
JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;|$)", re.IGNORECASE)


def is_json(request: Request) -> bool:
    """Whether the body says that it is JSON."""
    return JSON_TYPE.match(request.headers.get("content-type", "")) is not None


def announced(request: Request) -> int:
    """How long the body says it is; 0 when it does not say."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


async def json_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """The whole body as it came, unless it is too large; `BodyTooLarge` before the rest is read.

    `Malformed` when it does not say that it is JSON: a page of another site can send a form without asking us first.
    """
    if not is_json(request):
        raise Malformed("Send JSON, and say so: Content-Type: application/json.")
    if announced(request) > limit:
        raise BodyTooLarge(limit)
    held = bytearray()
    async for block in request.stream():
        held += block
        if len(held) > limit:
            raise BodyTooLarge(limit)
    return bytes(held)
