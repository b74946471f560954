"""Which reader a text needs, seen by how it begins; the file's name does not count."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sovia.importer.problems import Problem, excerpt_of
from sovia.importer.reading import MAX_LEVELS, MAX_RECORD, Found, Reader
from sovia.importer.shapes import har, urls, video_metadata
from sovia.importer.shapes.records import unwrapped
from sovia.importer.tape import Tape

HEAD = 4096


def reader_for(tape: Tape) -> Reader:
    """A reader for the text on this tape, not yet begun."""
    first, head = tape.peek(), tape.head(HEAD)
    if first == b"{":
        if har.BEGINS.match(head):
            return har.HarReader(tape)
        if video_metadata.BEGINS.match(head):
            return video_metadata.MetadataReader(tape)
    elif first not in (b"", b"[", b"<") and urls.is_list(head):
        return UrlReader(tape)
    return Reader(tape)


@dataclass(slots=True)
class UrlReader(Reader):
    """Reads a text with an address in each line, also as wget, aria2 and curl take them."""

    def _documents(self) -> Iterator[Found | Problem]:
        self.shape = "urls"
        while True:
            self.tape.peek()
            position, line = self.tape.position, self.tape.line
            text = self.tape.text_line(urls.LONGEST_LINE)
            if text is None:
                return
            address = urls.address_in(text.decode(errors="replace"))
            if address == "":
                continue
            for one in unwrapped(address or "", self.notes):
                self.records += 1
                if isinstance(one.value, dict):
                    yield Found(one.value, self.records - 1, position, line, one.second_hand)
                elif not one.left_out:
                    reason = "This line is no address." if address is None else "There is no post's id in this address."
                    problem = Problem("no_id" if address else "no_address", reason, excerpt=excerpt_of(text))
                    yield problem.at(self.records - 1, position, line)


def tape_over(read: Callable[[int], bytes]) -> Tape:
    """A tape with the limits of a record."""
    return Tape(read, max_bytes=MAX_RECORD, max_depth=MAX_LEVELS)
