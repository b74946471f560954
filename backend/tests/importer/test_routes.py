"""What imports say over HTTP afterwards: reports, problems, the list of missing files."""

from uuid import uuid4

import httpx
import pytest
from importer.records import root


@pytest.mark.parametrize("path", ["", "/problems", "/cancel"])
async def test_an_unknown_import_is_not_found(path: str, client: httpx.AsyncClient) -> None:
    address = f"/api/imports/{uuid4()}{path}"

    answer = await (client.post if path == "/cancel" else client.get)(address)

    assert (answer.status_code, answer.json()["error"]) == (404, "import_not_found")


async def test_missing_files_are_listed_once_each_in_three_formats(live_client: httpx.AsyncClient) -> None:
    same = root(2, mediaUrl=root(1)["mediaUrl"] + "?cache=1")
    odd = root(3, mediaUrl='https://a.example/a "b"\u00e9.png')
    await live_client.post("/api/import", json=[root(1), same, odd, root(4, mediaUrl="file:///etc/passwd")])

    plain, aria2, curl = [
        (await live_client.get("/api/files/missing", params={"format": form})).text for form in ("txt", "aria2", "curl")
    ]

    path = root(1)["mediaUrl"].removeprefix("https://")
    assert plain == f"https://a.example/a%20%22b%22\u00e9.png\n{root(1)['mediaUrl']}\n"
    assert f"{root(1)['mediaUrl']}\n  out=https_/{path}\n" in aria2
    assert f'url = "{root(1)["mediaUrl"]}"\noutput = "https_/{path}"\n' in curl
    assert 'output = "https_/a.example/a ~22b~22\u00e9.png"' in curl
    assert (await live_client.get("/api/files/missing?format=pdf")).status_code == 422
    assert (await live_client.get(f"/api/files/missing?import={uuid4()}")).status_code == 404
