"""Every shape that people bring: what is taken of it, and what it is called in the report."""

import json
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from importer.every_shape import SHAPES
from importer.reading import as_bytes, reading_of
from importer.records import imported, posts_here, write_marks, written

from sovia.importer.export import Chunk, Export
from sovia.kit.db import Database


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_read(name: str, tmp_path: Path) -> None:
    content, shape, ids = SHAPES[name]

    found = reading_of(tmp_path, content)

    assert (found.shape, found.ids) == (shape, ids)
    assert [one for one in found.problems if one.severity == "error"] == []


@pytest.mark.parametrize("name", [name for name in SHAPES if not isinstance(SHAPES[name][0], bytes)])
def test_every_shape_is_read_in_any_layout(name: str, tmp_path: Path) -> None:
    content, shape, ids = SHAPES[name]

    found = reading_of(tmp_path, json.dumps(content, indent=4).replace("\n", "\r\n").encode("utf-16"))

    assert (found.shape, found.ids) == (shape, ids)
    assert [one for one in found.problems if one.severity == "error"] == []


@pytest.mark.parametrize("name", SHAPES)
def test_reading_goes_on_after_any_chunk(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 1)
    path = written(tmp_path, SHAPES[name][0], "upload")
    whole = chunks_of(path)

    for place, chunk in enumerate(whole):
        rest = chunks_of(path, after=chunk.records)
        # What is said of the whole file stands at its end, also when nothing is left to read.
        assert len(rest) == max(1, len(whole) - place - 1)
        if place < len(whole) - 1:
            assert [contents(one) for one in rest] == [contents(one) for one in whole[place + 1 :]]


def chunks_of(path: Path, *, after: int = 0) -> list[Chunk]:
    """The export's chunks."""
    export = Export(path)
    try:
        return list(export.chunks(after=after))
    finally:
        export.close()


def contents(chunk: Chunk) -> tuple[object, ...]:
    """What a chunk brings."""
    return chunk.posts, chunk.problems, chunk.edges, chunk.children, chunk.records


@pytest.mark.parametrize("name", SHAPES)
async def test_every_shape_comes_in_once(name: str, database: Database, me: UUID, tmp_path: Path) -> None:
    content, shape, ids = SHAPES[name]

    report = await imported(database, me, tmp_path, content)
    marks = await write_marks(database)
    again = await imported(database, me, tmp_path, content)

    assert (report.shape, report.state, again.state) == (shape, "succeeded", "succeeded")
    assert (report.counts["new"], again.counts["new"], again.counts["changed"]) == (len(ids), 0, 0)
    assert await write_marks(database) == marks
    async with database.begin() as session:
        assert (await posts_here(session)).keys() == ids


@pytest.mark.parametrize("name", [name for name in SHAPES if not isinstance(SHAPES[name][0], bytes)])
async def test_every_shape_is_taken_in_one_request(name: str, live_client: httpx.AsyncClient) -> None:
    content, _, ids = SHAPES[name]
    kind = {"content-type": "application/json"}

    answers = [
        await live_client.post(path, content=as_bytes(content), headers=kind)
        for path in ("/api/import/validate", "/api/import", "/api/import")
    ]
    here = await live_client.post("/api/check-existing", json=sorted(ids))

    assert [answer.status_code for answer in answers] == [200, 200, 200], answers[0].text
    assert [answer.json()["errors"] for answer in answers[1:]] == [[], []]
    assert sorted(here.json()["existing_ids"]) == sorted(ids)
