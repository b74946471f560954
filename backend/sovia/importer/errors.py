"""What can go wrong with an import, by name."""

from uuid import UUID

from sovia.kit.errors import Invalid, NotFound, OutOfSpace, TooLarge


class ImportNotFound(NotFound):
    """There is no such import, or it is somebody else's."""

    code = "import_not_found"

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"There is no import {import_id}.", import_id=str(import_id))


class NotAnExport(Invalid):
    """The file is something else than an export; the message says what it seems to be."""

    code = "not_an_export"


class NoFileSent(Invalid):
    """The request carries no file."""

    code = "no_file_sent"

    def __init__(self) -> None:
        super().__init__("No file was sent. Send one as the form field `file`.")


class BodyTooLarge(TooLarge):
    """More than a small import takes in one request."""

    def __init__(self, limit: int) -> None:
        megabytes = limit // 1_000_000
        super().__init__(f"This takes up to {megabytes} MB in one go. Upload larger exports as a file.", limit=limit)


class NoRoomForUpload(OutOfSpace):
    """The disk would be too full with this file on it."""

    def __init__(self, free: int) -> None:
        super().__init__(
            f"There is not enough room for this file: {free // 1_000_000:,} MB are free. Nothing was kept.", free=free
        )


class Malformed(Invalid):
    """The request is not what this address takes."""

    code = "invalid_input"
