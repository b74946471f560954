"""Facts about clips that another tool measured, by address: they fill what is not known of the posts they belong to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sovia.importer import fields
from sovia.importer.problems import Problem, excerpt_of
from sovia.importer.reading import Found, Reader
from sovia.importer.shapes import urls
from sovia.importer.tape import Cut

Record = dict[str, Any]

# An object whose first key is the address of a file, with or without its scheme.
BEGINS = re.compile(rb'\{\s*"(?:https?_?:?//?)?[\w-]+(?:\.[\w-]+)+/[^"\s]*"\s*:\s*\{')


@dataclass(slots=True)
class MetadataReader(Reader):
    """Reads an object of objects, of any size; each key is an address with a post's id in it."""

    def _documents(self) -> Iterator[Found | Problem]:
        self.shape = "video_metadata"
        self.tape.skip()
        for key in self._keys():
            cut = self.tape.cut()
            value = self._value(cut)
            if cut.fault:
                yield from self._broken(cut)
                self._lost = False
                continue
            self.records += 1
            yield self._facts(key, value, cut)
        if not self._closed:
            here = Problem("truncated", "The file ends before the list does; what came before was read.", "warning")
            yield here.at(self.records, self.tape.position, self.tape.line)
        yield from self._more()

    def _facts(self, key: str, value: object, cut: Cut) -> Found | Problem:
        record = facts_of(key, value)
        if record is None:
            reason = "This belongs to no post: its key is not the address of a clip with an id in it."
            problem = Problem("no_id", reason, excerpt=excerpt_of({key: value}))
            return problem.at(self.records - 1, cut.position, cut.line)
        return Found(record, self.records - 1, cut.position, cut.line, second_hand=True)


def facts_of(key: str, value: object) -> Record | None:
    """A stub of the post that the address names, with what was measured kept whole; nothing when it names none."""
    stub = urls.stub(key)
    if stub is None or not isinstance(value, dict):
        return None
    kind = fields.kind_of(None, "", key)
    stub["mediaType"] = f"MEDIA_POST_TYPE_{kind.upper()}"
    if fields.seconds_of(value.get("duration")):
        stub["videoDuration"] = value["duration"]
    return stub | {"measured": value}
