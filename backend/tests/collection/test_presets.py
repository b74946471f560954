"""Presets through HTTP."""

import httpx
import pytest


async def kept(client: httpx.AsyncClient, **given: object) -> dict[str, object]:
    answer = await client.post("/api/presets", json={"name": "Foxes"} | given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_preset_keeps_filter_and_view(client: httpx.AsyncClient) -> None:
    """S110."""
    view = {"layout": "masonry", "sort": "oldest", "columns": 4}
    one = await kept(client, filter="red,  fox  model:a", view=view)

    changed = await client.patch(f"/api/presets/{one['id']}", json={"name": "Red foxes"})
    listed = (await client.get("/api/presets")).json()
    gone = await client.delete(f"/api/presets/{one['id']}")

    assert (one["filter"], one["view"]) == ("red fox model:a", view)
    assert changed.json()["name"] == listed[0]["name"] == "Red foxes"
    assert listed[0]["view"] == view
    assert gone.status_code == 204
    assert (await client.get("/api/presets")).json() == []


async def test_there_is_one_default(client: httpx.AsyncClient) -> None:
    one = await kept(client, name="a", is_default=True)
    other = await kept(client, name="b", is_default=True)
    listed = (await client.get("/api/presets")).json()
    assert [(each["id"], each["is_default"]) for each in listed] == [(other["id"], True), (one["id"], False)]

    await client.patch(f"/api/presets/{one['id']}", json={"is_default": True})
    assert [each["name"] for each in (await client.get("/api/presets")).json() if each["is_default"]] == ["a"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "x" * 51}, "invalid_input"),
        ({"filter": "modle:a"}, "bad_filter"),
        ({"view": {"a": {}}}, "invalid_input"),
    ],
)  # fmt: skip
async def test_what_is_no_preset_is_refused(client: httpx.AsyncClient, given: dict[str, object], code: str) -> None:
    answer = await client.post("/api/presets", json={"name": "x"} | given)

    assert (answer.status_code, answer.json()["error"]) == (422, code)
