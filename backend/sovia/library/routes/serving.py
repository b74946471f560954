"""Answers with the bytes of a file: ranges, validators and headers that let a browser show it and do nothing else."""

import os
import re
from pathlib import Path, PurePosixPath

from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from sovia.kit import disk
from sovia.library import media_types
from sovia.library.media_types import MediaType
from sovia.library.queries.files import ServedFile

# Whatever the bytes turn out to be, they run nothing, load nothing and belong to no page but ours.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
RANGES = re.compile(rb"bytes=\s*(?:\d{1,18}-\d{0,18}|-\d{1,18})(?:\s*,\s*(?:\d{1,18}-\d{0,18}|-\d{1,18}))*\s*")
BACKWARDS = re.compile(rb"(\d+)-(\d+)")
# Names that say nothing outside their folder.
LEAVES = ("content", "image", "generated_video", "generated_video_hd")


class FileAnswer(FileResponse):
    """A file as Starlette serves it; a Range header that makes no sense is ignored, as RFC 9110 (14.2) has it."""

    # Each piece is a turn of a thread: with the library's 64 kB these take longer than the reading.
    chunk_size = 256 * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, whole or in part."""
        headers = [(name, value) for name, value in scope["headers"] if name != b"range" or _makes_sense(value)]
        await super().__call__({**scope, "headers": headers}, receive, send)


def opened(root: Path, relative: str, served: ServedFile) -> tuple[os.stat_result, MediaType | None]:
    """What lies there now and its type: the recorded one while the file is what it was, else by its first bytes.

    `FileNotFoundError` when there is no regular file or a link is on the way to it.
    """
    descriptor = disk.open_beneath(root, relative)
    try:
        status = os.fstat(descriptor)
        if (status.st_size, status.st_mtime_ns) == (served.size_bytes, served.mtime_ns):
            return status, media_types.by_mime(served.mime_type)
        return status, media_types.sniff(os.read(descriptor, media_types.HEAD_BYTES))
    finally:
        os.close(descriptor)


def media_answer(path: Path, status: os.stat_result, media_type: MediaType | None, *, download: bool) -> FileAnswer:
    """The answer for a file below the media folder; what is on no list is only ever a download."""
    return FileAnswer(
        path,
        stat_result=status,
        media_type=media_type.mime if media_type else "application/octet-stream",
        filename=download_name(path, media_type) if download or media_type is None else None,
        headers={**SAFE_HEADERS, "Cache-Control": "private, no-cache", "ETag": etag_of(status)},
    )


def derived_answer(path: Path, status: os.stat_result, etag: str) -> FileAnswer:
    """The answer for a thumbnail or preview: its address names its bytes, so it may be kept for ever."""
    return FileAnswer(
        path,
        stat_result=status,
        media_type="video/mp4" if path.suffix == ".mp4" else "image/webp",
        headers={**SAFE_HEADERS, "Cache-Control": "private, max-age=31536000, immutable", "ETag": etag},
    )


def not_modified(etag: str, cache_control: str) -> Response:
    """What the browser has is still right."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": cache_control, **SAFE_HEADERS})


def etag_of(status: os.stat_result) -> str:
    """Another one whenever the file changes."""
    return f'"{status.st_size:x}-{status.st_mtime_ns:x}"'


def has(etag: str, if_none_match: str | None) -> bool:
    """Whether the browser says that it has this very version."""
    if if_none_match is None:
        return False
    known = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return any(part in (etag, "*") for part in known)


def download_name(path: Path, media_type: MediaType | None) -> str:
    """A name that a person can tell apart, with the extension of what it really is."""
    name = PurePosixPath(path.name)
    stem = f"{path.parent.name}-{name.stem}" if name.stem in LEAVES else name.stem
    if media_type is None:
        return f"{stem}{name.suffix}.bin"
    usual = {media_type.extension, ".jpeg" if media_type is media_types.JPEG else media_type.extension}
    return f"{stem}{name.suffix if name.suffix.lower() in usual else media_type.extension}"


def _makes_sense(header: bytes) -> bool:
    if not RANGES.fullmatch(header):
        return False
    return all(int(first) <= int(last) for first, last in BACKWARDS.findall(header))
