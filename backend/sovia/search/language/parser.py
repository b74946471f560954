"""From the text of a filter to its document; mistakes are collected with their places and cures; pure."""

from dataclasses import dataclass, field, replace
from typing import Literal, cast

from sovia.library.text import searchable
from sovia.search.language.document import (
    LONGEST_TEXT,
    MOST_LEVELS,
    MOST_TERMS,
    SHORTEST_PREFIX,
    TOO_MANY,
    All,
    Any_,
    Comparison,
    Document,
    Node,
    Not,
    Prefix,
    Text,
    joined,
)
from sovia.search.language.fields import IN, NAMES, NOT_IN, PROMPT, Field, checked, close_to
from sovia.search.language.printer import quoted
from sovia.search.language.problems import BadValue, Problem
from sovia.search.language.tokens import Scanner, Token, Value

MOST_PROBLEMS = 20
Operator = Literal["=", "^", ">", ">=", "<", "<=", ".."]


class _Enough(Exception):
    """The text is too deep or too long to be read on."""


@dataclass(frozen=True)
class Parsed:
    """The document of a text. When there are problems, it is what could be understood."""

    document: Document
    problems: tuple[Problem, ...]


def parse(text: str) -> Parsed:
    """Read a text; never fails, and takes time in proportion to its length, which is limited."""
    if len(text) > LONGEST_TEXT:
        beyond = Problem(LONGEST_TEXT, len(text) - LONGEST_TEXT, f"A filter has at most {LONGEST_TEXT} characters.", "")
        return Parsed(Document(), (beyond,))
    return _Parser(text).parsed()


@dataclass
class _Parser:
    source: str
    problems: list[Problem] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    at: int = 0
    level: int = 0

    def parsed(self) -> Parsed:
        """Read everything."""
        parts: list[Node] = []
        try:
            self._scan()
            while self.at < len(self.tokens):
                if (part := self._either()) is not None:
                    parts.append(part)
                if (stray := self._next("close")) is not None:
                    self._note(stray.start, stray.end, "Nothing was opened that this could close.", "")
        except _Enough:
            parts = []
        order = sorted(self.problems, key=lambda problem: problem.start)
        return Parsed(Document(filter=joined(*parts)), tuple(order[:MOST_PROBLEMS]))

    def _scan(self) -> None:
        scanner = Scanner(self.source)
        terms = 0
        while (token := scanner.token()) is not None:
            self.tokens.append(token)
            terms += len(token.values) or token.kind == "text"
            if terms > MOST_TERMS:
                self._note(token.start, len(self.source), TOO_MANY, "")
                raise _Enough
        self.problems += scanner.problems

    def _note(self, start: int, end: int, message: str, fix: str | None = None) -> None:
        self.problems.append(Problem(start, end - start, message, fix))

    def _next(self, *kinds: str) -> Token | None:
        """The next token, taken when it is one of these."""
        if self.at < len(self.tokens) and self.tokens[self.at].kind in kinds:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def _either(self) -> Node | None:
        """Alternatives: `a OR b c` wants a, or b and c."""
        start = self.at
        found = [self._together()]
        while (sign := self._next("OR")) is not None:
            before, start = self.at - 1 > start, self.at
            found.append(self._together())
            if not before or self.at == start:
                self._note(sign.start, sign.end, "OR stands between two things.", "")
        kept = tuple(part for part in found if part is not None)
        return Any_(of=kept) if len(kept) > 1 else kept[0] if kept else None

    def _together(self) -> Node | None:
        """Things that are all wanted."""
        found: list[Node] = []
        while self.at < len(self.tokens) and self.tokens[self.at].kind not in ("OR", "close"):
            if (sign := self._next("AND")) is not None:
                if not found or self.at == len(self.tokens) or self.tokens[self.at].kind in ("AND", "OR", "close"):
                    self._note(sign.start, sign.end, "AND stands between two things.", "")
            elif (part := self._one()) is not None:
                found.append(part)
        return All(of=tuple(found)) if len(found) > 1 else found[0] if found else None

    def _one(self) -> Node | None:
        token = self.tokens[self.at]
        self.at += 1
        self.level += 1
        if self.level > MOST_LEVELS:
            advice = f"Parentheses and exclusions go at most {MOST_LEVELS} levels deep."
            self._note(token.start, len(self.source), advice, "")
            raise _Enough
        try:
            match token.kind:
                case "open":
                    return self._group(token)
                case "minus" | "NOT":
                    return self._except(token)
                case "field":
                    return self._field(token)
            return self._text(token)
        finally:
            self.level -= 1

    def _group(self, opening: Token) -> Node | None:
        found = self._either()
        closing = self._next("close")
        if closing is None:
            rest = self.source[opening.start :]
            self._note(opening.start, len(self.source), "This parenthesis is never closed.", rest + ")")
        elif found is None and self.tokens[self.at - 2] is opening:
            self._note(opening.start, closing.end, "There is nothing in these parentheses.", "")
        return found

    def _except(self, sign: Token) -> Node | None:
        if self.at == len(self.tokens) or self.tokens[self.at].kind in ("AND", "OR", "close"):
            self._note(sign.start, sign.end, "There is nothing to leave out behind this.", "")
            return None
        inner = self._one()
        return None if inner is None else Not(of=inner)

    def _text(self, token: Token) -> Node | None:
        if not searchable(token.text):
            if token.quoted:
                self._note(token.start, token.end, "There is nothing between these quotation marks.", "")
            return None
        if not token.star:
            return Text(text=token.text)
        if len(token.text) < SHORTEST_PREFIX:
            self._note(token.start, token.end, "A star wants at least two letters before it.", token.text)
            return None
        return Prefix(text=token.text)

    def _field(self, token: Token) -> Node | None:
        name = token.text.lower()
        if name == NOT_IN:
            inner = self._field(replace(token, text=IN))
            return None if inner is None else Not(of=inner)
        if name not in NAMES and name != PROMPT:
            self._unknown(token)
            return None
        if not token.values:
            example = "a word" if name == PROMPT else NAMES[name].examples[0]
            self._note(token.start, token.end, f"A value is missing, as in {example}.")
            return None
        if name == PROMPT:
            found = [self._prompt(value) for value in token.values]
            return joined(Any_(of=tuple(part for part in found if part is not None)))
        return self._test(token, NAMES[name])

    def _unknown(self, token: Token) -> None:
        near = close_to(token.text)
        if near is not None:
            end = token.start + len(token.text)
            self._note(token.start, end, f"There is no such field. Did you mean {near}: ?", near)
        else:
            advice = "There is no such field. In quotation marks it is looked for as it stands."
            self._note(token.start, token.end, advice, quoted(self.source[token.start : token.end]))

    def _prompt(self, value: Value) -> Node | None:
        return self._text(Token("text", value.start, value.end, value.text, quoted=True, star=value.star))

    def _test(self, token: Token, about: Field) -> Node | None:
        operator, values, behind = _compared(token, about)
        try:
            normal = checked(about, operator, values)
        except BadValue as problem:
            at = next((at for at, text in enumerate(values) if not _is_value(about, text)), 0)
            one = operator == "=" and at < len(token.values)
            start, end = (token.values[at].start, token.values[at].end) if one else (behind, token.end)
            self._note(start, end, problem.message, problem.instead if one else None)
            return None
        return Comparison(field=about.name, operator=operator, values=normal)


def _compared(token: Token, about: Field) -> tuple[Operator, tuple[str, ...], int]:
    """The operator and values of a field, and where its comparison begins."""
    operator, values = token.operator, tuple(value.text for value in token.values)
    behind = token.start + len(token.text) + 1
    first = token.values[0]
    if len(values) == 1 and operator == "=":
        if first.star and "^" in about.kind.operators:
            return "^", values, behind
        if ".." in about.kind.operators and ".." in first.text and not first.quoted:
            low, _, high = first.text.partition("..")
            if low and high:
                return "..", (low, high), behind
            return (">=", (low,), behind) if low else ("<=", (high,), behind)
    starred = tuple(value.text + "*" * value.star for value in token.values)
    return cast(Operator, operator), starred, behind


def _is_value(about: Field, text: str) -> bool:
    try:
        about.kind.normal(text)
    except BadValue:
        return False
    return True
