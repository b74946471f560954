"""Every address of the app, found in the app itself, so that a new one is tested before anybody thinks of it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sovia.app import create_app
from sovia.kit.settings import Settings

IN_BRACES = re.compile(r"\{(\w+)(?::\w+)?\}")
SAFE = ("GET", "HEAD", "OPTIONS")
KEY = "ab" * 32
# What stands for each part of an address; a new kind of part must be given its own here.
EXAMPLES = {
    "post_id": "00000000-0000-4000-8000-000000000001",
    "import_id": "00000000-0000-4000-8000-000000000002",
    "job_id": "00000000-0000-4000-8000-000000000003",
    "path": "https_/assets.grok.com/users/u/1/content",
    "key": KEY,
    "name": "160.webp",
    "upload_id": "00000000-0000-4000-8000-000000000004",
    "collection_id": "00000000-0000-4000-8000-000000000005",
    "preset_id": "00000000-0000-4000-8000-000000000007",
    "user_id": "me",
    "operation_id": "00000000-0000-4000-8000-000000000006",
    "bucket": "new",
    "number": "0",
    "export_id": "00000000-0000-4000-8000-000000000005",
    "backup": "sovia-2025-11-21T020000Z",
    "root_id": "0123456789abcdef",
}


class Address(NamedTuple):
    """A method and a path with `{names}` in it."""

    method: str
    path: str

    def with_parts(self, **parts: str) -> str:
        """The path with its names replaced, by examples where nothing else is given."""
        return IN_BRACES.sub(lambda found: (EXAMPLES | parts)[found[1]], self.path)

    @property
    def parts(self) -> list[str]:
        """The names in the path."""
        return IN_BRACES.findall(self.path)

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.method not in SAFE


def addresses() -> list[Address]:
    """All of them, also those that are in no description."""
    app = create_app(Settings())
    return sorted({Address(method, route.path) for route in _routes(app.routes) for method in route.methods})


def parameters() -> list[tuple[Address, str]]:
    """Every described parameter in a path or a query, with its address."""
    described: dict[str, dict[str, Any]] = create_app(Settings()).openapi()["paths"]
    return [
        (Address(method.upper(), path), parameter["name"])
        for path, methods in described.items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] in ("path", "query")
    ]


def named(value: object) -> str:
    """How a test of an address is called."""
    return " ".join(value) if isinstance(value, Address) else str(value)


def _routes(several: Any) -> Iterator[Any]:
    for route in several:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from _routes(router.routes)
        else:
            yield route
