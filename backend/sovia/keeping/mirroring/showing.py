"""How the mirror stands, for the page and the command line; without a path of the machine or a key in it."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping.mirroring import queries
from sovia.keeping.mirroring.targets import target_of
from sovia.kit.errors import SoviaError
from sovia.kit.settings import Settings

EMPTY: dict[str, Any] = {"files": 0, "bytes": 0, "faulty": 0, "faults": {}, "oldest_proven_at": None}


async def overview(session: AsyncSession, user_id: UUID, settings: Settings) -> dict[str, Any]:
    """State: `none` (not set up), `new` (never run), `away`, `refuses`, `full`, `faulty`, `behind` or `well`."""
    problem: dict[str, str] | None = None
    try:
        target = target_of(settings)
    except SoviaError as error:
        target, problem = None, {"code": error.code, "message": error.message}
    if target is None:
        state = "refuses" if problem else "none"
        return EMPTY | {
            "kind": None,
            "name": None,
            "state": state,
            "problem": problem,
            "waiting": 0,
            "waiting_bytes": 0,
        }
    known = await queries.mirror_at(session, target.location)
    mirror_id = known.id if known else ""
    there = await queries.lying_there(session, user_id, mirror_id) if known else EMPTY
    waiting, size = await queries.waiting(session, user_id, mirror_id)
    if known and known.problem_code:
        problem = {"code": known.problem_code, "message": known.problem or ""}
    return there | {
        "kind": target.kind,
        "name": target.name,
        "state": _state(problem, known is not None, there["faulty"], waiting),
        "problem": problem,
        "waiting": waiting,
        "waiting_bytes": size,
        "done_at": known.done_at if known else None,
        "checked_at": known.checked_at if known else None,
        "tried_at": known.tried_at if known else None,
        "at": settings.mirror_at,
    }


def on_the_same_disk(settings: Settings) -> bool | None:
    """Whether mirror and media are on one disk; unknown while one of them is not here."""
    try:
        assert settings.mirror_folder is not None
        return settings.mirror_folder.stat().st_dev == settings.media_root.stat().st_dev
    except OSError:
        return None


def _state(problem: dict[str, str] | None, is_known: bool, faulty: int, waiting: int) -> str:
    if problem is not None:
        words = {"mirror_away": "away", "mirror_refuses": "refuses", "mirror_full": "full"}
        return words.get(problem["code"], "failed")
    if not is_known:
        return "new"
    if faulty:
        return "faulty"
    return "behind" if waiting else "well"
