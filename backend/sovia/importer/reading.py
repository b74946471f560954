"""An export file as a stream of records, whatever its shape; what is no record is a problem with its place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sovia.importer.errors import NotAnExport
from sovia.importer.parsing import longest_text, parsed
from sovia.importer.problems import Problem, excerpt_of
from sovia.importer.shapes import naming
from sovia.importer.shapes.notes import Notes
from sovia.importer.shapes.records import CURSORS, LISTS, WORDS, Taken, unwrapped
from sovia.importer.tape import Cut, Tape

MAX_RECORD = 8_000_000
MAX_TEXT = 1_000_000
# JSON levels; posts nested 32 deep need 2 each, and their own fields a few more.
MAX_LEVELS = 200
# Members of the provider's own export that are nobody's posts; they may be far larger than any record.
PASSED_OVER = ("conversations", "projects", "tasks")
# Too large to hold, these are looked through for posts; any other member that large is passed over.
NESTED = ("childPosts", "child_posts", "images", "videos", "variants")
# An object with none of these is no post, and was not meant to be one.
NAMING = ("id", "postId", "post_id", "assetId", "mediaUrl", "media_url", "prompt", "childPosts", "link")
OBJECT = re.compile(rb"\{")
RECORD = re.compile(rb'\{\s*"(?:id|userId|createTime|mediaUrl|prompt|assetId)"\s*:')
# Where a record may begin after one that is broken: an object that starts with a post's field, or on a line of its own.
RECORD_START = re.compile(RECORD.pattern + rb"|(?<=\n)\{")
LOOKED_AT = 65_536
MOST_RETRIES = 1000
# What is read a second time; beyond, no more than twice what was read.
AGAIN_BYTES = 8_000_000


@dataclass(slots=True)
class Found:
    """One record as parsed JSON, its number, and where it begins in the unpacked file.

    `place` says which part of the whole the file or text is, when it is one.
    """

    record: object
    index: int
    position: int
    line: int
    second_hand: bool = False
    place: str = ""

    def placed(self, problem: Problem) -> Problem:
        """A problem with this record, now knowing where the record is."""
        if self.place:
            problem.reason = f"{self.place}: {problem.reason}"
        return problem.at(self.index, self.position, self.line)


Unwrap = Callable[[object, Notes], Iterator[Taken]]


@dataclass(slots=True)
class Reader:
    """Reads one file once; `shape`, `notes` and the counts are complete when the records are through.

    `unwrap` answers the records of one element. With `strict`, an object without any is no export.
    """

    tape: Tape
    notes: Notes = field(default_factory=Notes)
    unwrap: Unwrap = unwrapped
    strict: bool = True
    longest_text: int = MAX_TEXT
    shape: str = ""
    records: int = 0
    replaced_characters: int = 0
    _retries: int = MOST_RETRIES
    _again: int = 0
    _lost: bool = False
    _closed: bool = False
    _bad_key: Cut | None = None

    def __iter__(self) -> Iterator[Found | Problem]:
        """Every record in the order of the file, and a problem for every one that cannot be read."""
        yield from self._documents()
        if self._bad_key:
            yield from self._broken(self._bad_key)
        self.shape = self.notes.word or self.shape

    def _documents(self) -> Iterator[Found | Problem]:
        first = self.tape.peek()
        if first == b"":
            self.shape = "empty"
        elif first == b"[":
            self.shape = "array"
            yield from self._several()
        elif first == b"{":
            yield from self._several()
        elif first == b"<":
            raise NotAnExport(naming.markup(self.tape.head(4096)))
        elif RECORD.search(self.tape.head(LOOKED_AT)):
            # A line or a bracket is broken, but posts follow.
            yield from self._several()
        else:
            raise NotAnExport(naming.other_text(self.tape.head(4096)))

    def _more(self) -> Iterator[Found | Problem]:
        """What stands behind the object that a file of a special shape is."""
        shape, self.strict = self.shape, False
        yield from self._several()
        self.shape = shape

    def _several(self) -> Iterator[Found | Problem]:
        """One document after the other: usually one, in JSON Lines many."""
        documents = 0
        while (byte := self.tape.peek()) != b"":
            documents += 1
            if byte == b"[" and (documents == 1 or self.tape.begins_line):
                self.tape.skip()
                yield from self._elements()
            elif byte == b"{" and documents == 1:
                yield from self._object()
            elif byte == b"{":
                self.shape = "lines" if self.shape in ("post", "lines") else self.shape
                yield from self._element()
            else:
                yield from self._stray(RECORD_START)

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
                yield from self._stray(OBJECT)
            else:
                yield from self._element()
        if not self._lost:
            here = Problem("truncated", "The file ends before the list does; what came before was read.", "warning")
            yield here.at(self.records, self.tape.position, self.tape.line)

    def _stray(self, beginning: "re.Pattern[bytes]") -> Iterator[Problem]:
        if not self._lost:
            reason = "Something that belongs to no record stands here and was passed over."
            yield Problem("stray", reason, "warning").at(self.records, self.tape.position, self.tape.line)
        self._lost = True
        self.tape.skip()
        self.tape.skip_to(beginning)

    def _object(self) -> Iterator[Found | Problem]:
        """The first object of a file: an envelope around a list, one post, or the first of many lines."""
        start, line, size = self.tape.position, self.tape.line, 0
        members: dict[str, object] = {}
        self.tape.skip()
        for key in self._keys():
            if key in LISTS and self.tape.peek() == b"[":
                self.shape = "page"
                self.notes.saw(WORDS.get(key, ""))
                self.tape.skip()
                yield from self._elements()
                continue
            if key in PASSED_OVER:
                self.notes.saw("account_export")
                self.tape.pass_over()
                continue
            cut = self.tape.cut()
            size += 0 if cut.fault else len(cut.text)
            if size > MAX_RECORD:
                cut.fault = f"the record is larger than {MAX_RECORD // 1_000_000} MB"
            elif cut.fault and key not in NESTED and self.tape.peek() != b"":
                yield self._passed_over(key, cut)
                continue
            members[key] = self._value(cut)
            if cut.fault:
                yield from self._broken_off(cut)
                return
        if self._bad_key:
            bad, self._bad_key = self._bad_key, None
            yield from self._broken_off(bad)
            return
        if not self._closed:
            reason = "The file ends in the middle of this record."
            yield Problem("truncated", reason).at(self.records, start, line)
        self.notes.incomplete_capture |= any(members.get(name) for name in CURSORS)
        if self.shape != "page" and members:
            self.shape = "post"
            yield from self._only_object(members, Cut(start, line, b""))

    def _broken_off(self, cut: Cut) -> Iterator[Problem]:
        """Report that a document is broken, and go where the next one may begin: its own quotes tell nothing more."""
        yield from self._broken(cut)
        self._lost = True
        self.tape.skip_to(RECORD_START)

    def _passed_over(self, key: str, cut: Cut) -> Problem:
        reason = f"{key[:80]} was passed over: {cut.fault}."
        return Problem("passed_over", reason, "warning").at(self.records, cut.position, cut.line)

    def _keys(self) -> Iterator[str]:
        """The keys of an object whose brace was passed, up to and over its end; the caller passes each value."""
        self._closed = False
        while (byte := self.tape.peek()) not in (b"", b"}"):
            if byte in (b",", b":"):
                self.tape.skip()
                continue
            cut = self.tape.cut()
            key = parsed(cut).value
            # A string over several lines has lost its end, and holds what comes after it.
            if not isinstance(key, str) or b"\n" in cut.text:
                cut.fault = cut.fault or "there is no name where one should be"
                self._bad_key = cut
                return
            if self.tape.peek() == b":":
                self.tape.skip()
                self.tape.peek()
            yield key
        self._closed = byte == b"}"
        self.tape.skip()

    def _only_object(self, members: dict[str, object], cut: Cut) -> Iterator[Found | Problem]:
        """The records of a file's first object, which is no page."""
        alone = self.strict and self._closed and self.tape.peek() == b""
        for one in self._taken(members, cut):
            if alone and isinstance(one, Found) and one.record is members and not any(n in members for n in NAMING):
                self.records = 0
                raise NotAnExport(naming.other_json(list(members)))
            yield one

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
        if len(cut.text) > self.longest_text and longest_text(result.value) > self.longest_text:
            cut.fault = f"it holds a text of more than {self.longest_text // 1_000_000} MB"
        return result.value

    def _broken(self, cut: Cut) -> Iterator[Problem]:
        """Report a record that can not be read, and look for the next one inside what it seemed to be."""
        if not self._lost:
            self.records += 1
            problem = Problem("unreadable", f"This record can not be read: {cut.fault}.", excerpt=excerpt_of(cut.text))
            yield problem.at(self.records - 1, cut.position, cut.line)
        room = AGAIN_BYTES + 2 * self.tape.position - self._again
        if self._retries and len(cut.text) <= room and self.tape.go_back(cut, RECORD_START):
            self._retries, self._again = self._retries - 1, self._again + len(cut.text)
            self._lost = True

    def _taken(self, value: object, cut: Cut) -> Iterator[Found | Problem]:
        """The records of one element: itself, or those of the page that it is."""
        if isinstance(value, dict) and "mediaUrl" in value:
            # Nearly every element is a post as the provider spells it.
            self.records += 1
            yield Found(value, self.records - 1, cut.position, cut.line)
            return
        if (
            isinstance(value, dict)
            and self.shape != "page"
            and any(isinstance(value.get(name), list) for name in LISTS)
        ):
            self.shape = "pages"
        for one in self.unwrap(value, self.notes):
            self.records += 1
            if not one.left_out:
                yield Found(one.value, self.records - 1, cut.position, cut.line, one.second_hand)
