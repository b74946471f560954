"""Where the bytes of a URL lie under `https_/`: a pure rule that refuses rather than repairs anything odd."""

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

MEDIA_HOST = "assets.grok.com"
# Their queries carry only cache hints and tokens: the same path is the same file.
KNOWN_HOSTS = frozenset(
    ("assets.grok.com", "grok.com", "imagine-public.x.ai", "images-public.x.ai", "vidgen.x.ai", "imgen.x.ai")
)
MAX_URL = 2048
MAX_SEGMENTS = 32
MAX_SEGMENT_BYTES = 200
# Files that came without an address lie here by their content; no host name starts with an underscore.
ROOT = "https_/"
LOCAL = ROOT + "_local"
# What of them nobody refers to any more lies below here, under the same names.
PUT_AWAY = ROOT + "_trash"
# A clip's folder may be called like the picture's extensionless file beside it.
LEAF_WITHOUT_EXTENSION = "content"

ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
LEAF = r"(?:generated_[a-z_]{1,40}|image|preview_image)\.(?:mp4|jpg|jpeg|png|webp|flac)"
# The families that make up nearly every export; they need no escaping, so they skip the long way.
USUAL = re.compile(
    rf"https://(assets\.grok\.com/users/{ID}/(?:{ID}/content|generated/{ID}/{LEAF})"
    rf"|imagine-public\.x\.ai/imagine-public/[a-z-]{{1,40}}/{ID}\.(?:mp4|jpg|png))\Z"
)
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
AUTHORITY = re.compile(r"(?i:https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?")
SERVED = re.compile(r"(?i:https?)://[^/?#@]+/media/(https?_/[^?#]*)|/media/(https?_/[^?#]*)")
RESIZED = re.compile(r"(https?://[^/?#]+)/cdn-cgi/image/[^/]*=[^/]*/")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\Z")
NUMERIC_LABEL = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)
FORBIDDEN_ON_WINDOWS = re.compile(r'[:<>"|?*~]')
ESCAPED = re.compile(r"~([0-9a-f]{2})")
LOCAL_PATH = re.compile(rf"{LOCAL}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}\.[a-z0-9]{{2,5}}\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Mapped(NamedTuple):
    """`path` is relative to the installation's folder, with forward slashes; `url` is the full remote address."""

    url: str
    path: str


class Refusal(NamedTuple):
    """The URL as it was given, and in people's words why no path is made of it."""

    url: str
    reason: str


class _Odd(ValueError):
    """Why a URL is refused."""


def path_for_url(url: str) -> Mapped | Refusal:
    """`https://host/a/b?query` -> `https_/host/a/b`; the same file for equal URLs, never a path outside `https_/`.

    Takes the keys of newer feeds (`users/...`) and our own local forms (`https_/...`, `.../media/https_/...`) too.
    Names are percent-decoded to NFC. `~` begins an escape: `~3a` a character some system forbids, `~d` a folder called
    like a file, `~2` the other Unicode spelling of a name, `~q...` a query on a host whose queries may matter.
    """
    usual = USUAL.match(url)
    if usual:
        return Mapped(url, "https_/" + usual[1])
    try:
        return _mapped(url.strip())
    except _Odd as odd:
        return Refusal(url, str(odd))


def local_path(sha256: str, extension: str) -> str:
    """Where a file that came without an address is kept: by its content, with the extension of what it is."""
    return f"{LOCAL}/{sha256[:2]}/{sha256}{extension}"


def is_local(path: str | None) -> bool:
    """Whether it is a path that `local_path` made; no address leads to one."""
    return path is not None and LOCAL_PATH.match(path) is not None


def original_of(url: str) -> str:
    """The picture itself, when the URL is a resized copy made by Cloudflare on the way; otherwise the URL."""
    return RESIZED.sub(r"\1/", url, count=1) if "/cdn-cgi/" in url else url


def _mapped(url: str) -> Mapped:
    if len(url) > MAX_URL:
        raise _Odd(f"the address is longer than {MAX_URL:,} characters")
    if CONTROL.search(url) or "\\" in url:
        raise _Odd("the address has a backslash or a control character")
    served = SERVED.match(url)
    if served:
        return _local(_decoded(served[1] or served[2]))
    if url.startswith(("https_/", "http_/")):
        return _local(url)
    if url.startswith("users/"):
        url = f"https://{MEDIA_HOST}/{url}"
    parts = AUTHORITY.match(url)
    if not parts:
        scheme = SCHEME.match(url)
        raise _Odd(f"{scheme[1].lower()}: addresses are not media" if scheme else "this is not a web address")
    host = _host(parts[1], secure=url[:5].lower() == "https")
    names = _names(parts[2])
    if parts[3] and host not in KNOWN_HOSTS:
        names[-1] += "~q" + hashlib.sha256(parts[3].encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return Mapped(url, "/".join(("https_", host, *_short_enough(names))))


def _host(authority: str, *, secure: bool) -> str:
    if "@" in authority:
        raise _Odd("the address carries a user name")
    host, colon, port = authority.partition(":")
    if authority.startswith("["):
        raise _Odd("the host is a number, not a name")
    if colon and port not in ("", "443" if secure else "80"):
        raise _Odd("the address names a port of its own")
    try:
        name = host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        raise _Odd("the host's name is not valid") from None
    labels = name.split(".")
    if NUMERIC_LABEL.match(labels[-1]):
        raise _Odd("the host is a number, not a name")
    if len(labels) < 2 or labels[-1] in ("localhost", "local", "internal"):
        raise _Odd("the host is not on the internet")
    if len(name) > 253 or not all(LABEL.match(label) for label in labels):
        raise _Odd("the host's name is not valid")
    return name


def _names(path: str) -> list[str]:
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        raise _Odd("the address has no path")
    names = [_name(segment) for segment in segments]
    return [name + "~d" if name == LEAF_WITHOUT_EXTENSION else name for name in names[:-1]] + names[-1:]


def _short_enough(names: list[str]) -> list[str]:
    if len(names) > MAX_SEGMENTS:
        raise _Odd(f"the path is deeper than {MAX_SEGMENTS} folders")
    if any(len(name.encode()) > MAX_SEGMENT_BYTES for name in names):
        raise _Odd(f"a name in the path is longer than {MAX_SEGMENT_BYTES} bytes")
    return names


def _name(segment: str) -> str:
    """One safe file name for one segment of a URL."""
    text = _decoded(segment)
    _refuse_tricks(text)
    composed = unicodedata.normalize("NFC", text)
    name = FORBIDDEN_ON_WINDOWS.sub(lambda found: f"~{ord(found[0]):02x}", composed)
    if RESERVED.match(name):
        name = f"~{ord(name[0]):02x}{name[1:]}"
    if name[-1] in ". ":
        name = f"{name[:-1]}~{ord(name[-1]):02x}"
    return name if composed == text else name + "~2"


def _decoded(segment: str) -> str:
    if "%" not in segment:
        text = segment
    else:
        try:
            text = unquote_to_bytes(segment).decode()
        except UnicodeDecodeError:
            # Bytes that are no text stay as the URL spells them.
            text = segment
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Odd("the address has characters that are no text") from None
    return text


def _refuse_tricks(text: str) -> None:
    """Refuse what climbs out of the folder or hides in it, also when it is encoded twice or three times."""
    for _ in range(4):
        if text in (".", "..") or "/" in text or "\\" in text or CONTROL.search(text):
            raise _Odd("the path climbs out of its folder")
        if text.startswith("."):
            raise _Odd("the path has a hidden file's name")
        again = unquote_to_bytes(text).decode(errors="replace")
        if again == text:
            return
        text = again
    raise _Odd("the path is encoded too many times")


def _local(path: str) -> Mapped:
    """A path that is already ours, after proving that it is one the rule itself could have made."""
    _, host, tail = [*path.split("/", 2), "", ""][:3]
    host = _host(host, secure=True)
    segments = [segment for segment in tail.split("/") if segment]
    if not segments:
        raise _Odd("the address has no path")
    for segment in segments:
        _refuse_tricks(segment)
        if (
            CONTROL.search(segment)
            or segment[-1] in ". "
            or re.search(r'[:<>"|?*]', segment)
            or RESERVED.match(segment)
        ):
            raise _Odd("this is not a path that a download would have made")
    names = _short_enough([unicodedata.normalize("NFC", segment) for segment in segments])
    remote = [re.sub(r"~(?:d|2|q[0-9a-f]{8})\Z", "", name) for name in names]
    plain = [ESCAPED.sub(lambda found: chr(int(found[1], 16)), name) for name in remote]
    return Mapped(f"https://{host}/" + "/".join(quote(name) for name in plain), "/".join(("https_", host, *names)))
