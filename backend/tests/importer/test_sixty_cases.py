"""All sixty edge cases of the provider's exports, each by its number."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from importer.records import imported, posts_here
from importer.sixty import CASES, ELSEWHERE, Case

from sovia.importer.errors import NotAnExport
from sovia.importer.queries import problems_of
from sovia.importer.service import Report
from sovia.kit.db import Database

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", CASES)
async def test_the_case_comes_in_as_it_should(name: str, database: Database, me: UUID, tmp_path: Path) -> None:
    case: Case = CASES[name]

    if case.refused:
        with pytest.raises(NotAnExport, match=case.refused):
            await imported(database, me, tmp_path, case.files[0])
        return
    report = Report(me, "", "", {}, 0)
    for content in case.files:
        report = await imported(database, me, tmp_path, content)

    async with database.begin() as session:
        here = await posts_here(session)
        codes = [one.code for one in await problems_of(session, report.import_id)]
    assert (codes if case.codes or "58" not in name else []) == case.codes
    assert {name: report.counts[name] for name in case.counts} == case.counts
    if case.posts:
        assert here.keys() == case.posts.keys()
    for post_id, expected in case.posts.items():
        assert {name: shown(getattr(here[post_id], name)) for name in expected} == expected


def shown(value: Any) -> Any:
    """Ids and times as text, anything else as it is."""
    return value if value is None or isinstance(value, str | int | float | list | dict) else str(value)


def test_every_case_has_a_test() -> None:
    numbers = {int(name[:2]) for name in CASES} | ELSEWHERE.keys()

    assert numbers == set(range(1, 61))
    for module, test in ELSEWHERE.values():
        assert f"def {test}(" in (TESTS / module).read_text(encoding="utf-8")
