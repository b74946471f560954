"""A record of any tool with the usual names of a post's fields beside its own."""

from typing import Any

from sovia.importer import fields
from sovia.importer.shapes import assets

Record = dict[str, Any]


# Names that many things have; of a post they are only where the address has an id in it.
COMMON = {"url": "mediaUrl", "type": "mediaType"}
ODD = fields.USUAL_NAME.keys() | COMMON.keys()


def usual(record: Record) -> Record:
    """The record as a post of the provider would spell it; one that does already is answered as it is."""
    if ODD.isdisjoint(record):
        return record
    if "assetId" in record:
        record = assets.spelled(record)
    elif isinstance(record.get("url"), str) and fields.id_in_url(record["url"]):
        record = {COMMON.get(name, name): value for name, value in record.items()} | record
    return fields.respelled(record)
