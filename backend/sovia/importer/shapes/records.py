"""One JSON value of an export, of whatever tool, as the records in it; what is left out on purpose is counted."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sovia.importer.shapes import assets, tools, urls
from sovia.importer.shapes.inline_text import SURE
from sovia.importer.shapes.notes import Notes

Record = dict[str, Any]

# Members of an envelope that hold its records.
LISTS = ("posts", "media_posts", "assets", "items", "results")
ONE = ("post", "asset")
CURSORS = ("nextCursor", "nextPageToken")
NAMES_OF_FOLDERS = ("collections", "folders")
WORDS = {"assets": "assets", "media_posts": "account_export"}
POSTLIKE = ("mediaType", "media_type", "childPosts", "child_posts", "originalPrompt", "original_prompt", "variants")


class Taken(NamedTuple):
    """A record to be parsed; `left_out` counts it as read, but nothing comes of it."""

    value: object
    second_hand: bool = False
    left_out: bool = False


LEFT_OUT = Taken(None, left_out=True)


def unwrapped(value: object, notes: Notes) -> Iterator[Taken]:
    """The records of one element of a list, or of one line: itself, or those that it holds."""
    if not isinstance(value, dict):
        yield from element(value, notes)
        return
    page = next((name for name in LISTS if isinstance(value.get(name), list)), None)
    if page is not None:
        notes.incomplete_capture = any(value.get(name) for name in CURSORS)
        notes.saw(WORDS.get(page, ""))
        for one in value[page]:
            yield from element(one, notes)
        return
    single = next((value[name] for name in ONE if isinstance(value.get(name), dict)), value)
    yield from element(single, notes)


def element(value: object, notes: Notes) -> Iterator[Taken]:
    """The records of one value that is no page."""
    if isinstance(value, str):
        yield _address(value, notes)
    elif not isinstance(value, dict) or "mediaUrl" in value:
        yield Taken(value)
    elif "assetId" in value:
        yield _asset(value, notes)
    elif tools.is_link(value):
        notes.saw("links")
        yield Taken(tools.link(value) or value, second_hand=True)
    elif is_record(value):
        notes.saw("sidecar" if "variants" in value else "library" if "child_posts" in value else "")
        yield Taken(value)
    else:
        yield from _deeper(value, notes)


def is_record(value: Record) -> bool:
    """Whether an object can be a post, by the names of its fields."""
    if "mediaUrl" in value or "media_url" in value or not SURE.isdisjoint(value):
        return True
    return "id" in value and any(name in value for name in POSTLIKE)


def harvested(value: object, notes: Notes) -> Iterator[Taken]:
    """Every record anywhere inside a value, in order; what is around them is passed over."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed([inner for inner in one if isinstance(inner, (dict, list))])
        elif isinstance(one, dict):
            if assets.is_asset(one):
                yield _asset(one, notes)
            elif is_record(one):
                yield Taken(one)
            elif isinstance(one.get(tools.STREAM), dict):
                yield _event(one[tools.STREAM], notes)
            else:
                waiting += reversed([inner for inner in one.values() if isinstance(inner, (dict, list))])


def _deeper(value: Record, notes: Notes) -> Iterator[Taken]:
    """The records inside an object that is none itself; the object, when there are none."""
    found = False
    for one in harvested(value, notes):
        found = True
        yield one
    if found:
        return
    named = next((name for name in NAMES_OF_FOLDERS if isinstance(value.get(name), list)), None)
    if named:
        notes.saw("collection")
        notes.leave_out("folders", len(value[named]))
        yield LEFT_OUT
    else:
        yield Taken(value)


def _asset(asset: Record, notes: Notes) -> Taken:
    why = assets.why_left_out(asset)
    notes.saw("collection" if why == "only_named" else "assets")
    if why is None:
        return Taken(asset)
    notes.leave_out(why)
    return LEFT_OUT


def _event(event: Record, notes: Notes) -> Taken:
    notes.saw("stream")
    clip = tools.finished_clip(event)
    if clip is None:
        notes.leave_out("unfinished")
        return LEFT_OUT
    return Taken(clip)


def _address(text: str, notes: Notes) -> Taken:
    stub = urls.stub(text)
    if stub is None:
        return Taken(text)
    notes.saw("urls")
    if urls.is_sound(text):
        notes.leave_out("sounds")
        return LEFT_OUT
    return Taken(stub, second_hand=True)
