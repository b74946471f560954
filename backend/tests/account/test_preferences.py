"""Preferences through HTTP."""

from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User

PATH = "/api/users/me/preferences"


async def test_preferences_begin_with_the_defaults_and_are_made_once(client: httpx.AsyncClient, user_id: UUID) -> None:
    """S052."""
    first = await client.get(PATH)
    again = await client.get(f"/api/users/{user_id}/preferences")

    assert first.json()["preferences"]["layout"] == {
        "view_mode": "masonry", "density": "comfortable", "columns": "auto",
    }  # fmt: skip
    assert first.json() == again.json()
    assert first.headers["etag"] == '"1"'


async def test_new_preferences_replace_the_old_ones(client: httpx.AsyncClient) -> None:
    wanted = {"layout": {"density": "compact"}, "columns": 4, "odd": ["\u0000", None, 1.5, True]}

    answer = await client.put(PATH, json={"preferences": wanted})

    assert answer.json()["preferences"] == wanted | {"odd": ["\ufffd", None, 1.5, True]}
    assert (await client.get(PATH)).json() == answer.json()


async def test_two_pages_do_not_overwrite_each_other(client: httpx.AsyncClient) -> None:
    """S052."""
    read = (await client.get(PATH)).headers["etag"]
    one = await client.put(PATH, json={"preferences": {"a": 1}}, headers={"If-Match": read})
    other = await client.put(PATH, json={"preferences": {"b": 1}}, headers={"If-Match": read})

    assert one.status_code == 200
    assert (other.status_code, other.json()["error"]) == (412, "preferences_changed")
    assert (await client.get(PATH)).json()["preferences"] == {"a": 1}
    newer = await client.put(PATH, json={"preferences": {"b": 1}}, headers={"If-Match": one.headers["etag"]})
    assert newer.status_code == 200


@pytest.mark.parametrize("match", ["x", '"99"', "-1", "9" * 50])
async def test_a_version_that_is_none_fits_nothing(client: httpx.AsyncClient, match: str) -> None:
    answer = await client.put(PATH, json={"preferences": {}}, headers={"If-Match": match})

    assert answer.status_code == 412


async def test_preferences_of_others_are_not_found(client: httpx.AsyncClient, session: AsyncSession) -> None:
    """S052, SEC48."""
    other = User(id=uuid4(), name="somebody else")
    session.add(other)
    await session.flush()

    for asked in (str(other.id), str(uuid4()), "you"):
        path = f"/api/users/{asked}/preferences"
        answers = [await client.get(path), await client.put(path, json={"preferences": {}})]
        assert [answer.json()["error"] for answer in answers] == ["user_not_found"] * 2
    assert [user["name"] for user in (await client.get("/api/users")).json()] == ["me"]


@pytest.mark.parametrize("deep", [True, False])
async def test_preferences_have_bounds(client: httpx.AsyncClient, deep: bool) -> None:
    value: object = 1
    for _ in range(20 if deep else 0):
        value = [value]
    given = {"a": value} if deep else {str(number): number for number in range(6000)}

    answer = await client.put(PATH, json={"preferences": given})

    assert (answer.status_code, answer.json()["error"]) == (422, "too_many_preferences")
