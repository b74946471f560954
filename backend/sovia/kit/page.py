"""The one page: the built file, its content security policy by the hashes of what is inline, compressed once."""

import gzip
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

INLINE = re.compile(rb"<(script|style)\b[^>]*>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """The page's bytes and the headers it is sent with."""

    body: bytes
    packed: bytes
    headers: dict[str, str]
    stamp: tuple[int, int]

    @classmethod
    def read(cls, path: Path) -> "Page":
        """Read the built page."""
        about = path.stat()
        body = path.read_bytes()
        headers = {
            "Content-Security-Policy": policy(body),
            "ETag": f'"{sha256(body).hexdigest()[:32]}"',
            "Cache-Control": "private, no-cache",
            "Vary": "Accept-Encoding",
        }
        return cls(body, gzip.compress(body, 6), headers, (about.st_mtime_ns, about.st_size))

    def answer(self, request: Request) -> Response:
        """The page, packed when the browser can unpack it, or 304 when the browser has it."""
        if request.headers.get("if-none-match") == self.headers["ETag"]:
            return Response(status_code=304, headers=self.headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, media_type="text/html", headers=self.headers | {"Content-Encoding": "gzip"})
        return Response(self.body, media_type="text/html", headers=self.headers)


def policy(body: bytes) -> str:
    """A policy that lets exactly the page's own inline script and style run, and nothing be loaded from elsewhere.

    Workers are made by that script from its own text, as a blob; they inherit this policy.
    """
    scripts, styles = hashes_of(body, b"script") or "'none'", hashes_of(body, b"style") or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data: blob:; "
        "media-src 'self' blob:; worker-src blob:; connect-src 'self'; font-src 'self' data:; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def hashes_of(body: bytes, kind: bytes) -> str:
    """The policy's names of the inline elements of a kind."""
    found = (text for name, text in INLINE.findall(body) if name == kind and text)
    return " ".join(f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in found)
