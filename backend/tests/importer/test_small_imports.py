"""Small imports within a request, on the documented paths: ask what is here, ask what would happen, do it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from importer.records import OWNER, child, number, root
from sqlalchemy import select

from sovia.library.models import Post

JSON = {"content-type": "application/json"}


def stacks(roots: int, children: int) -> list[dict[str, Any]]:
    """Roots that share these children, as unevenly as real ones."""
    owners = [n % roots for n in range(children)]
    return [root(n, *(child(10_000 + k, of=n) for k, owner in enumerate(owners) if owner == n)) for n in range(roots)]


async def test_import_twice_skips_everything(client: httpx.AsyncClient) -> None:
    posts = stacks(82, 446)

    first = (await client.post("/api/import", json={"posts": posts})).json()
    second = (await client.post("/api/import", json=posts)).json()

    assert first == {
        "posts_imported": 82, "child_posts_imported": 446, "posts_skipped": 0, "total_processed": 82, "errors": [],
    }  # fmt: skip
    assert [second[key] for key in ("posts_imported", "child_posts_imported", "posts_skipped", "total_processed")] == [
        0, 0, 82, 82,
    ]  # fmt: skip


async def test_three_bad_posts_of_a_thousand_are_named(client: httpx.AsyncClient) -> None:
    posts: list[Any] = [root(n) for n in range(1000)]
    posts[10], posts[500], posts[999] = None, {"id": "x"}, "text"

    answer = (await client.post("/api/import", json={"posts": posts})).json()

    assert (answer["posts_imported"], answer["total_processed"]) == (997, 1000)
    assert [(one["index"], one["id"]) for one in answer["errors"]] == [(10, None), (500, "x"), (999, None)]
    assert all(one["reason"] for one in answer["errors"])


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[", b"[[", b"]", b'"x"', b"NaN", b"null", b"<html>", b'{"posts": "x"}', b'{"posts": [NaN]}',
        b'{"posts": [{"id": "\\ud800", "prompt": "\\u0000"}]}', b'[{"id": 1e999, "prompt": "x"}]', b"\xff\xfe", b"\x00",
        b'[{"id": "a", "id": "b", "childPosts": {}, "createTime": true, "prompt": {"a": [NaN]}}]',
        b"[" * 5000, b'{"a":' * 5000, b'[{"id": ' + b"9" * 5000 + b', "prompt": "x"}]', b"{1:2}", b'{"posts": [1}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/import", "/api/import/validate", "/api/check-existing"])
async def test_hostile_bodies_are_answered(path: str, body: bytes, client: httpx.AsyncClient) -> None:
    answer = await client.post(path, content=body, headers=JSON)

    assert answer.status_code in (200, 413, 422)
    orjson.loads(answer.content)


@pytest.mark.parametrize("path", ["/api/import", "/api/import/validate", "/api/check-existing"])
async def test_only_what_says_that_it_is_json_is_read(path: str, client: httpx.AsyncClient) -> None:
    forms = (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "text/json,application/json",
    )
    others = ("application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json")

    refused = [await client.post(path, content=b"[]", headers={"content-type": kind}) for kind in forms]
    read = [await client.post(path, content=b"[]", headers={"content-type": kind}) for kind in others]

    assert {(one.status_code, one.json()["error"]) for one in refused} == {(422, "invalid_input")}
    assert {one.status_code for one in read} == {200}


async def test_a_body_too_large_is_refused(client: httpx.AsyncClient) -> None:
    announced = await client.post("/api/import", content=b"[]", headers=JSON | {"content-length": "60000000"})

    async def endless() -> Any:
        for _ in range(60):
            yield b" " * 1_000_000

    streamed = await client.post("/api/import", content=endless(), headers=JSON)

    assert [one.status_code for one in (announced, streamed)] == [413, 413]
    assert announced.json()["error"] == "too_large"


async def test_which_ids_are_here(client: httpx.AsyncClient) -> None:
    """S047."""
    await client.post("/api/import", json=[root(1), root(2)])
    ids = [number(1), number(2).upper(), number(1), *(str(uuid4()) for _ in range(9_997)), None, [], ""]

    bare = (await client.post("/api/check-existing", json=ids)).json()
    wrapped = (await client.post("/api/check-existing", json={"post_ids": [number(2), "no-uuid"]})).json()

    assert bare["existing_ids"] == [number(1), number(2)]
    assert len(bare["invalid_ids"]) == 3
    assert wrapped["existing_ids"] == [number(2)]


async def test_any_number_of_ids_may_be_asked_for(client: httpx.AsyncClient) -> None:
    """S047."""
    await client.post("/api/import", json=[root(1)])
    many = [number(n) for n in range(40_000)]

    here = await client.post("/api/check-existing", json=many)
    found = await client.post("/api/import/validate", json=[root(1), *({"id": one, "prompt": "x"} for one in many)])

    assert here.json()["existing_ids"] == [number(1)]
    assert (found.json()["existing_posts"], found.json()["new_posts"]) == (1, 39_999)


async def test_validate_says_what_an_import_would_find(client: httpx.AsyncClient, home: Path) -> None:
    await client.post("/api/import", json=[root(1)])
    lying = home / "https_" / "assets.grok.com" / "users" / OWNER / number(1) / "content"
    lying.parent.mkdir(parents=True)
    lying.write_bytes(b"bytes")
    posts = [root(1), root(2, child(3, of=2)), root(2), root(4, mediaUrl="file:///etc/passwd"), None]

    answer = (await client.post("/api/import/validate", json={"posts": posts})).json()

    assert (answer["existing_posts"], answer["new_posts"], answer["valid_files"]) == (1, 2, 1)
    assert answer["missing_files"] == sorted([root(2)["mediaUrl"], child(3, of=2)["mediaUrl"]])
    assert answer["can_import"] is True
    assert len(answer["invalid"]) == 2


async def test_validate_writes_nothing(client: httpx.AsyncClient, session: Any) -> None:
    await client.post("/api/import/validate", json=[root(1)])

    assert (await session.scalars(select(Post))).all() == []
