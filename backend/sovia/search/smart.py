"""The filters that smart collections keep, in both their forms, as documents; pure.

The documented form has the names of the list's parameters, and `any`, `all` and `not` around more of the same; the
other is the JSON of a filter.
"""

from collections.abc import Iterator

from sovia.library.text import searchable, storable
from sovia.search.filters import words_of
from sovia.search.language.document import All, Any_, Comparison, Document, Node, Not, Text, tidy
from sovia.search.language.problems import BadValue
from sovia.search.language.wire import BadDocument, document_from

MOST_LEVELS, MOST_TERMS = 5, 50
LONGEST = 10_000
# Other words that the documented parameters take.
SAME = {"true": "yes", "false": "no", True: "yes", False: "no"}
FIELDS = ("type", "liked", "model", "mode", "state", "rating", "status", "tag", "in")
TEXTS = ("search", "keywords")
GROUPS = ("any", "all", "not")


def document_of(given: object) -> Document:
    """The document of a smart collection's filters, or `BadDocument`."""
    if given is None:
        return Document()
    if isinstance(given, dict) and ("version" in given or "filter" in given):
        return document_from(given)
    parts = list(_parts(given, "", 1, [0]))
    return Document(filter=tidy(All(of=tuple(parts))))


def _parts(given: object, path: str, level: int, seen: list[int]) -> Iterator[Node]:
    if not isinstance(given, dict):
        raise BadDocument(path, "An object with filters is wanted.")
    if level > MOST_LEVELS:
        raise BadDocument(path, f"These filters go at most {MOST_LEVELS} levels deep.")
    for name, value in given.items():
        at = f"{path}.{name}".strip(".")
        if value is None or value in ("", "all", []):
            continue
        seen[0] += 1
        if seen[0] > MOST_TERMS:
            raise BadDocument(at, f"There are at most {MOST_TERMS} filters.")
        yield from _one(str(name), value, at, level, seen)


def _one(name: str, value: object, at: str, level: int, seen: list[int]) -> Iterator[Node]:
    if name in GROUPS:
        several = value if isinstance(value, list) else [value]
        inside = [All(of=tuple(_parts(one, f"{at}.{number}", level + 1, seen))) for number, one in enumerate(several)]
        yield (
            Any_(of=tuple(inside))
            if name == "any"
            else All(of=tuple(Not(of=one) for one in inside) if name == "not" else tuple(inside))
        )
    elif name in TEXTS:
        yield from _texts(value, at)
    elif name == "has_custom_videos":
        if not isinstance(value, bool):
            raise BadDocument(at, "This is true or false.")
        if value:
            yield Comparison(field="has", values=("own-clips",))
    elif name in FIELDS:
        yield _comparison(name, value, at)
    else:
        raise BadDocument(at, "There is no such filter.")


def _comparison(name: str, value: object, at: str) -> Comparison:
    several = value if isinstance(value, list) else [value]
    if len(several) > MOST_TERMS or not all(isinstance(one, (str, bool, int)) for one in several):
        raise BadDocument(at, "A text, or a list of texts, is wanted.")
    values = tuple(SAME.get(one, str(one)) if name == "liked" else str(one) for one in several)
    try:
        return Comparison(field=name, values=values)
    except (BadValue, ValueError) as problem:
        message = problem.message if isinstance(problem, BadValue) else "This value is not taken here."
        raise BadDocument(at, message) from None


def _texts(value: object, at: str) -> Iterator[Node]:
    """Words of a search, or a list of keywords, each of which is one text."""
    several = value if isinstance(value, list) else [value]
    if len(several) > MOST_TERMS or not all(isinstance(one, str) and len(one) <= LONGEST for one in several):
        raise BadDocument(at, "A text, or a list of texts, is wanted.")
    for one in several:
        plain = searchable(storable(str(one))[0])
        if isinstance(value, list):
            yield from (Text(text=plain),) if plain else ()
        else:
            yield from words_of(plain)
