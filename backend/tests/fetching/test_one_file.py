"""One file brought home from a server that does everything a server can do wrong."""

import asyncio
import gzip
from pathlib import Path

import pytest
from fetching.hostile_server import Asked, Server, broken_off, good, head
from media_files import clip, picture
from samples import tiny_clip

from sovia.fetching import judging, one, parts
from sovia.fetching.one import Outcome, Wanted, fetch_one
from sovia.kit import outside
from sovia.kit.errors import OutOfSpace
from sovia.kit.outside import Outside

HOST = "imagine-public.x.ai"
PICTURE, CLIP = picture("JPEG", (300, 200)), clip(seconds=2)


async def free(_count: int) -> None:
    return None


async def fetch(server: Server, home: Path, path: str = "/a.jpg", *, kind: str = "image", **more: object) -> Outcome:
    wanted = Wanted(f"https_/{HOST}{path}", f"https://{more.pop('host', HOST)}{path}", kind, **more)  # type: ignore[arg-type]
    async with Outside({HOST, "assets.grok.com"}, stand_in=server.place) as found:
        return await fetch_one(found, home / "https_", wanted, free)


def kept(home: Path, path: str = "/a.jpg") -> bytes | None:
    place = home / f"https_/{HOST}{path}"
    return place.read_bytes() if place.exists() else None


def left_overs(home: Path) -> list[str]:
    return sorted(path.suffix for path in (home / "https_" / parts.FOLDER).glob("*"))


async def test_a_file_comes_home(server: Server, home: Path) -> None:
    """SEC09: nothing of ours goes along."""
    server.serve("/a.jpg", PICTURE)

    outcome = await fetch(server, home)

    assert (outcome.cause, outcome.size_bytes, kept(home)) == ("", len(PICTURE), PICTURE)
    assert left_overs(home) == []
    assert server.asked[0].host == HOST
    assert "cookie" not in server.asked[0].headers
    assert server.asked[0].headers["accept-encoding"] == "identity"


async def test_what_is_here_is_not_asked_for(server: Server, home: Path) -> None:
    server.serve("/a.jpg", PICTURE)
    await fetch(server, home)

    assert (await fetch(server, home)).cause == ""
    assert len(server.asked) == 1


async def test_a_bad_file_is_replaced(server: Server, home: Path) -> None:
    place = home / f"https_/{HOST}/a.jpg"
    place.parent.mkdir(parents=True)
    place.write_bytes(PICTURE[:-4] + b"ruin")
    server.serve("/a.jpg", PICTURE)

    assert (await fetch(server, home, replaces=True)).cause == ""
    assert kept(home) == PICTURE


XML = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
ANSWERS = {
    "a web page with 200": (head(Content_Length=40) + b"<!doctype html><html>please sign in</html>"[:40], "not_media"),
    "nothing with 200": (head(Content_Length=0), "not_media"),
    "a note with 200": (head(Content_Length=len(XML)) + XML, "not_media"),
    "a note with 403 at a host open to all": (head(403, Content_Length=len(XML)) + XML, "gone"),
    "403 without a word": (head(403, Content_Length=0), "refused"),
    "not there": (head(404, Content_Length=0), "gone"),
    "not there any more": (head(410, Content_Length=0), "gone"),
    "a clip for a picture": (head(Content_Length=len(CLIP)) + CLIP, "wrong_kind"),
    "less than announced": (head(Content_Length=len(PICTURE) + 9) + PICTURE, "cut_off"),
    "an end in the middle of the head": (b"HTTP/1.1 200 OK\r\nContent-", "cut_off"),
    "no HTTP at all": (b"\x00\x01\x02 what?\r\n\r\n", "cut_off"),
    "lengths that differ": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + PICTURE, "cut_off"
    ),
    "an endless head": (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 40_000, "cut_off"),
    "a part that was not asked for": (
        head(206, Content_Length=9, Content_Range="bytes 0-8/9") + b"123456789", "wrong_range"
    ),
    "an error": (head(500, Content_Length=0), "server_error"),
    "packed": (
        head(Content_Encoding="gzip", Content_Length=len(gzip.compress(bytes(1 << 20))))
        + gzip.compress(bytes(1 << 20)), "encoded"
    ),
    "a cut clip with the right length": (head(Content_Length=len(PICTURE) - 9) + PICTURE[:-9], "damaged"),
    "a length of fifty gigabytes": (head(Content_Length=50_000_000_000) + PICTURE, "too_large"),
    "an odd redirect": (head(302, Location="http://[", Content_Length=0), "not_allowed"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
async def test_what_is_wrong_never_becomes_a_file(name: str, server: Server, home: Path) -> None:
    """SEC10: pages of text, empty, cut, packed and mixed-up answers."""
    answer, cause = ANSWERS[name]
    server.says("/a.jpg", answer)

    outcome = await fetch(server, home)

    assert (outcome.cause, kept(home)) == (cause, None)
    assert outcome.reason
    assert "part" not in left_overs(home)


async def test_what_needs_the_session_is_told_apart(server: Server, home: Path) -> None:
    server.says("/a.jpg", head(403, Content_Length=len(XML)) + XML)

    assert (await fetch(server, home, host="assets.grok.com")).cause == "needs_session"


async def test_an_endless_body_ends(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC10: a body without an end."""

    async def endless(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(Transfer_Encoding="chunked"))
        while True:
            writer.write(b"%x\r\n%b\r\n" % (len(PICTURE), PICTURE))
            await writer.drain()

    server.paths["/a.jpg"] = endless
    monkeypatch.setitem(judging.MOST_BYTES, "image", 1_000_000)

    outcome = await fetch(server, home)

    assert (outcome.cause, kept(home), left_overs(home)) == ("too_large", None, [])


async def test_who_drips_is_not_waited_for(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC10: one byte now and then."""

    async def drip(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(Content_Length=len(PICTURE)))
        for byte in PICTURE:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)

    server.paths["/a.jpg"] = drip
    monkeypatch.setattr(one, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(one, "LEAST_BYTES_PER_SECOND", 1e12)

    assert (await fetch(server, home)).cause == "too_slow"


async def test_who_says_nothing_is_not_waited_for(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    server.paths["/a.jpg"] = silent
    monkeypatch.setattr(outside, "QUIET_SECONDS", 0.05)

    assert (await fetch(server, home)).cause == "too_slow"


@pytest.mark.parametrize("location", ["/a.jpg", "/b.jpg"], ids=["to itself", "in a ring"])
async def test_redirects_without_an_end(location: str, server: Server, home: Path) -> None:
    server.says("/a.jpg", head(302, Location=location, Content_Length=0))
    server.says("/b.jpg", head(302, Location="/a.jpg", Content_Length=0))

    assert (await fetch(server, home)).cause == "redirects"
    assert len(server.asked) <= outside.MOST_REDIRECTS + 1


ELSEWHERE = {
    "http://127.0.0.1:5432/": "not_allowed",
    "https://127.0.0.1/": "host_not_allowed",
    "https://169.254.169.254/latest/meta-data/": "host_not_allowed",
    "https://evil.example/a.jpg": "host_not_allowed",
    "http://assets.grok.com/a.jpg": "not_allowed",
    "https://user@assets.grok.com/a.jpg": "not_allowed",
    "https://assets.grok.com:8443/a.jpg": "not_allowed",
    "file:///etc/passwd": "not_allowed",
    "gopher://assets.grok.com/": "not_allowed",
}


@pytest.mark.parametrize("location", ELSEWHERE)
async def test_redirects_are_checked_like_addresses(location: str, server: Server, home: Path) -> None:
    """SEC08: a redirect is a new address."""
    server.says("/a.jpg", head(302, Location=location, Content_Length=0))

    assert (await fetch(server, home)).cause == ELSEWHERE[location]
    assert len(server.asked) == 1


async def test_a_redirect_to_another_listed_host_is_followed(server: Server, home: Path) -> None:
    """SEC09: what an answer sets is sent to nobody."""
    cookie = "session=secret; Domain=x.ai"
    server.says("/a.jpg", head(302, Location="https://assets.grok.com/b.jpg", Content_Length=0, Set_Cookie=cookie))
    server.serve("/b.jpg", PICTURE)

    assert (await fetch(server, home)).cause == ""
    assert [asked.host for asked in server.asked] == [HOST, "assets.grok.com"]
    assert all(not {"cookie", "authorization", "referer"} & asked.headers.keys() for asked in server.asked)


@pytest.mark.parametrize("text", ["7", "Fri, 31 Dec 2100 23:59:59 GMT", "soon", "-5", "9" * 40, "Fri, 99 Foo 1 1:1:1"])
async def test_a_busy_server_says_when_to_come_again(text: str, server: Server, home: Path) -> None:
    server.says("/a.jpg", head(429, Retry_After=text, Content_Length=0))

    outcome = await fetch(server, home)

    assert outcome.cause == "busy"
    assert outcome.wait is not None
    assert 0 <= outcome.wait <= judging.LONGEST_WAIT
    assert text != "7" or outcome.wait == 7


async def test_it_goes_on_where_it_was_broken_off(server: Server, home: Path) -> None:
    server.paths["/a.mp4"] = broken_off(CLIP, after=20_000)

    first = await fetch(server, home, "/a.mp4", kind="video")
    second = await fetch(server, home, "/a.mp4", kind="video")

    assert (first.cause, second.cause, kept(home, "/a.mp4")) == ("cut_off", "", CLIP)
    assert server.asked[1].first == 20_000
    assert server.asked[1].headers["if-range"] == '"one"'
    assert left_overs(home) == []


async def test_another_version_begins_anew(server: Server, home: Path) -> None:
    server.paths["/a.mp4"] = broken_off(CLIP, after=20_000)
    await fetch(server, home, "/a.mp4", kind="video")
    other = tiny_clip("another", seconds=2)
    server.serve("/a.mp4", other, etag='"two"')

    assert (await fetch(server, home, "/a.mp4", kind="video")).cause == ""
    assert kept(home, "/a.mp4") == other


WRONG_PARTS = {
    "from another byte": (f"bytes 0-{len(CLIP) - 1}/{len(CLIP)}", '"one"'),
    "of another version": (f"bytes 20000-{len(CLIP) - 1}/{len(CLIP)}", '"two"'),
    "of another length": (f"bytes 20000-{len(CLIP)}/{len(CLIP) + 1}", '"one"'),
    "of nonsense": ("bytes */nothing", '"one"'),
}


@pytest.mark.parametrize("name", WRONG_PARTS)
async def test_a_wrong_part_is_thrown_away(name: str, server: Server, home: Path) -> None:
    stated, etag = WRONG_PARTS[name]
    server.paths["/a.mp4"] = broken_off(CLIP, after=20_000)
    await fetch(server, home, "/a.mp4", kind="video")

    async def wrong(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if "range" not in asked.headers:
            await good(CLIP)(asked, writer)
            return
        body = CLIP[20_000:]
        writer.write(head(206, ETag=etag, Content_Range=stated, Content_Length=len(body)) + body)

    server.paths["/a.mp4"] = wrong
    assert (await fetch(server, home, "/a.mp4", kind="video")).cause == ""
    assert kept(home, "/a.mp4") == CLIP


async def test_without_a_name_for_the_version_nothing_is_gone_on_with(server: Server, home: Path) -> None:
    server.paths["/a.mp4"] = broken_off(CLIP, after=20_000, etag="W/weak")
    await fetch(server, home, "/a.mp4", kind="video")

    assert left_overs(home) == []
    assert (await fetch(server, home, "/a.mp4", kind="video")).cause == ""
    assert "range" not in server.asked[1].headers


async def test_a_full_disk_is_no_fault_of_the_file(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC39: the disk is full."""

    def full(*_given: object) -> None:
        raise OSError(28, "no space left on device")

    server.serve("/a.jpg", PICTURE)
    monkeypatch.setattr(parts.Part, "append", full)

    with pytest.raises(OutOfSpace):
        await fetch(server, home)


async def test_a_link_in_the_way_is_never_followed(server: Server, home: Path, tmp_path: Path) -> None:
    """SEC03: a link where the file belongs."""
    (home / "https_" / HOST).symlink_to(tmp_path)
    server.serve("/a.jpg", PICTURE)

    assert (await fetch(server, home)).cause == "no_place"
    assert not (tmp_path / "a.jpg").exists()
