"""What somebody is typing in the text of a filter: the word or value at the caret, and the filter around it; pure."""

from dataclasses import dataclass

from sovia.search.language.fields import IN, NAMES, NOT_IN, Field
from sovia.search.language.tokens import Scanner, Token


@dataclass(frozen=True)
class Typing:
    """The text from `start` to `end` is being typed; with `field` it is a value of that field.

    `rest` is the text of the filter without the whole word or comparison.
    """

    start: int
    end: int
    typed: str
    rest: str
    field: Field | None = None


def typing_at(text: str, caret: int) -> Typing | None:
    """What is typed at the caret; nothing where no offer could be made."""
    scanner = Scanner(text)
    while (token := scanner.token()) is not None and token.start < caret:
        if caret <= token.end and token.kind in ("text", "field"):
            return _typing(text, caret, token)
    return None


def _typing(text: str, caret: int, token: Token) -> Typing | None:
    rest = text[: token.start].removesuffix("-") + " " + text[token.end :]
    if token.kind == "text":
        return None if token.quoted else Typing(token.start, token.end, text[token.start : caret], rest)
    if caret <= token.start + len(token.text):
        return Typing(token.start, token.start + len(token.text) + 1, text[token.start : caret], rest)
    name = token.text.lower()
    field = NAMES.get(IN if name == NOT_IN else name)
    if field is None:
        return None
    for value in token.values:
        if value.start <= caret <= value.end:
            return Typing(value.start, value.end, text[value.start : caret].lstrip('"'), rest, field)
    return Typing(caret, caret, "", rest, field)
