"""Media folders as the library knows them: taken up when they are new, away when their marker is, accepted again."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.settings import Settings
from sovia.library import roots
from sovia.library.errors import RootNotFound
from sovia.library.models import File, MediaRoot
from sovia.library.roots import Root
from sovia.library.service import versions
from sovia.library.trees import Tree

NOTHING_LIKE_IT = "_local"


async def take_stock(session: AsyncSession, settings: Settings) -> list[Root]:
    """The media folders of the settings as they are now; new ones are marked and written down."""
    known = {row.path: row for row in await session.scalars(select(MediaRoot))}
    found = []
    for path in roots.configured(settings):
        is_main = path == settings.media_root
        row, marked = known.get(str(path)), roots.read_marker(path)
        if not marked and row is None and path.is_dir() and not await _looks_unmounted(session, path):
            marked = roots.write_marker(path)
        if marked:
            await _write_down(session, marked, path)
            found.append(Root(marked, path, is_main))
        else:
            # A library without any media yet has no folder either, and all its files are missing.
            never_there = row is None and not is_main and not path.is_dir()
            found.append(Root(row.id if row else "", path, is_main, is_away=row is not None or never_there))
    away = [root.id for root in found if root.is_away and root.id]
    turned = update(MediaRoot).where(MediaRoot.is_away != MediaRoot.id.in_(away))
    if (await session.execute(turned.values(is_away=MediaRoot.id.in_(away)).returning(MediaRoot.id))).all():
        await versions.touch_all(session)
    return found


async def accept(session: AsyncSession, settings: Settings, root_id: str) -> None:
    """Take the folder at a known root's path for that root, though its marker was lost, or `RootNotFound`."""
    row = await session.get(MediaRoot, root_id)
    path = next((one for one in roots.configured(settings) if row is not None and str(one) == row.path), None)
    if row is None or path is None or roots.write_marker(path, row.id) != row.id:
        raise RootNotFound
    row.is_away = False
    await versions.touch_all(session)


async def _looks_unmounted(session: AsyncSession, path: Path) -> bool:
    """Whether a folder that was never marked is empty while files were there already."""
    if not Tree(path).is_empty(but=NOTHING_LIKE_IT):
        return False
    here = select(File.post_id).where(File.state == "present", File.found_path.is_(None)).limit(1)
    return await session.scalar(here) is not None


async def _write_down(session: AsyncSession, root_id: str, path: Path) -> None:
    adding = insert(MediaRoot).values(id=root_id, path=str(path))
    moved = MediaRoot.path != adding.excluded.path
    await session.execute(
        adding.on_conflict_do_update(index_elements=["id"], set_={"path": adding.excluded.path}, where=moved)
    )


def away_places(found: Sequence[Root]) -> tuple[str, ...]:
    """How the places below folders that are away begin."""
    return tuple(root.place("") for root in found if root.is_away and (root.id or root.is_main))
