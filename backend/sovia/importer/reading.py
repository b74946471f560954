"""An export file as a stream of records, whatever its shape; what is no record is a problem with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sovia.importer.errors import NotAnExport
from sovia.importer.parsing import longest_text, parsed
from sovia.importer.problems import Problem, excerpt_of
from sovia.importer.tape import Cut, Tape

MAX_RECORD = 8_000_000
MAX_TEXT = 1_000_000
# JSON levels; posts nested 32 deep need 2 each, and their own fields a few more.
MAX_LEVELS = 200
ENVELOPES = ("posts", "media_posts", "items")
ONE_POST = "post"
CURSORS = ("nextCursor", "nextPageToken")
OBJECT = re.compile(rb"\{")
# Where a record may begin after one that is broken: an object that starts with a post's field, or on a line of its own.
RECORD_START = re.compile(rb'\{\s*"(?:id|userId|createTime|mediaUrl|prompt)"\s*:|(?<=\n)\{')
MOST_RETRIES = 1000


@dataclass(slots=True)
class Found:
    """One record as parsed JSON, its number, and where it begins in the unpacked file."""

    record: object
    index: int
    position: int
    line: int


@dataclass(slots=True)
class Reader:
    """Reads one file once; `shape`, `warnings` and the counts are complete when the records are through."""

    tape: Tape
    shape: str = ""
    records: int = 0
    replaced_characters: int = 0
    incomplete_capture: bool = False
    _retries: int = MOST_RETRIES
    _lost: bool = False

    def __iter__(self) -> Iterator[Found | Problem]:
        """Every record in the order of the file, and a problem for every one that cannot be read."""
        first = self.tape.peek()
        if first == b"":
            self.shape = "empty"
        elif first == b"[":
            self.shape = "array"
            yield from self._several()
        elif first == b"{":
            yield from self._several()
        elif first == b"<":
            raise NotAnExport("This is a web page, not an export. Sign in there again, then save the export itself.")
        else:
            raise NotAnExport("This is no JSON. An export begins with [ or {.")

    def _several(self) -> Iterator[Found | Problem]:
        """One document after the other: usually one, in JSON Lines many."""
        documents = 0
        while (byte := self.tape.peek()) != b"":
            documents += 1
            if byte == b"[":
                self.tape.skip()
                yield from self._elements()
            elif byte == b"{" and documents == 1:
                yield from self._object()
            elif byte == b"{":
                self.shape = "lines" if self.shape in ("post", "lines") else self.shape
                yield from self._element()
            else:
                yield from self._stray()

    def _elements(self) -> Iterator[Found | Problem]:
        """The elements of a list whose bracket was passed, up to and over its end."""
        while (byte := self.tape.peek()) != b"":
            if byte == b"]":
                self.tape.skip()
                # After a broken record, a bracket may be the end of something inside it.
                if not self._lost or self.tape.peek() == b"":
                    return
            elif byte == b",":
                self.tape.skip()
            elif byte in (b"}", b":"):
                yield from self._stray()
            else:
                yield from self._element()
        if not self._lost:
            here = Problem("truncated", "The file ends before the list does; what came before was read.", "warning")
            yield here.at(self.records, self.tape.position, self.tape.line)

    def _stray(self) -> Iterator[Problem]:
        if not self._lost:
            reason = "Something that belongs to no record stands here and was passed over."
            yield Problem("stray", reason, "warning").at(self.records, self.tape.position, self.tape.line)
        self._lost = True
        self.tape.skip()
        self.tape.skip_to(OBJECT)

    def _object(self) -> Iterator[Found | Problem]:
        """The first object of a file: an envelope around a list, one post, or the first of many lines."""
        start, line, size = self.tape.position, self.tape.line, 0
        members: dict[str, object] = {}
        self.tape.skip()
        while (byte := self.tape.peek()) not in (b"", b"}"):
            if byte in (b",", b":"):
                self.tape.skip()
                continue
            key = parsed(self.tape.cut()).value
            if self.tape.peek() == b":":
                self.tape.skip()
            if key in ENVELOPES and self.tape.peek() == b"[":
                self.shape = "page"
                self.tape.skip()
                yield from self._elements()
                continue
            cut = self.tape.cut()
            size += len(cut.text)
            if size > MAX_RECORD:
                cut.fault = cut.fault or f"the record is larger than {MAX_RECORD // 1_000_000} MB"
            value = self._value(cut)
            if cut.fault:
                yield from self._broken(cut)
                return
            members[str(key)] = value
        if self.tape.peek() == b"":
            reason = "The file ends in the middle of this record."
            yield Problem("truncated", reason).at(self.records, start, line)
        self.tape.skip()
        self.incomplete_capture = any(members.get(name) for name in CURSORS)
        if self.shape != "page" and members:
            self.shape = "post"
            yield from self._taken(members, Cut(start, line, b""))

    def _element(self) -> Iterator[Found | Problem]:
        cut = self.tape.cut()
        if self._lost and cut.text[:1] not in (b"{", b"["):
            return
        value = self._value(cut)
        if cut.fault:
            yield from self._broken(cut)
        else:
            self._lost = False
            yield from self._taken(value, cut)

    def _value(self, cut: Cut) -> object:
        """What a cut means; its fault is set when it can not be used."""
        if cut.fault:
            return None
        result = parsed(cut)
        self.replaced_characters += result.replaced
        if len(cut.text) > MAX_TEXT and longest_text(result.value) > MAX_TEXT:
            cut.fault = f"it holds a text of more than {MAX_TEXT // 1_000_000} MB"
        return result.value

    def _broken(self, cut: Cut) -> Iterator[Problem]:
        """Report a record that can not be read, and look for the next one inside what it seemed to be."""
        if not self._lost:
            self.records += 1
            problem = Problem("unreadable", f"This record can not be read: {cut.fault}.", excerpt=excerpt_of(cut.text))
            yield problem.at(self.records - 1, cut.position, cut.line)
        if self._retries and self.tape.go_back(cut, RECORD_START):
            self._retries -= 1
            self._lost = True

    def _taken(self, value: object, cut: Cut) -> Iterator[Found]:
        """The records of one element: itself, or those of the page that it is."""
        several: list[object] = [value]
        if isinstance(value, dict):
            page = next((value[name] for name in ENVELOPES if isinstance(value.get(name), list)), None)
            if page is not None:
                several, self.shape = page, "pages" if self.shape != "page" else "page"
                self.incomplete_capture = any(value.get(name) for name in CURSORS)
            elif isinstance(value.get(ONE_POST), dict):
                several = [value[ONE_POST]]
        for record in several:
            self.records += 1
            yield Found(record, self.records - 1, cut.position, cut.line)
