"""Text, document and JSON mean the same, whichever one starts from."""

import json

from filter_strategies import DOCUMENTS, TEXTS
from hypothesis import given, settings

from sovia.search.language.document import Document, levels, terms
from sovia.search.language.parser import parse
from sovia.search.language.printer import print_filter
from sovia.search.language.wire import document_from, json_of


@given(DOCUMENTS)
@settings(max_examples=400, deadline=None)
def test_a_document_is_read_back_from_its_text(document: Document) -> None:
    parsed = parse(print_filter(document))

    assert parsed.problems == ()
    assert parsed.document == document


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_a_document_is_read_back_from_its_json(document: Document) -> None:
    assert document_from(json.loads(json.dumps(json_of(document)))) == document


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_text_is_read_or_its_mistakes_are_named(text: str) -> None:
    parsed = parse(text)
    printed = print_filter(parsed.document)

    assert print_filter(parse(printed).document) == printed
    assert parse(printed).problems == ()
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.start + problem.length <= len(text)
        assert problem.message


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_a_document_has_nothing_to_be_tidied(document: Document) -> None:
    again = Document(filter=document.filter)

    assert again == document
    assert document.filter is None or (levels(document.filter) >= 1 and terms(document.filter) >= 1)
