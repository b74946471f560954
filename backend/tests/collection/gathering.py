"""What people do with collections, through HTTP."""

from typing import Any

import httpx

from sovia.library.models import Post


async def made(client: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    answer = await client.post("/api/collections", json={"name": "Foxes"} | given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def inside(client: httpx.AsyncClient, collection: dict[str, Any]) -> list[str]:
    answer = await client.get(f"/api/collections/{collection['id']}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def found(client: httpx.AsyncClient, typed: str) -> set[str]:
    answer = await client.get("/api/cards", params={"filter": typed})
    assert answer.status_code == 200, (typed, answer.text[:300])
    return {card["root_id"] for card in answer.json()["cards"]}


async def put(client: httpx.AsyncClient, collection: dict[str, Any], *posts: Post) -> dict[str, Any]:
    given = {"ids": [str(post.id) for post in posts]}
    answer = await client.post(f"/api/collections/{collection['id']}/items", json=given)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def undo(client: httpx.AsyncClient, answer: dict[str, Any], how: str = "undo") -> dict[str, Any]:
    done = await client.post(f"/api/operations/{answer['operation']['id']}/{how}")
    assert done.status_code == 200, done.text
    return dict(done.json())
