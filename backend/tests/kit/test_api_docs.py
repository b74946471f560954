"""The interactive description of the API."""

import re

import httpx


async def test_docs_load_nothing_from_other_hosts(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.status_code == 200
    assert [address for address in named if address.startswith(("http", "//"))] == []
    for address in (address for address in named if address.startswith("/")):
        assert (await client.get(address)).status_code == 200


async def test_docs_answer_at_both_documented_addresses(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/docs")).headers["location"] == "/docs"
    assert (await client.get("/docs/../../etc/passwd")).status_code == 404
    assert (await client.get("/docs/secret.js")).status_code == 404


async def test_every_documented_path_is_described(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]

    documented = {
        "/api/media", "/api/stats", "/api/models", "/api/check-existing", "/api/import", "/api/import/validate",
        "/api/media/{post_id}/like", "/api/media/{post_id}/similar", "/media/{path}", "/health", "/api/search",
    }  # fmt: skip
    assert documented <= {path.replace("{path:path}", "{path}") for path in paths}
