"""What a C2PA manifest claims (C2PA 2.x; boxes by ISO/IEC 19566-5): read, not verified, so only kept as a claim."""

from collections.abc import Iterator

from sovia.importer.embedded import cbor
from sovia.importer.embedded.found import MAX_PARTS, Found

MAX_DEPTH = 8
BOX_HEAD = 8
ACTIONS, CLAIM = "c2pa.actions", "c2pa.claim"


def read(data: bytes, found: Found) -> None:
    """Add who claims to have made the file, and by what kind of process, under the names `c2pa:...`."""
    if not found.takes(len(data), "C2PA"):
        return
    for label, body in _contents(data):
        if not label.startswith((ACTIONS, CLAIM)) or label.startswith("c2pa.claim.signature"):
            continue
        try:
            value = cbor.value_of(body)
        except cbor.Broken:
            found.leave_out("a C2PA manifest that is broken")
            continue
        if isinstance(value, dict):
            _claim(value, found)
            _actions(value.get("actions"), found)


def _contents(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The label of each box that holds CBOR, and its content."""
    waiting = [(data, "", 0)]
    count = 0
    while waiting:
        body, label, depth = waiting.pop()
        for kind, content in _boxes(body):
            count += 1
            if count > MAX_PARTS:
                return
            if kind == b"jumd":
                # 16 bytes of type and one of flags stand before the label.
                label = content[17:].partition(b"\x00")[0].decode("utf-8", "replace")
            elif kind == b"jumb" and depth < MAX_DEPTH:
                waiting.append((content, "", depth + 1))
            elif kind == b"cbor":
                yield label, content


def _boxes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + BOX_HEAD <= len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        if size == 0:
            size = len(body) - at
        if size < BOX_HEAD:
            return
        yield body[at + 4 : at + 8], body[at + BOX_HEAD : at + size]
        at += size


def _claim(value: dict[str, object], found: Found) -> None:
    info = value.get("claim_generator_info")
    for one in info if isinstance(info, list) else [info]:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            found.add("c2pa:generator", str(one["name"]))
    generator = value.get("claim_generator")
    if isinstance(generator, str):
        found.add("c2pa:generator", generator)


def _actions(several: object, found: Found) -> None:
    for action in several[:64] if isinstance(several, list) else ():
        if not isinstance(action, dict):
            continue
        agent = action.get("softwareAgent")
        name = agent.get("name") if isinstance(agent, dict) else agent
        for key, value in (("softwareAgent", name), ("digitalSourceType", action.get("digitalSourceType"))):
            if isinstance(value, str):
                found.add(f"c2pa:{key}", value)
