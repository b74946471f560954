"""JSON that is no filter is refused, wherever in it the mistake is."""

from typing import Any

import pytest

from sovia.search.language.wire import BadDocument, document_from


def nested(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"is": "text", "text": "a"}
    for _ in range(levels):
        found = {"is": "not", "of": found}
    return {"version": 1, "filter": found}


def leaf(**more: Any) -> dict[str, Any]:
    return {"version": 1, "filter": more}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (None, ""),
        ([], ""),
        ("x", ""),
        ({"version": 2, "filter": None}, "version"),
        (leaf(), "filter"),
        (leaf(**{"is": "every"}), "filter"),
        (leaf(**{"is": "text"}), "filter"),
        (leaf(**{"is": "text", "text": ""}), "filter"),
        (leaf(**{"is": "text", "text": {"$ne": None}}), "filter"),
        (leaf(**{"is": "text", "text": "a", "sql": "1=1"}), "filter"),
        (leaf(**{"is": "prefix", "text": "a"}), "filter"),
        (leaf(**{"is": "field", "field": "modle", "values": ["a"]}), "filter"),
        (leaf(**{"is": "field", "field": "model", "values": []}), "filter"),
        (leaf(**{"is": "field", "field": "model", "values": [1]}), "filter"),
        (leaf(**{"is": "field", "field": "model", "operator": "~", "values": ["a"]}), "filter"),
        (leaf(**{"is": "field", "field": "model", "operator": ">", "values": ["a"]}), "filter"),
        (leaf(**{"is": "field", "field": "width", "operator": "..", "values": ["1"]}), "filter"),
        (leaf(**{"is": "all", "of": [{"is": "text", "text": "a"}, {"is": "field"}]}), "filter.of.1"),
        (leaf(**{"is": "not", "of": {"is": "any", "of": {"is": "text", "text": "a"}}}), "filter.of.of"),
        (leaf(**{"is": "all", "of": [{"is": "text", "text": "a"}] * 201}), "filter.of"),
        (leaf(**{"is": "any", "of": [{"is": "field", "field": "model", "values": ["a"] * 150}] * 2}), ""),
        (leaf(**{"is": "text", "text": '"' * 6000}), "filter"),
        (nested(64), ""),
    ],
)
def test_what_is_no_filter_is_refused(given: object, path: str) -> None:
    with pytest.raises(BadDocument) as refused:
        document_from(given)

    assert refused.value.path.startswith(path)
    assert refused.value.message


@pytest.mark.parametrize("levels", [65, 200, 10_000, 100_000])
def test_depth_is_refused_before_it_is_gone_into(levels: int) -> None:
    with pytest.raises(BadDocument, match="levels"):
        document_from(nested(levels))


def test_the_deepest_filter_is_read() -> None:
    assert document_from(nested(63)).filter is not None
