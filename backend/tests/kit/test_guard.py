"""The door: hosts that are answered, sites that may ask, headers on every answer."""

import asyncio

import httpx
import pytest

PATHS = ("/", "/api/stats", "/media/https_/x", "/docs", "/health", "/derived/x/320.webp")
OURS = ("127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST:8000")
FOREIGN = (
    "evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1:8001",
    "localhost.",
    "",
    "evil.example:8000",
    "[::1]evil",
)


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", PATHS)
async def test_no_host_but_ours_is_answered(client: httpx.AsyncClient, path: str, host: str) -> None:
    answer = await client.get(path, headers={"Host": host})

    assert (answer.status_code, answer.json()["error"]) == (421, "wrong_host")


@pytest.mark.parametrize("host", OURS)
async def test_our_hosts_are_answered(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/api/stats", headers={"Host": host})).status_code == 200


async def test_two_hosts_are_refused(client: httpx.AsyncClient) -> None:
    headers = [("Host", "127.0.0.1:8000"), ("Host", "evil.example")]

    assert (await client.get("/api/stats", headers=headers)).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8080.evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_foreign_sites_change_nothing(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for path in ("/api/media/00000000-0000-4000-8000-000000000001/like", "/api/import", "/api/imports"):
        answer = await client.post(path, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "foreign_site")


async def test_our_own_page_may_change_things(client: httpx.AsyncClient) -> None:
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}

    answer = await client.post("/api/media/00000000-0000-4000-8000-000000000001/like", headers=headers)

    assert answer.json()["error"] == "post_not_found"


async def test_media_cannot_be_embedded_by_other_sites(client: httpx.AsyncClient) -> None:
    """SEC26."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "video"}

    assert (await client.get("/media/https_/x", headers=headers)).status_code == 403


async def test_a_link_from_elsewhere_opens_the_page(client: httpx.AsyncClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert (await client.get("/", headers=headers)).status_code == 200


async def test_an_allowed_origin_reads_and_only_reads(client: httpx.AsyncClient) -> None:
    headers = {"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-site"}

    read = await client.get("/api/stats", headers=headers)
    asked = await client.options("/api/stats", headers=headers)

    assert read.headers["access-control-allow-origin"] == "http://localhost:8080"
    assert (read.status_code, asked.status_code) == (200, 204)
    assert "access-control-allow-origin" not in (await client.get("/api/stats")).headers


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
async def test_every_answer_carries_the_safe_headers(client: httpx.AsyncClient, path: str) -> None:
    """SEC27."""
    headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "content-security-policy" in headers


@pytest.mark.parametrize(
    "path",
    ["/.env", "/backend/sovia/app.py", "/alembic.ini", "/.git/config", "/docker-compose.yml", "/archive/", "/../x"],
)
async def test_nothing_of_the_project_folder_is_served(client: httpx.AsyncClient, path: str) -> None:
    """SEC04: the folder of the project is no folder of the web."""
    answer = await client.get(path)

    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


async def test_the_page_runs_only_its_own_script(client: httpx.AsyncClient) -> None:
    """SEC50, S100."""
    answer = await client.get("/")
    policy = answer.headers["content-security-policy"]

    assert "script-src 'sha256-" in policy
    assert "worker-src blob:;" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    same = await client.get("/index.html", headers={"If-None-Match": answer.headers["etag"]})
    assert same.status_code == 304


async def test_a_request_without_host_is_refused(client: httpx.AsyncClient) -> None:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    app = client._transport.app  # type: ignore[attr-defined]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "server": ("x", 8000)}
    await app(scope, receive, send)

    assert sent[0]["status"] == 421
