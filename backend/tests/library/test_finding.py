"""Files found where other downloaders left them, and changes of what was known."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from sovia.library import derived
from sovia.library.finding import Finder, Known, Seen, not_here

HOST = "assets.grok.com"
CONTENT = f"https_/{HOST}/users/u/1/content"
CLIP = f"https_/{HOST}/users/u/generated/1/generated_video.mp4"
POST = UUID(int=1)


def known(path: str, url: str = "", **more: object) -> Known:
    """A file the library wants, or with `more` knows."""
    values: dict[str, object] = {"state": "wanted", "found_path": None, "size_bytes": None, "mtime_ns": None} | more
    return Known(POST, "media", 0, path, url or "https://" + path.removeprefix("https_/"), **values)  # type: ignore[arg-type]


def put(home: Path, path: str, content: bytes = b"bytes") -> os.stat_result:
    """A file in the installation."""
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_bytes(content)
    return (home / path).stat()


def changes(home: Path, files: list[Known]) -> list[Seen]:
    """What a look at these files brings."""
    found = Finder(home / "https_", home / "https_" / "_derived")
    seen = found.look(files)
    return seen + [one for one in map(not_here, found.lost) if one is not None]


@pytest.mark.parametrize(
    ("wanted", "url", "lies_at"),
    [
        (CONTENT, "", CONTENT),
        (f"https_/{HOST}/a b.png", f"https://{HOST}/a%20b.png", f"https_/{HOST}/a%20b.png"),
        (f"https_/{HOST}/a~3ab.png", f"https://{HOST}/a%3Ab.png", f"https_/{HOST}/a:b.png"),
        (CONTENT, f"https://{HOST}/users/u/1/content?cache=1", CONTENT + "?cache=1"),
        (CONTENT, f"https://{HOST}/users/u/1/content?cache=1", CONTENT + "@cache=1"),
        (CONTENT, "", CONTENT + "?cache=1&dl=1"),
        *((CONTENT, "", CONTENT + extension) for extension in (".jpg", ".jpeg", ".png", ".mp4")),
        (CLIP, "", CLIP.replace("video.mp4", "video_hd.mp4")),
        ("https_/x.example/a~q12345678.png", "https://x.example/a.png?v=2", "https_/x.example/a.png?v=2"),
    ],
)
def test_a_file_is_found_under_every_name_it_may_have(home: Path, wanted: str, url: str, lies_at: str) -> None:
    status = put(home, lies_at)

    (seen,) = changes(home, [known(wanted, url)])

    assert (seen.size_bytes, seen.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert seen.found_path == (None if lies_at == wanted else lies_at)


def test_the_exact_path_goes_before_all_others(home: Path) -> None:
    for path in (CONTENT + ".jpg", CONTENT + "?cache=1", CONTENT):
        put(home, path)

    (seen,) = changes(home, [known(CONTENT)])

    assert (seen.is_here, seen.found_path) == (True, None)


@pytest.mark.parametrize(
    ("wanted", "url", "lies_at"),
    [
        ("https_/x.example/a~q12345678.png", "https://x.example/a.png?v=2", "https_/x.example/a.png"),
        (CONTENT, "https://assets.grok.com/users/u/1/content", "https_/assets.grok.com/users/u/1/content2"),
        (CONTENT, f"https://{HOST}/../../secret", "secret"),
        (CONTENT, f"https://{HOST}/%2e%2e/secret", "https_/secret"),
        (CONTENT, f"https://{HOST}/a?../../../secret", "secret"),
    ],
)
def test_another_file_is_not_taken_for_it(home: Path, wanted: str, url: str, lies_at: str) -> None:
    put(home, lies_at)

    assert [seen.is_here for seen in changes(home, [known(wanted, url)])] == [False]


def test_nothing_is_found_behind_a_link(home: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside/1/content")
    (home / "https_" / HOST).mkdir()
    (home / "https_" / HOST / "users").symlink_to(tmp_path / "outside")
    put(home, "https_/other.example/real")
    (home / "https_/other.example/link").symlink_to("real")

    wanted = [known(f"https_/{HOST}/users/1/content"), known("https_/other.example/link")]

    assert [seen.is_here for seen in changes(home, wanted)] == [False, False]


def test_what_did_not_change_is_not_mentioned(home: Path) -> None:
    status = put(home, CONTENT)
    here = {"size_bytes": status.st_size, "mtime_ns": status.st_mtime_ns}
    files = [
        known(CONTENT, state="present", **here),
        known(CONTENT, state="corrupt", **here),
        known(CLIP, state="missing"),
    ]

    assert changes(home, files) == []


@pytest.mark.parametrize("change", [{"size_bytes": 4}, {"mtime_ns": 5}, {"found_path": CONTENT + ".jpg"}])
def test_a_changed_file_is_to_be_looked_into_again(home: Path, change: dict[str, object]) -> None:
    status = put(home, CONTENT)
    before = {"state": "present", "size_bytes": status.st_size, "mtime_ns": status.st_mtime_ns}

    (seen,) = changes(home, [known(CONTENT, **(before | change))])

    assert seen.is_here


def test_lost_thumbnails_are_noticed(home: Path) -> None:
    status = put(home, CONTENT)
    file = known(
        CONTENT, state="present", size_bytes=status.st_size, mtime_ns=status.st_mtime_ns, thumbnail="ab" + "0" * 62
    )
    for size in derived.SIZES:
        put(home, f"https_/_derived/{derived.folder(file.thumbnail or '')}/{size}.webp")

    assert changes(home, [file]) == []

    (home / f"https_/_derived/{derived.folder(file.thumbnail or '')}/320.webp").unlink()

    assert len(changes(home, [file])) == 1


def test_an_empty_root_is_known_from_a_full_one(home: Path) -> None:
    (home / "https_" / ".gitkeep").touch()
    (home / "https_" / "_derived").mkdir()
    assert Finder(home / "https_", home).root_is_empty()

    put(home, CONTENT)
    assert not Finder(home / "https_", home).root_is_empty()
    assert Finder(home / "nowhere", home).root_is_empty()
