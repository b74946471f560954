"""The door: which hosts are answered, which sites may ask, and the headers that every answer carries."""

from collections.abc import Iterable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sovia.kit.answers import Json
from sovia.kit.settings import LOOPBACK, Settings

# Addresses to listen on, which no browser ever asks for.
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What a browser calls a navigation: opening a page or a download by a link from elsewhere is fine.
NAVIGATIONS = ("navigate", "")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Guard:
    """Refuses requests for foreign hosts (DNS rebinding) and from foreign sites (forgery, leaks) before any routing."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._names = {*LOOPBACK, "[::1]"} | ({settings.host} - set(EVERY_ADDRESS))
        self._public = {host.lower() for host in settings.public_hosts}
        self._origins = set(settings.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        reads_across = origin in self._origins and scope["method"] in SAFE_METHODS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), origin if reads_across else None)
            await send(message)

        refusal = self._refusal(scope, headers, reads_across)
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers, reads_across: bool) -> Json | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0].lower(), scope):
            return _refuse(421, "wrong_host", "This server does not answer for that host name. See PUBLIC_HOSTS.")
        if reads_across:
            return Json(b"", status_code=204) if scope["method"] == "OPTIONS" else None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        foreign = origin is not None and origin not in _origins_of(hosts[0])
        foreign = foreign or site in ("cross-site", "same-site")
        if not foreign:
            return None
        opened = scope["method"] in SAFE_METHODS and headers.get("sec-fetch-mode", "") in NAVIGATIONS
        if opened and origin is None and headers.get("sec-fetch-dest", "document") == "document":
            return None
        return _refuse(403, "foreign_site", "Another site may not ask this of the library.")

    def _is_ours(self, host: str, scope: Scope) -> bool:
        if host in self._public:
            return True
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        if not name:
            name, port = port, ""
        server = scope.get("server")
        own_port = str(server[1]) if server and server[1] else ""
        return name in self._names and port in ("", own_port)


def _origins_of(host: str) -> Iterable[str]:
    # Behind a proxy that ends TLS the page's origin is https while we see http.
    return f"http://{host}", f"https://{host}"


def _complete(headers: MutableHeaders, reader: str | None) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("X-Request-Id", uuid4().hex)
    headers.add_vary_header("Origin")
    if reader:
        headers["Access-Control-Allow-Origin"] = reader
        headers["Access-Control-Expose-Headers"] = (
            "X-Total-Count, X-Total-Capped, X-Next-Cursor, Link, ETag, X-Index-Version"
        )
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _refuse(status: int, code: str, message: str) -> Json:
    return Json({"error": code, "message": message, "details": {}}, status_code=status)
