"""A media file that was taken in becomes a post: who it is, when it was made, and the words it was made with."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from sovia.importer import fields
from sovia.importer.embedded import naming
from sovia.importer.embedded.generation import Generation, from_settings, object_of, words_of
from sovia.importer.embedded.layout import is_own_copy
from sovia.importer.embedded.taking import Taken
from sovia.importer.grok import parse
from sovia.importer.shapes import urls
from sovia.importer.times import NoTime, time_of
from sovia.kit.ids import FastUUID
from sovia.library.incoming import NewPost
from sovia.library.text import storable

GROK, FILE = "grok", "file"
# Tools whose files may carry an id of Grok's in their name.
NOT_ANOTHERS = ("unknown", GROK)
# A text that only describes, beside one of these, is the prompt.
SETTINGS = (
    "tool",
    "negative_prompt",
    "model",
    "seed",
    "steps",
    "sampler",
    "scheduler",
    "cfg",
    "version",
    "width",
    "height",
)


def new_post_of(taken: Taken) -> NewPost | None:
    """The post of a file. Its whole metadata are in `raw`, with the file's own name and folder.

    The id is the one in a name that Grok's exporters give, else made of the content. A file that lies as files of
    addresses do is no medium of its own: it brings a stub of the post that its address names, or nothing.
    """
    if taken.place is not None:
        return _stub(taken, taken.place.url)
    generation, typed = _with_words_beside(taken)
    own_id = naming.id_in_name(taken.name) if generation is None or generation.tool in NOT_ANOTHERS else None
    found = taken.embedded.found
    own = fields.id_of(own_id)
    return NewPost(
        id=own[0] if own else FastUUID(str(naming.id_of_content(taken.sha256))),
        kind=taken.embedded.media_type.kind,
        raw=_raw(taken, generation),
        created_at=_created_at(taken, generation),
        prompt=generation.prompt if generation else "",
        original_prompt=typed,
        model=generation.model if generation else None,
        width=found.width,
        height=found.height,
        duration_seconds=found.duration_seconds,
        mime_type=taken.embedded.media_type.mime,
        source_id=own[1] if own else None,
        source=GROK if own_id else _source(generation),
        local_path=taken.local_path,
        fills_only=is_own_copy(taken.name),
    )


def _stub(taken: Taken, url: str) -> NewPost | None:
    record = urls.stub(url)
    if record is None or urls.is_sound(url):
        return None
    if "mediaUrl" in record:
        record["mimeType"] = taken.embedded.media_type.mime
    found = next(iter(parse(record, second_hand=True).posts), None)
    if found is not None and "mediaUrl" in record:
        found.width, found.height = taken.embedded.found.width, taken.embedded.found.height
        generation = taken.embedded.generation
        found.prompt = generation.prompt if generation else ""
    return found


def _source(generation: Generation | None) -> str:
    return FILE if generation is None or generation.tool == "unknown" else generation.tool[:40]


def _with_words_beside(taken: Taken) -> tuple[Generation | None, str]:
    """How it was made, filled up from the files beside it, and the words that were typed where a tool tells both."""
    generation, typed = taken.embedded.generation, ""
    for name, text in taken.beside.items():
        if name == naming.OF_ITEM:
            # Other programs call their files so as well.
            other = _of_eagle(object_of(text), taken.name)
        elif name.lower().endswith(".json"):
            settings = object_of(text)
            other = from_settings("unknown", settings)
            typed = typed or storable(words_of(settings.get("originalPrompt") or settings.get("original_prompt")))[0]
        else:
            other = Generation("unknown", prompt=words_of(text))
        other.made_storable()
        if generation is None:
            generation = other
        else:
            generation.fill(other)
    if generation is not None and generation.tool == "unknown" and not (generation.prompt or typed or generation.model):
        return (generation if taken.embedded.generation else None), typed
    return generation, typed


def _of_eagle(item: dict[str, Any], name: str) -> Generation:
    """What Eagle knows of the file: its note is the prompt; tags and the address it came from stay in the raw text."""
    if f"{item.get('name')}.{item.get('ext')}" != name.rpartition("/")[2]:
        return Generation("unknown")
    return Generation("unknown", prompt=words_of(item.get("annotation")))


def _raw(taken: Taken, generation: Generation | None) -> dict[str, Any]:
    folder, _, name = taken.name.rpartition("/")
    raw: dict[str, Any] = {"file": {"name": name, "folder": folder}, "metadata": taken.embedded.found.texts}
    said = {key: value for key in SETTINGS if generation and (value := getattr(generation, key)) not in (None, "")}
    if said and said != {"tool": "unknown"}:
        raw["generation"] = said
    if taken.beside:
        raw["beside"] = taken.beside
    if taken.embedded.found.left_out:
        raw["left_out"] = taken.embedded.found.left_out
    return raw


def _created_at(taken: Taken, generation: Generation | None) -> datetime | None:
    """The time that the tool wrote, else the one in the file or its name, else when the file was last changed."""
    said = (
        generation.created_at if generation else None,
        taken.embedded.found.written_at,
        naming.time_in_name(taken.name),
    )
    for text in said:
        moment = _moment(text) if text else None
        if moment is not None:
            return moment
    return taken.modified_at


def _moment(text: str) -> datetime | None:
    text = text.strip()[:64]
    if text[4:5] == text[7:8] == ":":
        # EXIF's form of a date: 2025:09:30 12:00:00
        text = f"{text[:4]}-{text[5:7]}-{text[8:]}"
    try:
        return time_of(text)[0]
    except NoTime:
        pass
    try:
        return time_of(parsedate_to_datetime(text).isoformat())[0]
    except (NoTime, ValueError, TypeError, IndexError, OverflowError):
        return None
