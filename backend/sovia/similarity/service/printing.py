"""Looking at thumbnails once each, and keeping what they look like."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import numpy as np
from PIL import Image
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import jobs
from sovia.kit.jobs import JobContext
from sovia.library.derived import SIZES, folder
from sovia.similarity import queries
from sovia.similarity.models import PicturePrint
from sovia.similarity.prints import Look, look_of, signed

SEE = "similarity.see_pictures"
TITLE = "Looking at pictures for similar ones"
BATCH = 200
GREY, FIELDS = (9, 8), (3, 3)


async def want_prints(session: AsyncSession, user_id: UUID) -> None:
    """Have a worker look at the pictures that were not looked at yet, unless one is about to or at it."""
    if not await queries.has_open_job(session, user_id, (SEE,)):
        await jobs.enqueue_once(session, SEE, user_id=user_id, title=TITLE, priority=-1)


async def see_pictures(job: JobContext, derived_root: Path) -> int:
    """Look at every picture that was not looked at yet; how many. Safe to break off and to run twice."""
    done, last = 0, ""
    while not await job.cancelled():
        async with job.database.begin() as session:
            names = await queries.thumbnails_without_print(session, job.user_id, BATCH, after=last)
        if not names:
            break
        looks = await asyncio.to_thread(_look, derived_root, names)
        rows = [
            {"user_id": job.user_id, "thumbnail": name, "structure": look and signed(look.structure)}
            | {"colours": look and look.colours}
            for name, look in looks.items()
        ]
        if rows:
            async with job.database.begin() as session:
                await session.execute(insert(PicturePrint).values(rows).on_conflict_do_nothing())
        done, last = done + len(rows), names[-1]
        await job.progress(done, None, f"{done:,} pictures looked at")
    return done


def _look(derived_root: Path, names: Sequence[str]) -> dict[str, Look | None]:
    """The prints of thumbnails, which this program made itself; None for a broken one. One that is away waits."""
    found: dict[str, Look | None] = {}
    for name in names:
        try:
            with Image.open(derived_root / folder(name) / f"{SIZES[-1]}.webp", formats=["WEBP"]) as image:
                found[name] = print_of(image)
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            found[name] = None
    return found


def print_of(image: Image.Image) -> Look:
    """The print of a picture; what is transparent counts as white."""
    if image.mode in ("RGBA", "LA", "P"):
        clear = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    plain = image.convert("RGB")
    grey = np.asarray(plain.convert("L").resize(GREY, Image.Resampling.BOX))
    return look_of(grey, np.asarray(plain.resize(FIELDS, Image.Resampling.BOX).convert("YCbCr")))
