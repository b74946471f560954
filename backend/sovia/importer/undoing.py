"""Taking an import back and bringing it again, in steps that each commit whole."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import gathering
from sovia.importer.following import set_going
from sovia.importer.models import Import, ImportChange
from sovia.importer.queries import import_by_id
from sovia.importer.steering import asked_for
from sovia.importer.taking_back import (
    changed_posts,
    files_given,
    kept_elsewhere,
    later_changes,
    lost_elsewhere,
    note_sightings,
    own_posts,
)
from sovia.kit import clock, jobs
from sovia.kit.db import Database
from sovia.library.service import copies
from sovia.library.service.reverting import revert
from sovia.library.service.trashing import hand_over, restore, trash
from sovia.library.undoing import Change, Memory

CHANGES_AT_ONCE = 500
POSTS_AT_ONCE = 5000
OnStep = Callable[[int, int], Awaitable[None]]


async def undo_import(session: AsyncSession, user_id: UUID, import_id: UUID, *, here: bool = False) -> Import:
    """Take back what an import did: its new posts go to the trash, what it changed is as before.

    What was changed since, likes for one, stays. A post that another import brought too stays with that one.
    A job does it, unless the caller carries it out `here`.
    """
    found = await asked_for(session, user_id, import_id, "undo")
    found.undone_at = found.undone_at or clock.now()
    return await _want(session, found, redo=False, here=here)


async def redo_import(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """Bring an import again that was undone."""
    return await _want(session, await asked_for(session, user_id, import_id, "redo"), redo=True)


async def _want(session: AsyncSession, found: Import, *, redo: bool, here: bool = False) -> Import:
    was = (found.undo or {}).get("was", found.state)
    found.undo = {
        "going": True,
        "redo": redo,
        "was": was,
        "step": 0,
        "after": None,
        "posts": 0,
        "kept": 0,
        "reverted": 0,
    }
    found.state = "running"
    if here:
        found.job_id = None
        return found
    title = f"{'Redo' if redo else 'Undo'} {found.file_name}"
    payload = {"import_id": str(found.id)}
    found.job_id = await jobs.enqueue(
        session, "importer.undo_import", user_id=found.user_id, title=title, payload=payload
    )
    return found


@dataclass(slots=True)
class Step:
    """What one transaction works on, and what is to be remembered of it."""

    session: AsyncSession
    found: Import
    after: UUID | None
    counts: dict[str, int]
    media_root: Path | None

    def add(self, name: str, number: int) -> None:
        """Count."""
        self.counts[name] = self.counts.get(name, 0) + number


async def carry_out(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    *,
    media_root: Path | None = None,
    on_progress: OnStep | None = None,
) -> dict[str, Any]:
    """Do what was asked for, step by step; begun again after a crash, it goes on after the last step.

    Copies of media that only this import's posts refer to are put away below `media_root`, or brought back.
    """
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        redo = bool((found.undo or {}).get("redo"))
        total = await _size(session, found)
    steps = REDO if redo else UNDO
    done = 0
    while True:
        async with database.begin() as session:
            going, count = await _one_step(session, user_id, import_id, steps, media_root)
        done += count
        if on_progress is not None:
            await on_progress(min(done, total), total)
        if not going:
            break
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        return {"import_id": str(import_id), "counts": found.undo}


async def _size(session: AsyncSession, found: Import) -> int:
    changes = select(func.count()).where(ImportChange.import_id == found.id, ImportChange.before.is_not(None))
    return int(await session.scalar(changes) or 0) + int(found.counts.get("new", 0))


async def _one_step(
    session: AsyncSession, user_id: UUID, import_id: UUID, steps: tuple["Deed", ...], media_root: Path | None
) -> tuple[bool, int]:
    """One transaction's worth; whether there is more, and how much was done."""
    found = await session.scalar(
        select(Import).where(Import.id == import_id, Import.user_id == user_id).with_for_update()
    )
    state = dict(found.undo or {}) if found is not None else {}
    if found is None or not state.get("going"):
        return False, 0
    if state["step"] < len(steps):
        after = UUID(state["after"]) if state["after"] else None
        counts = {name: state[name] for name in ("posts", "kept", "reverted")}
        step = Step(session, found, after, counts, media_root)
        count, last = await steps[state["step"]](step)
        state |= counts | {"after": str(last) if last else None, "step": state["step"] + (last is None)}
        found.undo = state
        return True, count
    redo = bool(state["redo"])
    found.undo = state | {"going": False}
    found.state = state["was"] if redo else "undone"
    if redo:
        found.undone_at = None
    await set_going(session, user_id)
    return False, 0


async def _changes(step: Step) -> tuple[int, UUID | None]:
    """Some of the posts that were here before, in the order of ids."""
    found, redo = step.found, bool((step.found.undo or {}).get("redo"))
    rows = await changed_posts(step.session, found, step.after, CHANGES_AT_ONCE)
    if redo and step.media_root is not None:
        await copies.bring_back(files_given(rows), step.media_root)
    later = await later_changes(step.session, found, [row.post_id for row in rows])
    swaps = {}
    for row in rows:
        before, after = row.before or {}, row.after or {}
        memories = [Memory(dict(one.before or {}), live) for one, live in later.get(row.post_id, [])]
        swaps[row.post_id] = Change(before, after, memories) if redo else Change(after, before, memories)
    step.add("reverted", await revert(step.session, found.user_id, swaps))
    for post_id, several in later.items():
        for (one, _), memory in zip(several, swaps[post_id].later, strict=True):
            if memory.values != one.before:
                one.before = memory.values
    await step.session.flush()
    return len(rows), rows[-1].post_id if len(rows) == CHANGES_AT_ONCE else None


async def _keep(step: Step) -> tuple[int, UUID | None]:
    """Posts that another import brought too go over to that one."""
    found = step.found
    owners, last = await kept_elsewhere(step.session, found, step.after, POSTS_AT_ONCE)
    for owner, ids in owners.items():
        await hand_over(step.session, found.user_id, ids, owner)
        await note_sightings(step.session, {found.id: ids})
        step.add("kept", len(ids))
    return 0, last


async def _remove(step: Step) -> tuple[int, UUID | None]:
    """The posts that only this import brought."""
    found = step.found
    assert found.undone_at is not None
    ids = await own_posts(step.session, found, deleted_at=None, limit=POSTS_AT_ONCE)
    step.add("posts", await trash(step.session, found.user_id, ids, found.undone_at, found.id))
    return len(ids), ids[-1] if len(ids) == POSTS_AT_ONCE else None


async def _put_away(step: Step) -> tuple[int, UUID | None]:
    """The copies of media of the posts that went, in a step of its own: only now has it been written that they went."""
    found = step.found
    assert found.undone_at is not None
    ids = await own_posts(step.session, found, deleted_at=found.undone_at, limit=POSTS_AT_ONCE, after=step.after)
    if step.media_root is None:
        return 0, None
    paths = await copies.copies_of(step.session, found.user_id, ids)
    await copies.put_away(step.session, paths, step.media_root)
    return 0, ids[-1] if len(ids) == POSTS_AT_ONCE else None


async def _put_away_changed(step: Step) -> tuple[int, UUID | None]:
    """The copies that posts which stay were given by this import, and have no more."""
    if step.media_root is None:
        return 0, None
    rows = await changed_posts(step.session, step.found, step.after, CHANGES_AT_ONCE)
    await copies.put_away(step.session, files_given(rows), step.media_root)
    return 0, rows[-1].post_id if len(rows) == CHANGES_AT_ONCE else None


async def _bring_back(step: Step) -> tuple[int, UUID | None]:
    """The posts that went with this import."""
    found = step.found
    assert found.undone_at is not None
    ids = await own_posts(step.session, found, deleted_at=found.undone_at, limit=POSTS_AT_ONCE)
    await _copies_back(step, ids)
    step.add("posts", await restore(step.session, found.user_id, ids, found.undone_at, found.id))
    return len(ids), ids[-1] if len(ids) == POSTS_AT_ONCE else None


async def _bring_back_shared(step: Step) -> tuple[int, UUID | None]:
    """Posts that this import brought too, and that went with another import since."""
    found = step.found
    assert found.undone_at is not None
    owners = await lost_elsewhere(step.session, found, POSTS_AT_ONCE)
    for ids in owners.values():
        await _copies_back(step, ids)
        step.add("posts", await restore(step.session, found.user_id, ids, found.undone_at, found.id))
    await note_sightings(step.session, owners)
    count = sum(len(ids) for ids in owners.values())
    return count, found.id if count == POSTS_AT_ONCE else None


async def _copies_back(step: Step, ids: Sequence[UUID]) -> None:
    """Media are there again before their posts are."""
    if step.media_root is not None:
        await copies.bring_back(await copies.copies_of(step.session, step.found.user_id, ids), step.media_root)


async def _take_from_posts(step: Step) -> tuple[int, UUID | None]:
    """The tags and items that the import gave its posts."""
    return 0, await gathering.take_back(step.session, step.found, step.after)


async def _give_again(step: Step) -> tuple[int, UUID | None]:
    """The same tags and items."""
    return 0, await gathering.step(step.session, step.found, step.after, again=True)


Deed = Callable[[Step], Awaitable[tuple[int, UUID | None]]]
UNDO: tuple[Deed, ...] = (_take_from_posts, _changes, _keep, _remove, _put_away, _put_away_changed)
REDO: tuple[Deed, ...] = (_bring_back, _bring_back_shared, _changes, _give_again)
