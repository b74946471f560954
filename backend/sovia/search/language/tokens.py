"""The text of a filter cut into tokens: parentheses, words, phrases, fields with their values; pure."""

import re
from dataclasses import dataclass, field
from typing import Literal

from sovia.search.language.problems import Problem

# Marks of direction stand between words and mean nothing here; they come along when text is copied.
MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
BLANK = re.compile(f"[\\s{MARKS}]")
OPENING, CLOSING = "(\uff08", ")\uff09"
QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c", "\u201d": "\u201d"}
COMMAS = ",\u060c\u3001\uff0c"
HEAD = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[:\uff1a]")
OPERATOR = re.compile(r">=|<=|\u2265|\u2264|>|<|=")
PLAIN_OPERATOR = {"\u2265": ">=", "\u2264": "<="}
KEYWORDS = ("AND", "OR", "NOT")
BARE = re.compile(f'[^\\s{MARKS}()\uff08\uff09"\u201c\u201d\u201e]+')
VALUE = re.compile(f'[^\\s{MARKS}()\uff08\uff09"\u201c\u201d\u201e{COMMAS}]+')
Kind = Literal["open", "close", "minus", "AND", "OR", "NOT", "text", "field"]


@dataclass(frozen=True)
class Value:
    """A value of a field as it was typed, and where."""

    text: str
    start: int
    end: int
    quoted: bool = False
    star: bool = False


@dataclass(frozen=True)
class Token:
    """One token. For a field, `text` is its name."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    quoted: bool = False
    star: bool = False
    operator: str = "="
    values: tuple[Value, ...] = ()


@dataclass
class Scanner:
    """Reads one text from left to right; what is wrong is noted, and reading goes on."""

    source: str
    at: int = 0
    problems: list[Problem] = field(default_factory=list)

    def token(self) -> Token | None:
        """The next token, or nothing at the end."""
        while self.at < len(self.source) and (BLANK.match(self.source, self.at) or self._here(COMMAS)):
            self.at += 1
        start = self.at
        if start >= len(self.source):
            return None
        for kind, signs in (("open", OPENING), ("close", CLOSING)):
            if self._here(signs):
                self.at += 1
                return Token(kind, start, self.at)  # type: ignore[arg-type]
        if self._here("-") and self._leaves_out():
            self.at += 1
            return Token("minus", start, self.at)
        if self._here("".join(QUOTES)):
            return self._phrase()
        if head := HEAD.match(self.source, start):
            return self._field(head)
        return self._word()

    def _here(self, signs: str) -> bool:
        return self.at < len(self.source) and self.source[self.at] in signs

    def _leaves_out(self) -> bool:
        """A dash on its own is a word; before something it leaves that out."""
        behind = self.source[self.at + 1 : self.at + 2]
        return behind != "" and not BLANK.match(behind) and behind not in CLOSING + COMMAS

    def _phrase(self) -> Token:
        start = self.at
        text = self._quoted()
        star = self._here("*")
        self.at += star
        return Token("text", start, self.at, text, quoted=True, star=star)

    def _quoted(self) -> str:
        """The text between quotation marks; a backslash makes one of it part of the text."""
        start, closing = self.at, QUOTES[self.source[self.at]]
        self.at += 1
        found: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != closing:
            if self.source[self.at] == "\\" and self.source[self.at + 1 : self.at + 2] in (closing, "\\"):
                self.at += 1
            found += self.source[self.at : self.at + 1]
            self.at += 1
        if self.at >= len(self.source):
            typed = self.source[start:]
            self.problems.append(Problem(start, len(typed), "This quotation mark is never closed.", typed + closing))
        self.at = min(self.at + 1, len(self.source))
        return "".join(found)

    def _field(self, head: re.Match[str]) -> Token:
        start, self.at = self.at, head.end()
        operator = "="
        if found := OPERATOR.match(self.source, self.at):
            operator, self.at = PLAIN_OPERATOR.get(found[0], found[0]), found.end()
        values: list[Value] = []
        while (value := self._value()) is not None:
            values.append(value)
            behind = self.source[self.at + 1 : self.at + 2]
            if not self._here(COMMAS) or not behind or BLANK.match(behind):
                break
            self.at += 1
        return Token("field", start, self.at, head[1], operator=operator, values=tuple(values))

    def _value(self) -> Value | None:
        start = self.at
        if self._here("".join(QUOTES)):
            text = self._quoted()
            star = self._here("*")
            self.at += star
            return Value(text, start, self.at, quoted=True, star=star)
        found = VALUE.match(self.source, self.at)
        if found is None:
            return None
        self.at = found.end()
        star = found[0].endswith("*") and len(found[0]) > 1
        return Value(found[0][:-1] if star else found[0], start, self.at, star=star)

    def _word(self) -> Token:
        found = BARE.match(self.source, self.at)
        assert found is not None, "everything else was looked for before"
        start, self.at = self.at, found.end()
        text = found[0].rstrip(COMMAS)
        if text in KEYWORDS:
            return Token(text, start, start + len(text))  # type: ignore[arg-type]
        end = start + len(text)
        if "*" not in text:
            return Token("text", start, end, text)
        if text.endswith("*") and text.count("*") == 1 and len(text) > 1:
            return Token("text", start, end, text[:-1], star=True)
        advice = "A star stands at the end of a word and finds what begins so. In quotation marks it is a mere star."
        self.problems.append(Problem(start, len(text), advice, '"' + text.replace("\\", "\\\\") + '"'))
        return Token("text", start, end, text)
