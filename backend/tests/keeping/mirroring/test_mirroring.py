"""Media are copied to a folder or a bucket, only what is new, proven there, and brought back from there."""

import random
from uuid import UUID

import httpx
import pytest
from keeping.damage import harm
from keeping.mirroring.mirrors import Mirrored
from media_files import picture
from sqlalchemy import delete

from sovia.keeping.mirroring.models import Mirror
from sovia.kit import jobs
from sovia.kit.settings import Settings


async def test_everything_is_copied_once(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(90)
    assert (await mirrored.state())["state"] == "new"

    first = await mirrored.mirror()
    again = await mirrored.mirror()

    assert (first.state, first.error_message) == ("succeeded", None)
    assert first.result is not None
    assert again.result is not None
    assert first.result["copied"] == 90
    assert first.result["bytes"] == sum(path.stat().st_size for path in paths)
    assert again.result.get("copied", 0) == 0
    assert [mirrored.there(path) for path in paths] == [path.read_bytes() for path in paths]
    found = await mirrored.state()
    assert (found["state"], found["files"], found["waiting"], found["faulty"]) == ("well", 90, 0, 0)
    assert found["bytes"] == first.result["bytes"]


async def test_only_what_changed_is_copied_again(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(5)
    await mirrored.mirror()
    paths[2].write_bytes(picture())
    await mirrored.keep.prove()
    assert (await mirrored.mirror()).result == {"bytes": 0}, "what is not as it was does not replace the good copy"
    assert mirrored.there(paths[2]) != paths[2].read_bytes()

    await mirrored.keep.mend("accept", UUID(int=3))
    done = await mirrored.mirror()

    assert done.result is not None
    assert mirrored.there(paths[2]) == paths[2].read_bytes()
    assert done.result["copied"] == 1


async def test_nothing_is_deleted_there(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(3)
    await mirrored.mirror()
    was = paths[0].read_bytes()
    paths[0].unlink()

    await mirrored.keep.prove()
    await mirrored.mirror()

    assert mirrored.there(paths[0]) == was


async def test_bytes_that_are_not_known_never_reach_the_mirror(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(4)
    # A flipped bit that nobody has noticed yet.
    harm(paths[:1], 1, kinds=("flipped",))

    done = await mirrored.mirror()

    assert (done.state, done.result and done.result["not_as_known"]) == ("succeeded", 1)
    assert mirrored.there(paths[0]) is None
    assert (await mirrored.state())["waiting"] == 1


@pytest.mark.parametrize("size", [9_000_000, 8 << 20, 0])
async def test_files_of_every_size(mirrored: Mirrored, size: int) -> None:
    content = random.Random(size).randbytes(size)
    (path,) = await mirrored.keep.known_as([content])

    done = await mirrored.mirror()

    assert done.state == "succeeded", done.error_message
    assert mirrored.there(path) == content
    assert (await mirrored.check(read=True)).result is not None
    assert await mirrored.faults() == {}
    path.write_bytes(content[: size // 2] + b"x" + content[size // 2 + 1 :])
    assert mirrored.there(path) == content


async def test_every_fault_at_the_mirror_is_found_and_mended_by_the_next_run(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(12)
    await mirrored.mirror()
    was = paths[2].read_bytes()
    mirrored.put_there(paths[0], None)
    mirrored.put_there(paths[1], paths[1].read_bytes()[:100])
    mirrored.put_there(paths[2], bytes([was[0] ^ 1]) + was[1:])

    done = await mirrored.check()

    assert await mirrored.faults() == {
        mirrored.place(paths[0]): "lost",
        mirrored.place(paths[1]): "truncated",
        mirrored.place(paths[2]): "changed",
    }
    assert done.result is not None
    assert (done.result["checked"], done.result["faulty_there"]) == (12, 3)
    assert (await mirrored.state())["state"] == "faulty"

    await mirrored.mirror()

    assert [mirrored.there(path) for path in paths] == [path.read_bytes() for path in paths]
    assert (await mirrored.state())["state"] == "well"
    assert await mirrored.faults() == {}


async def test_each_night_looks_at_a_part_of_it(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(10)
    mirrored.settings = mirrored.settings.model_copy(update={"verify_days": 5})
    await mirrored.mirror()
    for path in paths:
        mirrored.put_there(path, b"wrong" * 300)

    nights = [await mirrored.mirror(scheduled=True)]
    found = len(await mirrored.faults())

    assert nights[0].result is not None
    assert 2 <= nights[0].result["checked"] < 10
    assert found == nights[0].result["faulty_there"]


async def test_what_is_lost_or_wrong_here_is_brought_back(mirrored: Mirrored) -> None:
    paths = await mirrored.pictures(8)
    right = [path.read_bytes() for path in paths]
    await mirrored.mirror()
    done = harm(paths, 6, kinds=("flipped", "truncated", "deleted"))
    await mirrored.keep.prove()
    assert set(await mirrored.keep.faults()) == set(done)

    mended = await mirrored.keep.mend("relink")

    assert mended["mended"] == 6
    assert [path.read_bytes() for path in paths] == right
    assert await mirrored.keep.faults() == {}


async def test_wrong_bytes_there_are_never_brought_back(mirrored: Mirrored) -> None:
    paths = await mirrored.keep.known(3)
    await mirrored.mirror()
    harm(paths[:1], 1, kinds=("flipped",))
    wrong = paths[0].read_bytes()
    await mirrored.keep.prove()
    mirrored.put_there(paths[0], b"something else of that name")

    mended = await mirrored.keep.mend("relink")

    assert (mended.get("mended", 0), mended["not_mended"]) == (0, 1)
    assert paths[0].read_bytes() == wrong
    assert not list((mirrored.settings.media_root / ".parts").iterdir())


async def test_a_database_that_forgot_the_mirror_copies_nothing_twice(mirrored: Mirrored) -> None:
    await mirrored.keep.known(7)
    await mirrored.mirror()
    async with mirrored.keep.shelf.database.begin() as session:
        await session.execute(delete(Mirror))

    done = await mirrored.mirror()

    assert done.result == {"already_there": 7, "bytes": 0}
    assert (await mirrored.state())["state"] == "well"


async def test_over_http_there_is_neither_a_path_nor_a_key(
    mirrored: Mirrored,
    live_client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    app = live_client._transport.app  # type: ignore[attr-defined]
    app.state.settings = mirrored.settings
    await mirrored.keep.known(2)

    begun = await live_client.post("/api/keeping/mirror")
    await mirrored.ended(begun.json()["id"])
    checked = await live_client.post("/api/keeping/mirror/check", json={"read": True})
    await mirrored.ended(checked.json()["id"])
    shown = await live_client.get("/api/keeping/mirror")

    assert (begun.status_code, checked.status_code, shown.json()["state"]) == (202, 202, "well")
    everything = shown.text + caplog.text + "".join(capfd.readouterr()) + repr(mirrored.settings)
    secrets = ("very-secret-indeed", "AKIAOPENSESAME")
    assert not [word for word in (*secrets, str(mirrored.settings.home)) if word in shown.text + caplog.text]
    assert not [word for word in secrets if word in everything]


async def test_without_a_mirror_nothing_is_wanted(client: httpx.AsyncClient, settings: Settings) -> None:
    shown = (await client.get("/api/keeping/mirror")).json()
    asked = await client.post("/api/keeping/mirror")

    assert (shown["state"], shown["kind"], asked.status_code) == ("none", None, 409)
    assert asked.json()["error"] == "mirror_not_set"
    assert "keeping.mirror_files" in jobs.HANDLERS
