"""Asking servers elsewhere: only listed hosts, only over HTTPS, only at an address that was checked before connecting.

It stands on httpcore, the engine below httpx, since everything httpx adds is unwanted here: cookies, proxies of the
environment, redirects, decompression. Redirects are followed here, each checked like the first address.
"""

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

from sovia.kit.addresses import is_public

MOST_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
CONNECT_SECONDS = 15.0
QUIET_SECONDS = 30.0
AGENT = b"8xSovia (a person's own archive)"


class OutsideError(Exception):
    """Why no answer came, or not all of it; `cause` is one word for programs."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message


class Answer:
    """What a server said: its status, its headers by their names in small letters, and its body as it comes."""

    def __init__(self, response: httpcore.Response, url: str) -> None:
        self.url = url
        self.status = response.status
        self.headers = {
            name.decode("ascii", "replace").lower(): value.decode("latin-1").strip() for name, value in response.headers
        }
        self._response = response

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it was sent, never decompressed; `OutsideError` when it ends before it should."""
        with _named_errors():
            async for chunk in self._response.aiter_stream():
                yield chunk


class Outside:
    """Connections to other servers for as long as they are needed.

    `hosts` may be asked, and no other. `stand_in` is `address:port` of a server of our own that answers for all of
    them in plain HTTP: for tests.
    """

    def __init__(self, hosts: Collection[str], *, stand_in: str = "") -> None:
        self.hosts = frozenset(hosts)
        self._plain = bool(stand_in)
        self._secure = ssl.create_default_context()
        self._network = StandIn(stand_in) if stand_in else Checked()
        # The library's own pool looks at every connection for every request, which is too much for hundreds.
        self._free: dict[str, list[httpcore.AsyncHTTPConnection]] = defaultdict(list)

    async def __aenter__(self) -> "Outside":
        """Nothing is opened before it is needed."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Let go of all connections."""
        for several in self._free.values():
            for connection in several:
                await connection.aclose()
        self._free.clear()

    def check(self, url: str) -> None:
        """`OutsideError` unless the URL is one that may be asked for."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise OutsideError("not_allowed", "it is no web address") from None
        if parts.scheme != "https" or parts.username is not None or port not in (None, 443):
            raise OutsideError("not_allowed", "only plain https:// addresses are asked for")
        if (parts.hostname or "") not in self.hosts:
            raise OutsideError("host_not_allowed", f"{parts.hostname or 'it'} is not on the list of hosts")

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[Answer]:
        """The answer for a URL, after at most three redirects; the body is read inside the block, or not at all."""
        for _ in range(MOST_REDIRECTS + 1):
            self.check(url)
            async with self._stream(url, headers or {}) as answer:
                if answer.status not in REDIRECTS:
                    yield answer
                    return
                following = _joined(url, answer.headers.get("location", ""))
            if following == url:
                break
            url = following
        raise OutsideError("redirects", "it leads on and on to other addresses")

    @asynccontextmanager
    async def _stream(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        target = "http" + url.removeprefix("https") if self._plain else url
        said = [(b"Host", _host(url)), (b"User-Agent", AGENT), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]
        said += [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        patience = {"connect": CONNECT_SECONDS, "read": QUIET_SECONDS, "write": QUIET_SECONDS}
        request = httpcore.Request("GET", _ascii(target), headers=said, extensions={"timeout": patience})
        host = urlsplit(url).hostname or ""
        connection, response = await self._ask(host, request)
        try:
            yield Answer(response, url)
        finally:
            await response.aclose()
            if connection.is_idle():
                self._free[host].append(connection)
            else:
                await connection.aclose()

    async def _ask(
        self, host: str, request: httpcore.Request
    ) -> tuple[httpcore.AsyncHTTPConnection, httpcore.Response]:
        """The beginning of an answer, over a connection that is still open or, when that one has ended, a new one."""
        free = self._free[host]
        while free:
            connection = free.pop()
            if not connection.has_expired():
                try:
                    return connection, await connection.handle_async_request(request)
                except (httpcore.RemoteProtocolError, httpcore.NetworkError, httpcore.ConnectionNotAvailable):
                    # The other side may have ended it just now.
                    pass
            await connection.aclose()
        connection = httpcore.AsyncHTTPConnection(
            request.url.origin, ssl_context=self._secure, keepalive_expiry=15.0, network_backend=self._network
        )
        try:
            with _named_errors():
                return connection, await connection.handle_async_request(request)
        except BaseException:
            await connection.aclose()
            raise


class Checked(httpcore.AnyIOBackend):
    """Connects to the very address that was checked, so that no second look-up can lead elsewhere."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a public address of the host."""
        address = await public_address(host, port)
        return await super().connect_tcp(address, port, timeout, local_address, socket_options)


class StandIn(httpcore.AnyIOBackend):
    """Connects to one server of our own, whatever host is asked for."""

    def __init__(self, place: str) -> None:
        self._address, _, port = place.rpartition(":")
        self._port = int(port)

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - whatever it is
        port: int,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the one server."""
        return await super().connect_tcp(self._address, self._port, timeout, local_address, socket_options)


async def public_address(host: str, port: int) -> str:
    """The first address of a host, or `OutsideError` when there is none or one of them is not public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutsideError("no_host", f"{host} was not found") from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise OutsideError("unsafe_address", f"{host} leads into a private network")
    return addresses[0]


@contextmanager
def _named_errors() -> Iterator[None]:
    """Ours instead of the library's."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise OutsideError("too_slow", "the server takes too long to answer") from error
    except httpcore.RemoteProtocolError as error:
        raise OutsideError("cut_off", "the server ended the answer before its end") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise OutsideError("no_connection", "the server could not be reached") from error


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise OutsideError("not_allowed", "it leads to what is no web address") from None


def _host(url: str) -> bytes:
    return (urlsplit(url).hostname or "").encode("ascii", "replace")


def _ascii(url: str) -> str:
    """The URL with what may not stand in a request line escaped."""
    if url.isascii() and url.isprintable() and " " not in url:
        return url
    return "".join(
        one if "!" <= one <= "~" else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace")) for one in url
    )
