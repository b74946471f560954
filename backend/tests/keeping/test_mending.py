"""Faulty files are put right, or accepted; nothing that was there is lost."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest
from keeping.damage import Keep, harm
from media_files import picture

from sovia.keeping import aside, mending
from sovia.kit import jobs
from sovia.kit import settings as settings_of_process
from sovia.kit.jobs import JobContext
from sovia.kit.settings import Settings
from sovia.library.errors import OperationNotFound


async def pictures(keep: Keep, count: int) -> list[Path]:
    """Posts with pictures that were looked into."""
    contents = [picture(size=(20 + number, 10)) for number in range(count)]
    ids = await keep.shelf.want(*contents)
    await keep.shelf.look()
    return [keep.shelf.home / f"https_/assets.grok.com/users/u/{post_id}/content" for post_id in ids]


async def test_mixed_up_and_moved_files_are_put_right(keep: Keep) -> None:
    paths = await pictures(keep, 4)
    before = [path.read_bytes() for path in paths]
    harm(paths[:2], 2, kinds=("swapped",))
    paths[2].rename(paths[2].with_name("moved away"))
    await keep.prove()
    assert len(await keep.faults()) == 3

    result = await keep.mend("relink")

    assert result == {"mended": 3, "not_mended": 0}
    assert [path.read_bytes() for path in paths] == before
    assert await keep.faults() == {}


async def test_a_flipped_bit_can_be_accepted(keep: Keep) -> None:
    paths = await pictures(keep, 2)
    paths[0].write_bytes(picture(size=(50, 50)))
    await keep.prove()
    post_id = UUID(int=1)
    assert await keep.faults() == {paths[0]: "changed"}

    await keep.mend("accept", post_id)

    assert await keep.faults() == {}
    await keep.prove()
    assert await keep.faults() == {}
    assert (await keep.shelf.main_file(post_id)).width == 50


async def test_a_look_that_comes_first_hides_no_change(keep: Keep) -> None:
    paths = await pictures(keep, 2)
    right = paths[0].read_bytes()
    paths[0].write_bytes(picture(size=(50, 50)))
    await keep.shelf.look()
    assert await keep.faults() == {paths[0]: "changed"}

    await keep.prove()
    assert await keep.faults() == {paths[0]: "changed"}
    paths[0].write_bytes(right)
    await keep.shelf.look()

    assert await keep.faults() == {}


async def test_what_can_not_be_found_stays_faulty(keep: Keep) -> None:
    paths = await pictures(keep, 2)
    paths[0].unlink()
    await keep.prove()

    assert await keep.mend("relink") == {"mended": 0, "not_mended": 1}
    assert await keep.mend("accept") == {"mended": 0, "not_mended": 1}

    assert await keep.faults() == {paths[0]: "lost"}


async def test_what_is_fetched_again_is_put_aside_first(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = await pictures(keep, 2)
    right, wrong = paths[0].read_bytes(), picture(size=(50, 50))
    paths[0].write_bytes(wrong)
    await keep.prove()

    async def fetching(_job: JobContext) -> None:
        paths[0].write_bytes(right)

    monkeypatch.setitem(jobs.HANDLERS, "fetching.fetch_files", fetching)
    result = await keep.mend("download")

    assert (result["mended"], result["fetching"]) == (1, 1)
    aside = [path for path in (keep.shelf.home / ".sovia" / "put-aside").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in aside] == [wrong]
    await keep.shelf.look()
    assert paths[0].read_bytes() == right
    assert await keep.faults() == {}


@pytest.mark.parametrize("kind", ["flipped", "truncated", "deleted", "swapped"])
async def test_putting_right_can_be_undone_and_done_again(kind: str, keep: Keep) -> None:
    paths = await pictures(keep, 4)
    spare = keep.shelf.put("https_/elsewhere/spare.png", paths[0].read_bytes())
    right = [path.read_bytes() for path in paths]
    harm(paths[:2] if kind == "swapped" else paths[:1], 2 if kind == "swapped" else 1, kinds=(kind,))
    await keep.prove()
    faults, wrong = await keep.faults(), [path.read_bytes() if path.exists() else None for path in paths]
    assert faults
    await keep.mend("relink")
    assert ([path.read_bytes() for path in paths], await keep.faults()) == (right, {})

    await keep.turn(back=True)

    assert [path.read_bytes() if path.exists() else None for path in paths] == wrong
    assert await keep.faults() == faults
    await keep.prove()
    assert await keep.faults() == faults
    await keep.turn(back=False)
    assert ([path.read_bytes() for path in paths], await keep.faults()) == (right, {})
    # And once more, since nothing that is put aside a second time may cover the first.
    await keep.turn(back=True)
    assert await keep.faults() == faults
    assert spare.read_bytes() == right[0]


async def test_accepting_can_be_undone_and_done_again(keep: Keep) -> None:
    paths = await pictures(keep, 2)
    paths[0].write_bytes(picture(size=(50, 50)))
    await keep.prove()
    await keep.mend("accept")

    await keep.turn(back=True)

    assert await keep.faults() == {paths[0]: "changed"}
    await keep.shelf.look()
    assert await keep.faults() == {paths[0]: "changed"}
    await keep.turn(back=False)
    assert await keep.faults() == {}
    await keep.prove()
    assert await keep.faults() == {}


async def test_what_was_put_right_since_is_left_alone(keep: Keep) -> None:
    paths = await pictures(keep, 2)
    right = paths[0].read_bytes()
    paths[0].unlink()
    await keep.prove()
    assert await keep.mend("relink") == {"mended": 0, "not_mended": 1}
    paths[0].write_bytes(right)
    await keep.shelf.look()

    # What changed nothing never was, so there is nothing to undo.
    with pytest.raises(OperationNotFound):
        await keep.turn(back=True)

    assert paths[0].read_bytes() == right


async def test_files_in_another_folder_are_mended_there(
    keep: Keep, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other disk"
    path = other / f"{UUID(int=1)}.png"
    path.parent.mkdir()
    path.write_bytes(picture())
    monkeypatch.setattr(settings_of_process, "current", lambda: settings.model_copy(update={"media_roots": (other,)}))
    keep.shelf.put("https_/elsewhere/spare.png", picture())
    await keep.shelf.want(None)
    await keep.shelf.look()
    right = path.read_bytes()
    harm([path], 1, kinds=("flipped",))
    await keep.prove()
    found = await keep.faults()
    assert list(found.values()) == ["changed"]

    assert await keep.mend("relink") == {"mended": 1, "not_mended": 0}

    assert path.read_bytes() == right
    assert await keep.faults() == {}
    await keep.turn(back=True)
    assert path.read_bytes() != right
    assert await keep.faults() == found


async def test_files_mixed_up_in_any_number_are_put_right(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "AT_ONCE", 2)
    paths = await pictures(keep, 9)
    before = [path.read_bytes() for path in paths]
    # Each has the bytes of the one after it, so one of each pair is mended before the other.
    for path, content in zip(paths, [*before[1:], before[0]], strict=True):
        path.write_bytes(content)
    await keep.prove()
    assert len(await keep.faults()) == 9

    result = await keep.mend("relink")

    assert result == {"mended": 9, "not_mended": 0}
    assert [path.read_bytes() for path in paths] == before


async def test_a_file_that_can_not_be_moved_keeps_no_other_from_being_mended(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = await pictures(keep, 3)
    harm(paths, 3, kinds=("flipped",))
    await keep.prove()
    moved = aside.shutil.move

    def move(source: Path, target: Path) -> None:
        if source == paths[1]:
            raise PermissionError(13, "not ours", str(source))
        moved(source, target)

    monkeypatch.setattr(aside.shutil, "move", move)
    monkeypatch.setitem(jobs.HANDLERS, "fetching.fetch_files", lambda _job: asyncio.sleep(0))

    result = await keep.mend("download")

    assert (result["mended"], result["not_mended"]) == (2, 1)
    assert [path.exists() for path in paths] == [False, True, False]
