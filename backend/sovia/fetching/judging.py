"""What a server's answer means before its body is read, and what the first and last bytes of a body tell; pure."""

import io
import mmap
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from sovia.library import containers, media_types
from sovia.library.media_types import MediaType

# Their files are the user's own; without the session of the browser they answer 403 for every one.
SESSION_HOSTS = ("assets.grok.com", "grok.com")
# Open to everybody, so that "access denied" there is how a storage says "no such file".
OPEN_HOSTS = ("imagine-public.x.ai", "images-public.x.ai", "vidgen.x.ai", "imgen.x.ai")
MOST_BYTES = {"image": 200_000_000, "audio": 1_000_000_000, "video": 8_000_000_000}
NO_SUCH_FILE = (b"NoSuchKey", b"NoSuchBucket", b"BlobNotFound", b"The specified key does not exist")
DENIED = (b"AccessDenied", b"Access Denied")
LONGEST_WAIT = 86_400.0
USUAL_WAIT = 30.0
RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})\Z")
ENDS = {media_types.PNG: b"IEND", media_types.JPEG: b"\xff\xd9", media_types.GIF: b"\x3b"}


class Refusal(NamedTuple):
    """Why there is no file in an answer; `wait` seconds before it makes sense to ask again."""

    cause: str
    reason: str
    wait: float | None = None


def refusal_of(status: int, headers: Mapping[str, str], url: str, body: bytes, now: datetime) -> Refusal | None:
    """What an answer other than a file means; `body` is the beginning of what it says. Nothing for a file."""
    if status in (200, 206):
        return _unfit(headers)
    if status in (404, 410) or any(word in body for word in NO_SUCH_FILE):
        return Refusal("gone", f"the site answers {status}: it does not have the file")
    if status in (401, 402, 403, 407, 451):
        return _denied(status, urlsplit(url).hostname or "", body)
    if status == 429 or (status == 503 and "retry-after" in headers):
        return Refusal("busy", "the server asks to wait", wait_of(headers.get("retry-after", ""), now))
    if status >= 500:
        return Refusal("server_error", f"the server answers {status}")
    if status == 416:
        return Refusal("wrong_range", "the server does not have the part that is lacking")
    return Refusal("refused", f"the server answers {status}")


def _unfit(headers: Mapping[str, str]) -> Refusal | None:
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return Refusal("encoded", "the answer is compressed")
    return None


def _denied(status: int, host: str, body: bytes) -> Refusal:
    if host in OPEN_HOSTS and any(word in body for word in DENIED):
        return Refusal("gone", "the storage denies access, which is how it says that there is no such file")
    if host in SESSION_HOSTS or status in (401, 407):
        return Refusal("needs_session", "the site gives it only to a signed-in browser")
    return Refusal("refused", f"the server answers {status}")


def wait_of(text: str, now: datetime) -> float:
    """The seconds that `Retry-After` asks for, in either of its forms (RFC 9110, 10.2.3), within reason."""
    if text.isascii() and text.isdigit():
        return min(LONGEST_WAIT, float(text[:9]))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return USUAL_WAIT
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, min(LONGEST_WAIT, (moment - now).total_seconds()))


def stated_length(headers: Mapping[str, str]) -> int | None:
    """How long the body says it is."""
    found = headers.get("content-length", "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 19 else None


def stated_range(headers: Mapping[str, str]) -> tuple[int, int, int] | None:
    """First byte, last byte and whole length of a part."""
    found = RANGE.match(headers.get("content-range", ""))
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def refusal_of_head(head: bytes, kind: str) -> Refusal | None:
    """Why these first bytes are not those of a file of this kind, or nothing."""
    if not head:
        return Refusal("not_media", "it is empty (0 bytes)")
    found = media_types.sniff(head)
    if found is None:
        return Refusal("not_media", media_types.why_refused(head))
    # A sound may come in a container that could hold pictures too.
    if found.kind != kind and (kind, found) != ("audio", media_types.MP4):
        return Refusal("wrong_kind", f"it is of the kind {found.kind}, not {kind}")
    return None


def is_whole(file: BinaryIO) -> bool:
    """Whether a file has the end that its kind must have; that it can be decoded is found out later."""
    file.seek(0)
    media_type = media_types.sniff(file.read(media_types.HEAD_BYTES))
    if media_type is None:
        return False
    return not containers.is_cut_short(file, media_type) and _has_end(file, media_type)


def is_whole_in(content: bytes) -> bool:
    """The same of a small file that is still in memory."""
    media_type = media_types.sniff(content[: media_types.HEAD_BYTES])
    if media_type is None or containers.is_cut_short(io.BytesIO(content), media_type):
        return False
    end = ENDS.get(media_type)
    return end is None or content.rfind(end) > 0


def _has_end(file: BinaryIO, media_type: MediaType) -> bool:
    end = ENDS.get(media_type)
    if end is None or not file.seek(0, os.SEEK_END):
        return True
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        # Something may follow the end; such files are shown all the same.
        return content.rfind(end) > 0
