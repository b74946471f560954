"""What a post was made from, beyond the one parent that places it: references, extended clips, edited pictures."""

from typing import Any
from uuid import UUID

from sovia.importer import fields
from sovia.importer.shapes import assets
from sovia.library.incoming import Edge

Record = dict[str, Any]

MOST_INPUTS = 64
# The role of an edge is this, extension, edit, or original for any other way.
REFERENCE = "reference"


def has_inputs(record: Record) -> bool:
    """Whether a record says more about its origin than a parent."""
    return "inputMediaItems" in record or "originalRefType" in record or "mediaGenInput" in record


def edges_of(post_id: UUID, parent_id: UUID | None, record: Record) -> list[Edge]:
    """The edges of a post in order, none to itself and each input once in a role."""
    found: dict[tuple[str, UUID | None, str], None] = {}
    kind = record.get("originalRefType")
    if parent_id is not None and kind is not None:
        found[_role(str(kind)), parent_id, ""] = None
    for input_id, url in _items(record):
        if input_id != post_id:
            found[REFERENCE, input_id, url] = None
    role = _role(assets.generation(record)[0])
    for raw_id in assets.input_ids(record):
        named = fields.id_of(raw_id)
        # A clip's only picture is its parent, which says all.
        if named and named[0] != post_id and (role, named[0]) != ("original", parent_id):
            found[role, named[0], ""] = None
    return _numbered(post_id, found)


def first_input(record: Record) -> UUID | None:
    """The first post that the record names as an input."""
    return next((input_id for input_id, _ in _items(record) if input_id is not None), None)


def _numbered(post_id: UUID, found: dict[tuple[str, UUID | None, str], None]) -> list[Edge]:
    places: dict[str, int] = {}
    edges = []
    for role, input_id, url in found:
        position = places.get(role, 0)
        if position < MOST_INPUTS:
            edges.append(Edge(post_id, input_id, url, role, position))
            places[role] = position + 1
    return edges


def _items(record: Record) -> list[tuple[UUID | None, str]]:
    """Ids and addresses of the input items; items with neither are left out."""
    several = record.get("inputMediaItems")
    found = []
    for item in several if isinstance(several, list) else ():
        if not isinstance(item, dict):
            continue
        said = (item.get("mediaUrl"), item.get("imageUrl"), item.get("url"))
        url = next((one for one in said if isinstance(one, str) and one), "")
        named = fields.id_of(item.get("id"))
        input_id = named[0] if named else fields.id_in_url(url)
        if input_id or url:
            found.append((input_id, url))
    return found


def _role(kind: str) -> str:
    word = kind.lower()
    if "extension" in word:
        return "extension"
    if "multi_ref" in word or "reference" in word:
        return REFERENCE
    return "edit" if "edit" in word or word == "imagetoimage" else "original"
