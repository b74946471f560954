"""Every field is in the docs, and the documented list of fields is the table's."""

import re
from pathlib import Path

from sovia.search.language.fields import NAMES, PROMPT

PAGE = Path(__file__).resolve().parents[3] / "docs" / "formats" / "filter.md"


def test_the_docs_list_the_fields_that_there_are() -> None:
    table = PAGE.read_text().partition("## The fields")[2].partition("##")[0]
    listed = [
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)
    ]

    assert sorted(listed) == sorted([*NAMES, PROMPT])
