"""Which backups are kept: the newest few of those made by themselves, none too old, and always one that is proven."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sovia.kit import clock
from sovia.kit.settings import Settings
from sovia.ops.backups import places
from sovia.ops.backups.places import Backup

# Made by themselves, so they go by themselves; what a person made stays until a person removes it.
GO = ("scheduled", "restore point", "upgrade")


def retain(settings: Settings) -> list[str]:
    """Remove the backups that need not be kept; their names."""
    found = places.backups(settings.archive_root)
    names = superfluous(found, clock.now(), keep=settings.backup_keep, days=settings.backup_keep_days)
    for name in names:
        places.remove(settings.archive_root, name)
    return names


def superfluous(found: Sequence[Backup], now: datetime, *, keep: int, days: int) -> list[str]:
    """Names of backups, given newest first, that go: behind the newest `keep`, or older than `days` (0: any age).

    The newest proven one stays, however old; damaged ones are for a person to look at. Where even the one before the
    newest is that old, the machine was off for long or its clock is wrong: then none goes for its age this time.
    """
    made = [one.manifest.made_at for one in found if one.manifest is not None]
    if len(made) > 1 and made[1] < now - timedelta(days=days):
        days = 0
    newest_proven = next((one.name for one in found if one.state == "proven"), None)
    gone: list[str] = []
    kept = 0
    for one in found:
        if one.manifest is None or one.manifest.kind not in GO:
            continue
        is_old = days > 0 and one.manifest.made_at < now - timedelta(days=days)
        if one.name != newest_proven and (kept >= keep or is_old):
            gone.append(one.name)
        else:
            kept += 1
    return gone
