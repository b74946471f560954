"""Lists of missing files: each line means one file to the program that reads it, whatever its address holds."""

import shlex
from urllib.parse import quote

import httpx
import pytest
from importer.records import root

from sovia.importer import listing

HOSTILE = [
    "https://a.example/a\nurl = file:///etc/passwd",
    "https://a.example/a\r\n  out=../../.bashrc",
    "https://a.example/-o/etc/x",
    'https://a.example/"\noutput = "x',
    'https://a.example/a\\"b',
    "https://a.example/\t dir=/",
    "https://a.example/#comment",
    "https://a.example/\u2028\u0085x",
    "https://a.example/\x00\x1b[31m",
]
PATHS = ["https_/a.example/x", 'https_/a.example/"x"', "https_/a.example/a\\b", "https_/a.example/ x", "https_/-o"]


@pytest.mark.parametrize("url", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", ["txt", "aria2", "curl"])
def test_no_address_begins_a_line_of_its_own(url: str, path: str, form: listing.Format) -> None:
    entry = listing.line_of(url, path, form)

    lines = entry.splitlines()
    assert entry.endswith("\n")
    assert len(lines) == (1 if form == "txt" else 2)
    assert lines[0].removeprefix('url = "').startswith("https://a.example/")
    if form == "aria2":
        assert lines[1].startswith("  out=https_/")
    if form == "curl":
        assert [len(shlex.split(line)) for line in lines] == [3, 3]
        assert shlex.split(lines[1])[2] == path


async def test_each_target_stands_once_and_inside_the_media_folder(live_client: httpx.AsyncClient) -> None:
    odd = [root(n, mediaUrl=f"https://a.example/{quote(one)}") for n, one in enumerate(HOSTILE, 10)]
    same = [root(n, mediaUrl="https://a.example/same") for n in range(1, 5)]
    away = root(30, mediaUrl="https://a.example/../../../etc/passwd")
    await live_client.post("/api/import", json=[*odd, *same, away])

    aria2 = (await live_client.get("/api/files/missing?format=aria2")).text
    plain = (await live_client.get("/api/files/missing?format=txt")).text

    targets = [line.removeprefix("  out=") for line in aria2.split("\n") if line.startswith("  out=")]
    assert len(targets) == len(set(targets)) == len(plain.splitlines())
    assert targets.count("https_/a.example/same") == 1
    for one in targets:
        assert one.startswith("https_/")
        assert ".." not in one.split("/")
