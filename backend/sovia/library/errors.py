"""What can go wrong with posts and files, by name."""

from uuid import UUID

from sovia.kit.errors import NotFound


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
