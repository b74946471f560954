"""What can go wrong with backups, by name."""

from sovia.kit.errors import Conflict, NotFound, SoviaError, Unavailable


class BackupNotFound(NotFound):
    """There is no backup of this name in the archive."""

    code = "backup_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no backup {name[:80]!r} in archive/.")


class BackupDamaged(Conflict):
    """The backup is not what was written once."""

    code = "backup_damaged"


class BackupTooNew(Conflict):
    """The backup was made by a later version than this one."""

    code = "backup_too_new"


class ArchiveIsBusy(Conflict):
    """Another backup or restore is under way."""

    code = "archive_is_busy"

    def __init__(self) -> None:
        super().__init__("A backup or a restore is under way. Wait until it has ended.")


class ArchiveNotWritable(Unavailable):
    """Nothing can be written below archive/."""

    code = "archive_not_writable"

    def __init__(self) -> None:
        super().__init__("Nothing can be written in archive/. Check the rights of that folder and of its disk.")


class NoBackupPrograms(Unavailable):
    """The machine has no pg_dump that is new enough for the server."""

    code = "no_backup_programs"

    def __init__(self, major: int) -> None:
        super().__init__(f"Backups need pg_dump and pg_restore of PostgreSQL {major} or later; there are none here.")


class BackupFailed(SoviaError):
    """The backup could not be made; the ones before are untouched."""

    code = "backup_failed"


class RestoreFailed(SoviaError):
    """The backup could not be restored; the library is as it was."""

    code = "restore_failed"
