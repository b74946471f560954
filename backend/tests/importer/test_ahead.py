"""Large files are read in a process of their own; what comes in is the same."""

from pathlib import Path
from uuid import UUID

import pytest
from importer.records import child, imported, root, snapshot

from sovia.importer.errors import NotAnExport
from sovia.importer.service import import_file
from sovia.kit.db import Database

RECORDS = [root(n, *(child(n * 100 + k, of=n, prompt=f"wanderer {n % 3}") for k in range(n % 4))) for n in range(1, 40)]


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.importer.ahead.LARGE_BYTES", 0)


@pytest.mark.usefixtures("all_are_large")
async def test_the_other_process_brings_the_same(
    database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = await imported(database, me, tmp_path, [*RECORDS, None, {"id": 5}])
    here = await snapshot(database)
    monkeypatch.setattr("sovia.importer.ahead.LARGE_BYTES", 1_000_000)

    again = await imported(database, me, tmp_path, [*RECORDS, None, {"id": 5}])

    assert report.counts["new"] == again.counts["same"] == report.counts["posts"] + report.counts["children"]
    assert report.counts["problems"] == again.counts["problems"] == 2
    assert await snapshot(database) == here


@pytest.mark.usefixtures("all_are_large")
async def test_what_is_no_export_is_said_as_ever(database: Database, me: UUID, tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    page.write_text("<html></html>")

    with pytest.raises(NotAnExport, match="web page"):
        await import_file(database, me, page)
