"""Texts in an XMP packet (ISO 16684-1): the packet itself, and the properties that can speak of a generated picture."""

import re
from xml.parsers import expat

from sovia.importer.embedded.found import Found

SEPARATOR = " "
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
WANTED = {
    "http://purl.org/dc/elements/1.1/": ("description", "title", "creator"),
    "http://ns.adobe.com/xap/1.0/": ("CreateDate", "CreatorTool", "Label"),
    "http://ns.adobe.com/exif/1.0/": ("UserComment",),
    "http://ns.adobe.com/photoshop/1.0/": ("Credit", "Instructions", "Headline"),
    IPTC_EXTENSION: (
        "DigitalSourceType",
        "DigitalSourcefileType",
        "AIPromptInformation",
        "AISystemUsed",
        "AISystemVersionUsed",
    ),
}
NAMES = {f"{space}{SEPARATOR}{name}": f"xmp:{name}" for space, names in WANTED.items() for name in names}
MAX_DEPTH = 64
# Writers leave kilobytes of blanks, so that others can edit the packet in place.
PADDING = re.compile(r"\s{40,}")


class _Refused(Exception):
    """The packet is deeper than any that a tool writes, or declares entities."""


class _Reading:
    """What was read so far: the wanted property that is open, and its text."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.depth = 0
        self.inside: str | None = None
        self.opened_at = 0
        self.words: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused
        # Properties may be written as attributes too.
        for key, value in attributes.items():
            if key in NAMES:
                self._add(NAMES[key], value)
        if self.inside is None and name in NAMES:
            self.inside, self.opened_at, self.words = NAMES[name], self.depth, []
            link = attributes.get(f"{RDF}{SEPARATOR}resource")
            if link:
                self.words.append(link)

    def text(self, words: str) -> None:
        if self.inside is not None:
            self.words.append(words)

    def end(self, _name: str) -> None:
        if self.inside is not None and self.depth == self.opened_at:
            self._add(self.inside, "".join(self.words).strip())
            self.inside = None
        self.depth -= 1

    def refuse(self, *_: object) -> None:
        raise _Refused

    def _add(self, name: str, value: str) -> None:
        self.found.add(name, value)
        if name == "xmp:CreateDate" and self.found.written_at is None:
            self.found.written_at = value


def read(packet: str, found: Found) -> None:
    """Add a packet as `xmp`, and its wanted properties as `xmp:...`; of a broken one those before the damage."""
    found.add("xmp", PADDING.sub("\n", packet))
    reading = _Reading(found)
    parser = expat.ParserCreate("utf-8", SEPARATOR)
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    # No packet declares a document type; one that does wants to blow entities up.
    parser.StartDoctypeDeclHandler = reading.refuse
    begin = max(0, packet.find("<"))
    try:
        parser.Parse(packet[begin:].rstrip("\x00 \r\n").encode("utf-8", "replace"), True)  # noqa: FBT003 - the parser takes it so
    except (expat.ExpatError, _Refused):
        found.leave_out("an XMP packet that is broken")
