"""Every injected fault is found, nothing else is called one, and proving itself changes nothing."""

import os
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from keeping.damage import FAULTS, SAID, Keep, harm
from media_files import picture
from sqlalchemy import select, update

from sovia.keeping.looks import Pace, look_at
from sovia.keeping.service import NIGHTLY
from sovia.kit import jobs
from sovia.kit import settings as settings_of_process
from sovia.kit.jobs import Job
from sovia.kit.settings import Settings
from sovia.library.models import File
from sovia.library.roots import MARKER


def whole(root: Path) -> dict[Path, tuple[int, int, str]]:
    # All but the marker that a first look leaves in a media folder.
    found = (path for path in root.rglob("*") if path.is_file() and path.name != MARKER)
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_mode, sha256(path.read_bytes()).hexdigest()) for path in found
    }


async def test_a_hundred_faults_of_six_kinds_among_a_thousand_files(keep: Keep) -> None:
    paths = await keep.known(1000)
    harmed = harm(paths, 100)
    assert Counter(harmed.values()).keys() == set(FAULTS)
    before = whole(keep.shelf.home)

    result = await keep.prove()

    assert await keep.faults() == {path: SAID[kind] for path, kind in harmed.items() if kind != "extra"}
    assert await keep.strays() == {path for path, kind in harmed.items() if kind == "extra"}
    assert result["looked_at"] == 1000
    assert sum(result["faults"].values()) + result["strays"] == 100
    assert whole(keep.shelf.home) == before


async def test_again_finds_the_same_and_what_was_put_right_is_right(keep: Keep) -> None:
    paths = await keep.known(30)
    kept = {path: path.read_bytes() for path in paths}
    harmed = harm(paths, 12)
    await keep.prove()
    first = await keep.faults()

    await keep.prove()
    assert await keep.faults() == first
    for path, content in kept.items():
        if path.exists():
            path.chmod(0o644)
        if harmed.get(path) != "deleted":
            path.write_bytes(content)
    await keep.prove()

    assert set(await keep.faults()) == {path for path, kind in harmed.items() if kind == "deleted"}


async def test_quick_look_finds_what_sizes_and_times_tell(keep: Keep) -> None:
    paths = await keep.known(60)
    harmed = harm(paths, 20, kinds=("truncated", "deleted", "rights"))
    touched = next(path for path in paths if path not in harmed)
    os.utime(touched, ns=(1, 1))

    await keep.prove(full=False)

    assert await keep.faults() == {path: SAID[kind] for path, kind in harmed.items()}
    # Touched but the same is no fault, and is known from then on.
    async with keep.shelf.database.begin() as session:
        found = await session.scalar(
            select(File.mtime_ns).where(File.path == str(touched.relative_to(keep.shelf.home)))
        )
    assert found == 1


async def test_a_disk_that_is_away_makes_nothing_lost(keep: Keep) -> None:
    await keep.known(5)
    shutil.rmtree(keep.shelf.home / "https_")
    async with keep.shelf.database.begin() as session:
        job_id = await jobs.enqueue(
            session, "keeping.prove_files", user_id=keep.shelf.user_id, title="x", payload={"full": True}
        )

    with pytest.raises(AssertionError, match="not mounted"):
        await keep.done(job_id)

    assert await keep.faults() == {}


async def test_only_what_a_filter_finds(keep: Keep) -> None:
    paths = await keep.known(4)
    for path in paths:
        path.unlink()
    keep.shelf.put("https_/assets.grok.com/other", b"so that the disk is there")

    await keep.prove(f"id:{UUID(int=2)}")

    assert await keep.faults() == {paths[1]: "lost"}


async def test_a_fault_that_a_filter_finds_is_put_right_from_a_file_that_no_post_names(keep: Keep) -> None:
    paths = await keep.known(2)
    right = paths[1].read_bytes()
    paths[1].with_name("an older copy").write_bytes(right)
    harm(paths[1:], 1, kinds=("flipped",))

    await keep.prove(f"id:{UUID(int=2)}")
    result = await keep.mend("relink")

    assert result["mended"] == 1
    assert paths[1].read_bytes() == right


async def test_every_file_has_its_turn_within_so_many_nights(keep: Keep) -> None:
    paths = await keep.known(60)
    await keep.prove()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    async with keep.shelf.database.begin() as session:
        for number in range(60):
            proven = {"verified_at": long_ago + timedelta(days=number)}
            await session.execute(update(File).where(File.post_id == UUID(int=number + 1)).values(proven))
    harm(paths[:2], 2, kinds=("flipped",))
    async with keep.shelf.database.begin() as session:
        job_id = await jobs.enqueue(session, NIGHTLY, user_id=keep.shelf.user_id, title="Nightly")

    result = await keep.done(job_id)

    # A thirtieth: those that were proven longest ago.
    assert (result["looked_at"], result["read"]) == (60, 2)
    assert await keep.faults() == dict.fromkeys(paths[:2], "changed")
    async with keep.shelf.database.begin() as session:
        assert (await session.get_one(Job, job_id)).attempts == 1


async def test_what_is_found_is_found_by_filters(keep: Keep, live_client: httpx.AsyncClient) -> None:
    paths = await keep.known(12)
    harmed = harm(paths, 7)

    async def count(text: str) -> int:
        answer = await live_client.get("/api/media", params={"filter": text, "limit": 50})
        assert answer.status_code == 200, answer.text
        return len(answer.json())

    assert await count("verified:today") == 0
    await keep.prove()

    said = Counter(SAID[kind] for kind in harmed.values() if kind != "extra")
    assert await count("fault:any") == said.total()
    assert [await count(f"fault:{name}") for name in said] == [*said.values()]
    assert await count("state:changed") == said["changed"] + said["truncated"] + said["swapped"]
    assert await count("verified:today") == 12 - said.total()
    assert await count("-fault:any verified:>last-7-days") == 0
    health = (await live_client.get("/api/keeping/health")).json()
    assert (health["files"], health["intact"], health["faulty"]) == (12, 12 - said.total(), said.total())
    assert (health["faults"], health["strays"]) == (dict(said), 1)
    listed = (await live_client.get("/api/keeping/faults", params={"limit": 3})).json()
    rest = (await live_client.get("/api/keeping/faults", params={"after": listed["next"]})).json()
    assert len(listed["faults"]) + len(rest["faults"]) == said.total()


def test_pace_lets_so_many_bytes_through() -> None:
    slept: list[float] = []
    pace = Pace(1000, slept.append)

    for _ in range(5):
        pace.take(1000)

    assert 9 < sum(slept) < 11
    assert not Pace(0, slept.append).take(10**12)


async def two_disks(keep: Keep, settings: Settings, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One picture in the main folder, two on another disk."""
    changed = settings.model_copy(update={"media_roots": (other,)})
    monkeypatch.setattr(settings_of_process, "current", lambda: changed)
    other.mkdir()
    for number in (2, 3):
        (other / f"{UUID(int=number)}.png").write_bytes(picture(size=(20 + number, 10)))
    await keep.shelf.want(picture(), None, None)
    await keep.shelf.look()


async def test_files_on_another_disk_are_proven_too(
    keep: Keep, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    await two_disks(keep, settings, other, monkeypatch)
    (other / "nobody knows me.png").write_bytes(picture(size=(90, 90)))
    (other / f"{UUID(int=3)}.png").unlink()
    harm([other / f"{UUID(int=2)}.png"], 1, kinds=("flipped",))

    result = await keep.prove()

    assert (result["looked_at"], result["faults"], result["strays"]) == (3, {"changed": 1, "lost": 1}, 1)
    assert {path.name for path in await keep.strays()} == {"nobody knows me.png"}


async def found_away(client: httpx.AsyncClient) -> set[str]:
    return {post["id"] for post in (await client.get("/api/media", params={"filter": "state:away"})).json()}


@pytest.mark.parametrize("gone", ["unmounted", "not in the settings any more", "meanwhile"])
async def test_a_disk_that_is_away_is_neither_missing_nor_damaged(
    gone: str,
    keep: Keep,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    live_client: httpx.AsyncClient,
) -> None:
    other = tmp_path / "other"
    await two_disks(keep, settings, other, monkeypatch)
    (other / "nobody knows me.png").write_bytes(b"\x89PNG")
    await keep.prove()

    def away(*given: Any, **named: Any) -> Any:
        if other.exists():
            other.rename(tmp_path / "unplugged")
            other.mkdir()
        return look_at(*given, **named)

    if gone == "meanwhile":
        monkeypatch.setattr("sovia.keeping.proving.look_at", away)
    elif gone == "unmounted":
        away({}, [], full=True, pace=Pace(0))
    else:
        monkeypatch.setattr(settings_of_process, "current", lambda: settings)
    result = await keep.prove()

    assert (result["looked_at"], result["faults"], result["away"]) == (1, {}, 2)
    assert await keep.faults() == {}
    if gone == "unmounted":
        assert (await live_client.get("/api/keeping/health")).json()["away"] == 2
        assert await found_away(live_client) == {str(UUID(int=2)), str(UUID(int=3))}
        other.rmdir()
        (tmp_path / "unplugged").rename(other)
        await keep.prove()
        assert await found_away(live_client) == set()
    # What was seen there stays known.
    assert len(await keep.strays()) == 1
    assert await keep.mend("relink") == {}
