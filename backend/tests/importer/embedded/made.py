"""Media with texts inside, made by hand where no library writes what tools in the wild write."""

import gzip
import io
import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sovia.importer.embedded.found import MAX_METADATA, Found
from sovia.importer.embedded.generation import Generation
from sovia.importer.embedded.reading import Embedded, read_media

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ASCII, UNDEFINED, BYTE = 2, 7, 1
DESCRIPTION, MAKE, MODEL, SOFTWARE, TIME = 0x010E, 0x010F, 0x0110, 0x0131, 0x0132
USER_COMMENT, MAKER_NOTE, XP_COMMENT = 0x9286, 0x927C, 0x9C9C
IN_EXIF = (USER_COMMENT, MAKER_NOTE)
PIECE = 1 << 20


def png(texts: Mapping[str, str] | None = None, *, mode: str = "RGB", size: tuple[int, int] = (16, 12)) -> bytes:
    """A PNG with these texts; Pillow takes tEXt or, for other scripts, iTXt."""
    info, out = PngInfo(), io.BytesIO()
    for name, text in (texts or {}).items():
        info.add_text(name, text) if text.isascii() else info.add_itxt(name, text)
    Image.new(mode, size, 7 if mode in ("L", "P") else (9, 90, 200, 255)[: len(mode)]).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(*chunks: bytes, behind: bytes = b"", size: tuple[int, int] = (4, 4)) -> bytes:
    """A PNG whose chunks between header and pixels, and behind those, are as given."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", packed_zeros((size[0] + 1) * size[1]))
    return SIGNATURE + header + b"".join(chunks) + pixels + behind + chunk(b"IEND", b"")


def packed_zeros(count: int) -> bytes:
    """So many zeros as zlib packs them; of many, one piece is packed, which does not refer to others, and repeated."""
    pieces, rest = divmod(count, PIECE)
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    piece = packer.compress(bytes(PIECE)) + packer.flush(zlib.Z_FULL_FLUSH) if pieces else b""
    # The checksum behind the blocks (RFC 1950, section 9) is, of zeros, their number and a one.
    checksum = struct.pack(">HH", count % 65_521, 1)
    return b"\x78\x9c" + piece * pieces + packer.compress(bytes(rest)) + packer.flush() + checksum


def tiff(fields: Mapping[int, bytes | str], *, order: str = "<") -> bytes:
    """EXIF data with these fields; those of cameras in a folder of their own, as the standard wants."""
    main = {tag: value for tag, value in fields.items() if tag not in IN_EXIF}
    inner = {tag: value for tag, value in fields.items() if tag in IN_EXIF}
    start = 8
    first_size = 2 + 12 * (len(main) + bool(inner)) + 4
    data_at = start + first_size + (2 + 12 * len(inner) + 4 if inner else 0)
    data = b""

    def field(tag: int, value: bytes | str) -> bytes:
        nonlocal data
        kind = ASCII if isinstance(value, str) else UNDEFINED if tag in IN_EXIF else BYTE
        raw = value.encode() + b"\x00" if isinstance(value, str) else value
        if len(raw) <= 4:
            return struct.pack(order + "HHI", tag, kind, len(raw)) + raw.ljust(4, b"\x00")
        at = data_at + len(data)
        data += raw
        return struct.pack(order + "HHII", tag, kind, len(raw), at)

    folder = b"".join(field(tag, value) for tag, value in sorted(main.items()))
    if inner:
        folder += struct.pack(order + "HHII", 0x8769, 4, 1, start + first_size)
    body = struct.pack(order + "H", len(main) + bool(inner)) + folder + bytes(4)
    if inner:
        entries = b"".join(field(tag, value) for tag, value in sorted(inner.items()))
        body += struct.pack(order + "H", len(inner)) + entries + bytes(4)
    return (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", start) + body + data


def user_comment(text: str, order: str = "be") -> bytes:
    """As A1111 and others write it: declared as Unicode, in either byte order."""
    return b"UNICODE\x00" + text.encode(f"utf-16-{order}")


def segment(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes, fields: Mapping[int, bytes | str] | None = None, order: str = "<") -> bytes:
    """A JPEG with EXIF fields and further segments behind its beginning."""
    out = io.BytesIO()
    Image.new("RGB", (16, 12), (9, 90, 200)).save(out, "JPEG")
    exif = segment(0xE1, b"Exif\x00\x00" + tiff(fields, order=order)) if fields else b""
    return out.getvalue()[:2] + exif + b"".join(segments) + out.getvalue()[2:]


def webp(fields: Mapping[int, bytes | str] | None = None, *, xmp: bytes = b"", **how: Any) -> bytes:
    """A WebP with EXIF fields."""
    out = io.BytesIO()
    exif = tiff(fields) if fields else b""
    Image.new("RGB", (16, 12), (9, 90, 200)).save(out, "WEBP", exif=exif, xmp=xmp, **how)
    return out.getvalue()


def mp4(tags: Mapping[str, str], folder: Path, *, keyed: bool = True) -> bytes:
    """A clip with tags: any name in a table of keys, or the few of iTunes."""
    path = folder / "made.mp4"
    options = {"movflags": "use_metadata_tags"} if keyed else {}
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(tags)
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((16, 32, 3), np.uint8), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    content = path.read_bytes()
    path.unlink()
    return content


def xmp(**properties: str) -> str:
    """An XMP packet with properties of the usual spaces, such as `dc_description`."""
    spaces = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    }
    names = " ".join(f'xmlns:{short}="{space}"' for short, space in spaces.items())
    lines = []
    for key, value in properties.items():
        tag, text = key.replace("_", ":", 1), value.replace("&", "&amp;").replace("<", "&lt;")
        inner = f'<rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>' if tag == "dc:description" else text
        lines.append(f"<{tag}>{inner}</{tag}>")
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>{"".join(lines)}</rdf:Description></rdf:RDF></x:xmpmeta>'
        f"{' ' * 2000}<?xpacket end='w'?>"
    )


def stealth(text: str, *, packed: bool = True, size: tuple[int, int] = (64, 64)) -> bytes:
    """A PNG that hides a text in the lowest bits of its transparency, column by column."""
    body = gzip.compress(text.encode()) if packed else text.encode()
    head = b"stealth_pngcomp" if packed else b"stealth_pnginfo"
    bits = np.unpackbits(np.frombuffer(head + struct.pack(">I", 8 * len(body)) + body, np.uint8))
    width, height = size
    alpha = np.full(width * height, 255, np.uint8)
    alpha[: bits.size] = 254 + bits
    picture = Image.new("RGB", size, (9, 90, 200))
    picture.putalpha(Image.fromarray(alpha.reshape(width, height).T))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of an MP4 or of JUMBF."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def cbor(value: Any) -> bytes:
    """A value as CBOR, as far as manifests need it."""

    def head(kind: int, size: int) -> bytes:
        return bytes((kind << 5 | size,)) if size < 24 else bytes((kind << 5 | 25,)) + struct.pack(">H", size)

    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


def manifest(agent: str, kind: str) -> bytes:
    """A C2PA manifest that claims who made the file, and how."""
    actions = {"actions": [{"action": "c2pa.created", "softwareAgent": {"name": agent}, "digitalSourceType": kind}]}

    def labelled(label: str, *inside: bytes) -> bytes:
        return box(b"jumb", box(b"jumd", bytes(16) + b"\x03" + label.encode() + b"\x00"), *inside)

    claim = {"claim_generator_info": [{"name": "A signer"}]}
    assertions = labelled("c2pa.assertions", labelled("c2pa.actions.v2", box(b"cbor", cbor(actions))))
    return labelled("c2pa", labelled("urn:c2pa:1", assertions, labelled("c2pa.claim.v2", box(b"cbor", cbor(claim)))))


def graph(**changes: Any) -> str:
    """ComfyUI's usual graph of six nodes, as JSON."""
    nodes: dict[str, Any] = {
        "3": {
            "class_type": "KSampler",
            "inputs": {
                "seed": 156680208700286,
                "steps": 20,
                "cfg": 8.0,
                "sampler_name": "euler",
                "scheduler": "normal",
                "denoise": 1.0,
                "model": ["4", 0],
                "positive": ["6", 0],
                "negative": ["7", 0],
                "latent_image": ["5", 0],
            },
        },
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sdxl/base_1.0.safetensors"}},
        "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 768, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a glass bottle", "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "watermark", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
    }
    return json.dumps(nodes | changes)


def said(content: bytes) -> dict[str, Any]:
    """What was understood, without what was not said."""
    found = read_media(content)
    assert found is not None
    assert found.generation is not None, found.found.texts
    generation = found.generation
    return {name: value for name in Generation.__slots__ if (value := getattr(generation, name)) not in (None, "")}


def read(content: bytes) -> Embedded:
    """What was read, after a look whether all of it can be stored."""
    found = read_media(content)
    assert found is not None
    check(found.found, found.generation)
    return found


def check(found: Found, generation: Generation | None) -> None:
    words = [*found.texts, *found.texts.values(), *found.left_out]
    if generation is not None:
        values = [getattr(generation, name) for name in Generation.__slots__]
        words += [value for value in values if isinstance(value, str)]
        assert all(value is None or isinstance(value, str | int | float) for value in values)
    assert sum(map(len, found.texts.values())) <= MAX_METADATA
    for word in words:
        word.encode()
        assert "\x00" not in word
