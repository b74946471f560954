"""What can go wrong with an import, by name."""

from uuid import UUID

from sovia.kit.errors import Conflict, Invalid, NotFound, OutOfSpace, SoviaError, TooLarge, Unavailable


class ImportNotFound(NotFound):
    """There is no such import, or it is somebody else's."""

    code = "import_not_found"

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"There is no import {import_id}.", import_id=str(import_id))


class ProblemNotFound(NotFound):
    """There is no problem of this number."""

    code = "problem_not_found"

    def __init__(self, number: int) -> None:
        super().__init__(f"This import has no problem {number}.", number=number)


class UploadNotFound(NotFound):
    """There is no such upload: it was used, removed, given up, or is somebody else's."""

    code = "upload_not_found"

    def __init__(self, upload_id: UUID) -> None:
        super().__init__(f"There is no upload {upload_id}.", upload_id=str(upload_id))


class FolderNotFound(NotFound):
    """There is nothing to import under this name in the import folder."""

    code = "folder_not_found"

    def __init__(self) -> None:
        super().__init__("There is nothing to import under this name in the import folder.")


class UploadIsLocked(SoviaError):
    """Another request writes this upload just now."""

    status = 423
    code = "upload_is_locked"

    def __init__(self) -> None:
        super().__init__("Another request sends this upload just now. Try again in a moment.")


class WrongOffset(Conflict):
    """The piece does not begin where the upload ends, or the upload is not complete."""

    code = "wrong_offset"

    def __init__(self, here: int, message: str) -> None:
        super().__init__(message, offset=here)


class UploadTooLong(TooLarge):
    """More bytes came than the upload was announced with."""

    def __init__(self, length: int) -> None:
        super().__init__(f"This upload was announced with {length:,} bytes; more came.", length=length)


class UnknownVersion(SoviaError):
    """The sender speaks another version of the upload protocol."""

    status = 412
    code = "unknown_version"

    def __init__(self, version: str) -> None:
        super().__init__(f"Uploads in pieces follow tus {version}. Say so: Tus-Resumable: {version}.", version=version)


class WrongType(SoviaError):
    """The body is not of the type that this address takes."""

    status = 415
    code = "wrong_type"

    def __init__(self, wanted: str) -> None:
        super().__init__(f"Send the piece as Content-Type: {wanted}.", wanted=wanted)


class TooManyUploads(SoviaError):
    """The user has as many unfinished uploads, or waiting imports, as the server takes."""

    status = 429
    code = "too_many_uploads"

    def __init__(self, most: int) -> None:
        super().__init__(f"There are {most} unfinished ones already. Finish or remove some first.", most=most)


class NotPossibleNow(Conflict):
    """The import is not in a state for this."""

    def __init__(self, deed: str, state: str) -> None:
        super().__init__(f"This import is {state}; it can not be asked to {deed} now.", deed=deed, state=state)


class NoRoomForImport(OutOfSpace):
    """The disk is too full to go on."""

    def __init__(self) -> None:
        super().__init__("The disk is nearly full. What came in stays; make room, then let the import go on.")


class DatabaseWentAway(Unavailable):
    """The database broke off in the middle of an import."""

    code = "database_away"

    def __init__(self) -> None:
        super().__init__("The database does not answer. What came in stays; let the import go on when it is back.")


class NotAnExport(Invalid):
    """The file is something else than an export; the message says what it seems to be."""

    code = "not_an_export"


class FileChanged(NotAnExport):
    """The file is another one than when the import began, so nobody knows where to go on."""

    code = "file_changed"
    words = "The file has changed since this import began. What came in stays; import the file anew."


class Interrupted(Unavailable):
    """The process that carried an import out was ended in the middle."""

    code = "interrupted"

    def __init__(self) -> None:
        super().__init__("The import was interrupted. What came in stays; resume it to go on where it was.")


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


class NoSuchTarget(Invalid):
    """The collection that an import should fill is not there, or is filled by a filter."""

    code = "no_such_target"

    def __init__(self) -> None:
        super().__init__("There is no collection to put this into: it is gone, or a filter fills it.")


class Malformed(Invalid):
    """The request is not what this address takes."""

    code = "invalid_input"
