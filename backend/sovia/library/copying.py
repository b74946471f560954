"""One job that makes the copy of one clip that a browser could not play."""

from typing import Any
from uuid import UUID

from sovia.kit.jobs import JobContext
from sovia.kit.sandbox import Ask, Sandbox, SandboxFailed
from sovia.kit.settings import Settings
from sovia.library import copies
from sovia.library.queries import files
from sovia.library.rounds import raise_if_disk_failed, where

# What the child runs: it alone opens the clip.
MAKE_COPY = "sovia.library.looking:make_copy"


async def copy_clip(job: JobContext, settings: Settings) -> dict[str, Any]:
    """Make the copy; `made` says whether there is one now."""
    key = str(job.payload["key"])
    async with job.database.begin() as session:
        found = await files.find_file_by_fingerprint(session, job.user_id, bytes.fromhex(key))
    if found is None or copies.state(settings.derived_root, key) != "none":
        return {"made": copies.state(settings.derived_root, key) == "ready"}
    body = {**where(settings, found.place), "derived": str(settings.derived_root), "key": key}
    made = False
    async with Sandbox(MAKE_COPY, size=1) as sandbox:
        async for _, answer in sandbox.answers([Ask(UUID(int=0), body, copies.TIME_LIMIT_SECONDS + 60)]):
            raise_if_disk_failed(answer)
            made = not isinstance(answer, SandboxFailed) and isinstance(answer, dict) and bool(answer["made"])
    return {"made": made}
