"""Which addresses are asked, and that the address that was checked is the one that is connected to."""

import socket
from typing import Any

import httpcore
import pytest

from sovia.kit import outside
from sovia.kit.addresses import is_public
from sovia.kit.outside import Outside, OutsideError

PRIVATE = [
    *("127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
    *("255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "::ffff:127.0.0.1"),
    *("::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
    *("2001:db8::1", "::ffff:10.0.0.1", "2130706433", "0x7f.1", "", "localhost"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    """SEC07."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "104.18.28.234", "2606:4700::6812:1cea", "::ffff:1.1.1.1"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Have names lead to these addresses, one after the other; what is connected to."""
    connected: list[str] = []
    left = list(addresses)

    async def look_up(_loop: Any, host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (left.pop(0) if len(left) > 1 else left[0], port))]

    async def connect(_self: Any, host: str, *_given: Any, **_more: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", look_up)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    return connected


async def asked(url: str) -> str:
    async with Outside({"files.example"}) as found:
        with pytest.raises(OutsideError) as caught:
            async with found.get(url):
                pass
    return caught.value.cause


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "169.254.169.254"])
async def test_a_name_that_leads_inside_is_not_connected_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC07."""
    connected = answering(monkeypatch, address)

    assert await asked("https://files.example/a") == "unsafe_address"
    assert connected == []


async def test_the_address_that_was_checked_is_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC08."""
    connected = answering(monkeypatch, "1.1.1.1", "127.0.0.1")

    assert await asked("https://files.example/a") == "no_connection"
    assert connected == ["1.1.1.1"]


@pytest.mark.parametrize(
    "url", ["https://2130706433/", "https://0x7f.1/", "https://0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/"]
)
async def test_numbers_are_on_no_list(url: str) -> None:
    assert await asked(url) == "host_not_allowed"


@pytest.mark.parametrize("url", ["http://files.example/", "ftp://files.example/", "https://[", "https://a:b/", "x"])
async def test_only_https(url: str) -> None:
    """SEC07."""
    assert await asked(url) == "not_allowed"


async def test_an_odd_path_breaks_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "1.1.1.1")

    assert await asked("https://files.example/a b\r\nX-Evil: 1/é\ud800") in ("no_connection", "not_allowed")
    assert outside.MOST_REDIRECTS == 3
