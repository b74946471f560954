"""What a file is, from its first bytes alone: the list of media types that are ever shown, everything else refused."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "video", "audio"]
# Enough for every signature below, and to tell a page of text from a broken picture.
HEAD_BYTES = 512


@dataclass(frozen=True)
class MediaType:
    """One type on the list: how it is served, what it is called, which decoder alone may open it.

    `decoder` is Pillow's format for pictures and FFmpeg's demuxer for clips and sounds.
    """

    mime: str
    kind: Kind
    extension: str
    decoder: str


PNG = MediaType("image/png", "image", ".png", "PNG")
JPEG = MediaType("image/jpeg", "image", ".jpg", "JPEG")
WEBP = MediaType("image/webp", "image", ".webp", "WEBP")
GIF = MediaType("image/gif", "image", ".gif", "GIF")
AVIF = MediaType("image/avif", "image", ".avif", "AVIF")
MP4 = MediaType("video/mp4", "video", ".mp4", "mov")
QUICKTIME = MediaType("video/quicktime", "video", ".mov", "mov")
WEBM = MediaType("video/webm", "video", ".webm", "matroska")
MP3 = MediaType("audio/mpeg", "audio", ".mp3", "mp3")
WAV = MediaType("audio/wav", "audio", ".wav", "wav")
FLAC = MediaType("audio/flac", "audio", ".flac", "flac")
M4A = MediaType("audio/mp4", "audio", ".m4a", "mov")
OGG = MediaType("audio/ogg", "audio", ".ogg", "ogg")

ALL = (PNG, JPEG, WEBP, GIF, AVIF, MP4, QUICKTIME, WEBM, MP3, WAV, FLAC, M4A, OGG)
BY_MIME = {media_type.mime: media_type for media_type in ALL}

STARTS: tuple[tuple[bytes, MediaType], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"fLaC", FLAC),
    (b"OggS", OGG),
    (b"ID3", MP3),
)
RIFF_FORMS = {b"WEBP": WEBP, b"WAVE": WAV}
# ISO base media brands (ISO/IEC 14496-12, registered at mp4ra.org); brands of HEIC, CR3 and the like stay unknown.
BRANDS: dict[bytes, MediaType] = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    **dict.fromkeys((b"qt  ",), QUICKTIME),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1"),
        MP4,
    ),
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP", b"dash", b"msdh", b"mmp4", b"MSNV", b"3gp4", b"3gp5", b"f4v "), MP4),
}


def sniff(head: bytes) -> MediaType | None:
    """The type whose signature these first bytes carry, or nothing when it is none of ours; names play no part."""
    for start, media_type in STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF":
        return RIFF_FORMS.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return WEBM if b"webm" in head[:64] else None
    return MP3 if _is_mp3_frame(head) else None


def by_mime(mime: str | None) -> MediaType | None:
    """The type on the list that has this name."""
    return BY_MIME.get(mime or "")


def why_refused(head: bytes) -> str:
    """In a person's words, what bytes that carry none of our signatures are instead."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head.strip(b"\x00"):
        return "it holds only zeros"
    if b"accessdenied" in text:
        return "it is a note that access was denied, not a media file"
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "it is a web page, not a media file"
    if b"<svg" in text:
        return "it is an SVG drawing, which can carry scripts and is never shown"
    if text.startswith((b"#extm3u", b"ffconcat")):
        return "it is a playlist, not a media file"
    if text.startswith((b"<?xml", b"<")):
        return "it is an XML text, not a media file"
    if text.startswith((b"{", b"[")):
        return "it is a JSON text, not a media file"
    return "it is not a picture, clip or sound of a kind that can be shown"


def _by_brand(head: bytes) -> MediaType | None:
    size = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head) - 3), 4))]
    # The major brand decides; makers' own ones are told by what they are compatible with.
    return next((BRANDS[brand] for brand in brands if brand in BRANDS), None)


def _is_mp3_frame(head: bytes) -> bool:
    """Whether this begins like a frame of MPEG audio layer III without a tag before it (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    version, bitrate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and bitrate not in (0, 15) and rate != 3
