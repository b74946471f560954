"""Browser captures (HAR): every answer in them that holds posts, assets or finished clips, an answer at a time."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from sovia.importer.problems import Problem
from sovia.importer.reading import MAX_LEVELS, MAX_RECORD, Found, Reader
from sovia.importer.shapes import assets
from sovia.importer.shapes.records import harvested
from sovia.importer.tape import Cut, Tape

# A whole answer is held at once, its posts one by one.
MAX_ENTRY = 24_000_000
BEGINS = re.compile(rb'\{\s*"log"\s*:\s*\{')
TELLING = re.compile(rb'"(?:mediaUrl|media_url|assetId|streamingVideoGenerationResponse)\\?"')
JSON_START = re.compile(rb"[\[{]")


@dataclass(slots=True)
class HarReader(Reader):
    """Reads `log.entries[].response.content.text`; everything else in a capture is passed over."""

    entries: int = 0

    def _documents(self) -> Iterator[Found | Problem]:
        self.shape = "har"
        # An answer's text may be as long as the answer; its posts' own texts are measured when they are read.
        self.tape.max_bytes = self.longest_text = MAX_ENTRY
        self.tape.skip()
        for key in self._keys():
            if key == "log" and self.tape.peek() == b"{":
                self.tape.skip()
                yield from self._log()
            else:
                self.tape.pass_over()
        yield from self._more()

    def _log(self) -> Iterator[Found | Problem]:
        for key in self._keys():
            if key == "entries" and self.tape.peek() == b"[":
                self.tape.skip()
                yield from self._elements()
            else:
                self.tape.pass_over()

    def _taken(self, value: object, cut: Cut) -> Iterator[Found | Problem]:
        if not isinstance(value, dict) or not ("response" in value or "request" in value):
            yield from super(HarReader, self)._taken(value, cut)
            return
        self.entries += 1
        text = answer_in(value)
        if text is None or not TELLING.search(text):
            return
        limit = min(MAX_RECORD, len(text) + 1)
        tape = Tape(BytesIO(text).read, max_bytes=limit, max_depth=MAX_LEVELS)
        inner = Reader(tape, self.notes, harvested, strict=False)
        tape.peek()
        if not text.lstrip().startswith((b"{", b"[")):
            tape.skip_to(JSON_START)
        place = f"log.entries[{self.entries - 1}].response.content.text"
        for found in inner:
            if isinstance(found, Found):
                self.records += 1
                yield Found(found.record, self.records - 1, cut.position, cut.line, found.second_hand, place)
            elif found.severity == "error":
                self.records += 1
                found.reason = f"{place}: {found.reason}"
                yield found.at(self.records - 1, cut.position, cut.line)
        self.replaced_characters += inner.replaced_characters
        self.notes.word = ""

    def _broken(self, cut: Cut) -> Iterator[Problem]:
        # Pictures and clips are far larger than any page of posts.
        if cut.text or self._lost:
            yield from super(HarReader, self)._broken(cut)
        else:
            self.notes.leave_out("large_answers")


def answer_in(entry: object) -> bytes | None:
    """The bytes of an entry's answer; nothing when it kept none."""
    if not isinstance(entry, dict):
        return None
    content: dict[str, Any] = assets.part(assets.part(entry, "response"), "content")
    text = content.get("text")
    if not isinstance(text, str) or not text:
        return None
    if content.get("encoding") != "base64":
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None
