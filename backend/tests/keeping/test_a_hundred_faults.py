"""A hundred faults of six kinds among a thousand pictures: found, repaired from their source, and found no more."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from fetching.hostile_server import Server
from keeping.damage import FAULTS, SAID, Keep, harm
from keeping.mirroring.mirrors import Mirrored
from media_files import picture

from sovia.fetching import models
from sovia.fetching import tasks as fetching_tasks
from sovia.keeping.mirroring import tasks as mirroring_tasks
from sovia.keeping.service import How
from sovia.kit import settings as settings_of_process
from sovia.kit.settings import Settings


@pytest.fixture
async def mirrored(
    keep: Keep, settings: Settings, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Mirrored:
    """A library that knows the server, and a second disk."""
    assert fetching_tasks.fetch_files
    assert mirroring_tasks.mirror_files
    (tmp_path / "other disk").mkdir()
    more = {"fetch_stand_in": server.place, "mirror_folder": tmp_path / "other disk", "mirror_mb_per_second": 0}
    found = Mirrored(keep, settings.model_copy(update=more))
    monkeypatch.setattr(settings_of_process, "current", lambda: found.settings)
    async with keep.shelf.database.begin() as session:
        session.add(models.FetchSettings(user_id=keep.shelf.user_id, per_second=0))
    return found


@pytest.mark.parametrize(("source", "how"), [("the server", "download"), ("the mirror", "relink")])
async def test_all_are_found_and_repaired(source: str, how: How, mirrored: Mirrored, server: Server) -> None:
    keep = mirrored.keep
    right = [picture(size=(20 + number, 10)) for number in range(1000)]
    paths = await keep.known_as(right)
    if source == "the mirror":
        await mirrored.mirror()
    else:
        for number, content in enumerate(right):
            server.serve(f"/users/u/{UUID(int=number + 1)}/content", content)
    harmed = harm(paths, 100)
    assert Counter(harmed.values()).keys() == set(FAULTS)
    extra = {path for path, kind in harmed.items() if kind == "extra"}

    await keep.prove()
    assert await keep.faults() == {path: SAID[kind] for path, kind in harmed.items() if path not in extra}
    result = await keep.mend(how)
    again = await keep.prove()

    assert (result["mended"], result["not_mended"]) == (100 - len(extra), 0)
    assert (again["looked_at"], again["faults"]) == (1000, {})
    assert await keep.faults() == {}
    assert [path.read_bytes() for path in paths] == right
    # What no post names is told, and stays what it is.
    assert await keep.strays() == extra
    assert {path.read_bytes() for path in extra} == {b"extra"}
    if source == "the server":
        assert len(server.asked) == 100 - len(extra)
    # Of each fault but a deletion, what was there can be had back.
    aside = [path for path in (mirrored.settings.state_root / "put-aside").rglob("*") if path.is_file()]
    assert len(aside) == sum(kind not in ("deleted", "extra") for kind in harmed.values())
