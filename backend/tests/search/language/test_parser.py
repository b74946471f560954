"""What texts mean, and what is said of mistakes."""

import pytest

from sovia.search.language.document import LONGEST_TEXT, MOST_LEVELS, MOST_TERMS
from sovia.search.language.parser import parse
from sovia.search.language.printer import print_filter


@pytest.mark.parametrize(
    ("text", "plainest"),
    [
        ("", ""),
        ("  red   fox ", "red fox"),
        ("red, fox, dusk", "red fox dusk"),
        ("red AND fox", "red fox"),
        ("NOT red", "-red"),
        ("a OR b c", "a OR b c"),
        ("(a OR b) c", "(a OR b) c"),
        ("((a b)) c", "a b c"),
        ("-(a OR b)", "-(a OR b)"),
        ("or and not", "or and not"),
        ('"red fox"', '"red fox"'),
        ('"fox"', "fox"),
        ("“red fox”", '"red fox"'),
        ('"say \\"hi\\""', '"say \\"hi\\""'),
        ("cat* -dog*", "cat* -dog*"),
        ("a - b", 'a "-" b'),
        ("16:9 灯:台", "16:9 灯:台"),
        ("（a OR b） c", "(a OR b) c"),
        ("\u200fقطة\u200f OR\u200e 灯台", "قطة OR 灯台"),
        ("type:clip TYPE:image", "type:video type:image"),
        ("type：video", "type:video"),
        ("model:a,b,a", "model:a,b,a"),
        ('model:"a b",c', 'model:"a b",c'),
        ("model:imagine* model:\"a b\"*", 'model:imagine* model:"a b"*'),
        ("file:here liked:true", "state:present liked:yes"),
        ("prompt:fox prompt:cat*,dog", "fox (cat* OR dog)"),
        ("-type:video -model:a,b", "-type:video -model:a,b"),
        ("date:2025-10..2025-11 date:>2025-10-01", "date:2025-10..2025-11 date:>2025-10-01"),
        ("date:2025.. date:..2025", "date:>=2025 date:<=2025"),
        ("date:last-1-day", "date:last-1-days"),
        ("duration:>1m30s duration:0:05", "duration:>90s duration:5s"),
        ("size:>2000kb size:1500000", "size:>2MB size:1.5MB"),
        ("width:≥1024px", "width:>=1024"),
        ("ratio:16x9 ratio:Portrait ratio:>1.50", "ratio:16:9 ratio:portrait ratio:>1.5"),
        ("id:{00000000000040008000000000000001}", "id:00000000-0000-4000-8000-000000000001"),
    ],
)  # fmt: skip
def test_texts_are_understood(text: str, plainest: str) -> None:
    parsed = parse(text)

    assert parsed.problems == ()
    assert print_filter(parsed.document) == plainest


@pytest.mark.parametrize(
    ("text", "cured"),
    [
        ("red modle:x", "red model:x"),
        ("Typ:video", "type:video"),
        ("foo:bar", '"foo:bar"'),
        ("http://x/y", '"http://x/y"'),
        ("type:vidoe", "type:video"),
        ("type:image,vidoe", "type:image,video"),
        ("(red OR fox", "(red OR fox)"),
        ("red) fox", "red fox"),
        ("a () b", "a  b"),
        ('red "fox', 'red "fox"'),
        ("red OR", "red "),
        ("OR red", " red"),
        ("a OR OR b", "a  OR b"),
        ("AND red", " red"),
        ("red NOT", "red "),
        ("-OR b", "OR b"),
        ('""', ""),
        ("a*", "a"),
        ("***", '"***"'),
        ("r*d", '"r*d"'),
    ],
)
def test_mistakes_have_a_cure(text: str, cured: str) -> None:
    (problem, *_) = parse(text).problems

    assert problem.fix is not None
    assert text[: problem.start] + problem.fix + text[problem.start + problem.length :] == cured


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("a type:", 2, 5),
        ("a date:2025-13", 7, 7),
        ("width:1,wide", 8, 4),
        ("width:5..wide", 6, 7),
        ("ratio:>portrait", 6, 9),
        ("ratio:0:0", 6, 3),
        ("model:>x", 6, 2),
        ("date:0001", 5, 4),
        ("date:last-0-days", 5, 11),
        ("id:5", 3, 1),
        ("size:2PB", 5, 3),
        ("model:" + "x" * 201, 6, 201),
    ],
)
def test_mistakes_are_found_where_they_are(text: str, start: int, length: int) -> None:
    (problem,) = parse(text).problems

    assert (problem.start, problem.length) == (start, length)


def test_what_can_be_understood_beside_a_mistake_is() -> None:
    assert print_filter(parse("red modle:x type:video").document) == "red type:video"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "-" * 9_999 + "a",
        "(a OR " * 1_600,
        "-(" * 5_000,
        "a " * 5_000,
        "model:" + "a," * 4_990,
        "a" * (LONGEST_TEXT + 1),
        "*" * 10_000,
        "a*" * 5_000,
        '"' * 9_999,
        "NOT " * 2_500,
        "OR " * 3_000,
        "((((" + ")" * 9_990,
    ],
)
def test_bombs_are_refused_and_say_where(text: str) -> None:
    problems = parse(text).problems

    assert 1 <= len(problems) <= 20
    assert all(problem.start <= len(text) for problem in problems)


def test_the_limits_themselves_are_allowed() -> None:
    for text in (
        "(" * (MOST_LEVELS - 1) + "a" + ")" * (MOST_LEVELS - 1),
        "-" * (MOST_LEVELS - 1) + "a",
        "ab " * MOST_TERMS,
    ):
        assert parse(text).problems == ()
