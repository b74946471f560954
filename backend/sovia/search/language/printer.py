"""From a document to its text: the one that the parser reads as the same document; pure."""

import re
from typing import Any

from sovia.search.language.document import All, Any_, Comparison, Document, Node, Not, Prefix, Text
from sovia.search.language.tokens import BLANK, CLOSING, COMMAS, HEAD, KEYWORDS, OPENING, OPERATOR, QUOTES

SIGNS = OPENING + CLOSING + "".join(QUOTES) + "\\*"


def print_filter(document: Document) -> str:
    """The text of a document; empty when everything is wanted."""
    if document.filter is None:
        return ""
    return printed(document.filter)


def printed(node: Node) -> str:
    """The text of one part, as it may stand on its own."""
    match node:
        case All():
            return " ".join(_grouped(part, Any_) for part in node.of)
        case Any_():
            return " OR ".join(_grouped(part, Any_) for part in node.of)
        case Not():
            return "-" + _grouped(node.of, All, Any_)
        case Comparison():
            return _test(node)
        case Prefix():
            return written_word(node.text) + "*"
        case Text():
            return written_word(node.text)


def quoted(text: str) -> str:
    """The text in quotation marks, which it may itself have."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _grouped(node: Node, *kinds: type[Any]) -> str:
    text = printed(node)
    return f"({text})" if isinstance(node, kinds) else text


def written_word(text: str) -> str:
    """A word or phrase, in quotation marks where it needs them."""
    plain = not any(sign in text for sign in SIGNS) and not BLANK.search(text)
    plain = plain and text not in KEYWORDS and text[0] not in COMMAS + "-" and text[-1] not in COMMAS
    return text if plain and not HEAD.match(text) else quoted(text)


def _test(node: Comparison) -> str:
    values = [written_value(value) for value in node.values]
    if node.operator == "..":
        return f"{node.field}:{values[0]}..{values[1]}"
    if node.operator == "^":
        return f"{node.field}:{values[0]}*"
    sign = "" if node.operator == "=" else node.operator
    return f"{node.field}:{sign}{','.join(values)}"


def written_value(text: str) -> str:
    """A value of a field, in quotation marks where it needs them."""
    plain = not any(sign in text for sign in SIGNS + COMMAS) and not BLANK.search(text)
    return text if plain and not OPERATOR.match(text) else quoted(text)
