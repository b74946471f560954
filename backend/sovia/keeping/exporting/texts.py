"""The texts of an export: JSON in pieces, sidecars, the tags of a bag; pure."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from typing import Any
from xml.sax.saxutils import escape

import orjson

from sovia.keeping.exporting.records import OWN, Portion, Row, own_values, records_of

HEAD = b'{"exporter":"8xSovia","format":1,"posts":[\n'
END = b"\n]}\n"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
{fields}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
"""


async def json_pieces(portions: AsyncIterator[Portion]) -> AsyncIterator[bytes]:
    """The whole of an export as JSON, one stack a line."""
    yield HEAD
    first = True
    async for portion in portions:
        lines = [line(record) for record in records_of(portion)]
        if lines:
            yield (b"" if first else b",\n") + b",\n".join(lines)
            first = False
    yield END


def sidecar(post: Row, files: Sequence[Row], given: Row) -> bytes:
    """All that is known of one post, beside its file."""
    record = dict(post["raw"] or {})
    own = own_values(post, record) | dict(given) | {"files": [_file_of(row) for row in files]}
    return orjson.dumps(record | {OWN: own}, option=orjson.OPT_INDENT_2, default=str) + b"\n"


def xmp(post: Row, given: Row) -> bytes:
    """The prompt, date, rating (a like without one is the best) and tags of one post as other programs read them."""
    fields = []
    prompt = post["prompt"] or post["original_prompt"]
    if prompt:
        said = f'<rdf:Alt><rdf:li xml:lang="x-default">{_xml(prompt)}</rdf:li></rdf:Alt>'
        fields.append(f"<dc:description>{said}</dc:description>")
    if post["created_at"]:
        fields.append(f"<xmp:CreateDate>{post['created_at'].astimezone(UTC).isoformat()}</xmp:CreateDate>")
    rating = given.get("rating") or (5 if post["liked"] else 0)
    if rating:
        fields.append(f"<xmp:Rating>{rating}</xmp:Rating>")
    if given.get("tags"):
        each = "".join(f"<rdf:li>{_xml(tag)}</rdf:li>" for tag in given["tags"])
        fields.append(f"<dc:subject><rdf:Bag>{each}</rdf:Bag></dc:subject>")
    if post["model"]:
        fields.append(f"<xmp:CreatorTool>{_xml(post['model'])}</xmp:CreatorTool>")
    return XMP.replace("{fields}", "\n".join(fields)).encode()


def bag_info(files: int, size: int) -> bytes:
    """What a bag says of itself."""
    # No date: what holds the same is the same.
    lines = {"Bag-Software-Agent": "8xSovia", "Payload-Oxum": f"{size}.{files}"}
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()


def line(record: Mapping[str, Any]) -> bytes:
    """A record in one line."""
    return orjson.dumps(record, default=str)


def _file_of(row: Row) -> dict[str, Any]:
    return {"role": row["role"], "path": row["path"], "sha256": row["sha256"].hex() if row["sha256"] else None}


def _xml(text: str) -> str:
    # Characters that XML forbids would make the whole file unreadable.
    return escape(FORBIDDEN.sub("", text))
