"""What can go wrong with posts and files, by name."""

from uuid import UUID

from sovia.kit.errors import Conflict, NotFound


class PostNotFound(NotFound):
    """There is no such post, or it is somebody else's."""

    code = "post_not_found"

    def __init__(self, post_id: UUID) -> None:
        super().__init__(f"There is no post {post_id}.", post_id=str(post_id))


class FileNotFound(NotFound):
    """There is no such file, or it is somebody else's, or it is not here."""

    code = "file_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such file here.")


class FileNotIntact(NotFound):
    """The file is there, but its bytes are not what they should be."""

    code = "file_not_intact"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This file is here, but {reason}.", reason=reason)


class OperationNotFound(NotFound):
    """There is no such operation, or it is somebody else's, or too long ago."""

    code = "operation_not_found"

    def __init__(self, operation_id: UUID) -> None:
        super().__init__(f"There is no operation {operation_id}.", operation_id=str(operation_id))


class OperationIsRunning(Conflict):
    """The operation has not ended yet."""

    code = "operation_is_running"

    def __init__(self, operation_id: UUID) -> None:
        super().__init__("This is still being done. Try again when it has ended.", operation_id=str(operation_id))


class RootNotFound(NotFound):
    """There is no such media folder, or nothing can be written in it."""

    code = "root_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such media folder here, or it cannot be written to.")
