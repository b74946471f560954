"""What can go wrong with the index of resemblance, by name."""

from sovia.kit.errors import Conflict, SoviaError


class IndexIsBusy(Conflict):
    """Another process is writing this index just now."""

    code = "similarity_index_is_busy"

    def __init__(self) -> None:
        super().__init__("The index of similar posts is being written. Try again in a moment.")


class RebuildFailed(SoviaError):
    """The process that rebuilds the index ended without an index."""

    code = "similarity_rebuild_failed"

    def __init__(self, exit_code: int) -> None:
        super().__init__(
            "Rebuilding the index of similar posts failed; the old one stays in use. The log of the worker has the"
            " details.",
            exit_code=exit_code,
        )
