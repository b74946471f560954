"""`./run backups`: what is in the archive, and whether it is known to be good."""

from rich.table import Table

from sovia.cli import console
from sovia.kit import settings
from sovia.ops.backups import places
from sovia.ops.backups.places import Backup


def command() -> None:
    """List the backups in archive/, newest first."""
    found = places.backups(settings.current().archive_root)
    if not found:
        console.out.print("There is no backup in archive/. Make one with ./run backup.")
        return
    table = Table("backup", "made", "posts", "size", "state", box=None)
    for one in found:
        table.add_row(one.name, one.manifest.kind if one.manifest else "", posts_of(one), size_of(one), state_of(one))
    console.out.print(table)


async def telling(note: str) -> None:
    """Say each step of a backup or a restore."""
    console.tell(f"{note} ...")


def line_of(found: Backup) -> str:
    """A backup in one line."""
    return f"{found.name}: {posts_of(found)} posts, {size_of(found)}, {state_of(found)}."


def posts_of(found: Backup) -> str:
    """How many posts are in it."""
    posts = found.manifest.tables.get("public.posts") if found.manifest else None
    return f"{posts.rows:,}" if posts else "?"


def size_of(found: Backup) -> str:
    """What it takes on the disk."""
    return f"{found.size_bytes / 1_000_000:,.1f} MB"


def state_of(found: Backup) -> str:
    """Whether it is known to be good, and since when."""
    return f"proven {found.proof.at:%Y-%m-%d %H:%M} UTC" if found.state == "proven" and found.proof else found.state
