"""A record of any tool with the usual names of a post's fields beside its own."""

from typing import Any

from sovia.importer import fields
from sovia.importer.shapes import assets

Record = dict[str, Any]


def usual(record: Record) -> Record:
    """The record as a post of the provider would spell it; one that does already is answered as it is."""
    if fields.USUAL_NAME.keys().isdisjoint(record):
        return record
    return fields.respelled(assets.spelled(record) if "assetId" in record else record)
