"""Signing in to a server that has a password."""

from collections.abc import AsyncIterator

import httpx
import pytest
from conftest import client_of

from sovia.app import create_app
from sovia.kit.db import Database
from sovia.kit.settings import Settings


@pytest.fixture
async def locked(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings.model_copy(update={"password": "open sesame"}))
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


async def test_without_a_password_everybody_on_this_machine_is_the_local_user(client: httpx.AsyncClient) -> None:
    me = (await client.get("/api/me")).json()

    assert (me["authenticated"], me["password_required"], me["name"]) == (True, False, "me")


@pytest.mark.parametrize("path", ["/api/stats", "/api/media", "/api/index", "/api/jobs", "/api/imports", "/api/facets"])
async def test_a_stranger_is_refused(locked: httpx.AsyncClient, path: str) -> None:
    answer = await locked.get(path)

    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
    assert (await locked.get("/api/me")).json()["authenticated"] is False


async def test_the_password_opens_and_signing_out_closes(locked: httpx.AsyncClient) -> None:
    answer = await locked.post("/api/auth/login", json={"password": "open sesame"})
    cookie = answer.headers["set-cookie"].lower()

    assert answer.status_code == 204
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert (await locked.get("/api/stats")).status_code == 200

    taken = dict(locked.cookies)
    await locked.post("/api/auth/logout")
    locked.cookies.update(taken)
    assert (await locked.get("/api/stats")).status_code == 401


async def test_a_wrong_password_is_refused_and_guessing_is_slowed(locked: httpx.AsyncClient) -> None:
    answers = [await locked.post("/api/auth/login", json={"password": f"guess {n}"}) for n in range(11)]

    assert {answer.json()["error"] for answer in answers[:10]} == {"wrong_password"}
    assert (answers[10].status_code, answers[10].json()["error"]) == (429, "too_many_tries")
    assert int(answers[10].headers["retry-after"]) > 0


async def test_a_malformed_password_is_not_echoed(locked: httpx.AsyncClient) -> None:
    answer = await locked.post("/api/auth/login", json={"password": ["hunter2"]})

    assert answer.status_code == 422
    assert "hunter2" not in answer.text
