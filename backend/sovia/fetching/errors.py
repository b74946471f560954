"""What can go wrong with bringing files home, by name; what goes wrong with one file is a cause, see `causes`."""

from sovia.kit.errors import Conflict, Invalid


class NothingToFetch(Invalid):
    """The request says neither which files nor all of them."""

    code = "nothing_to_fetch"

    def __init__(self) -> None:
        super().__init__("Say which files: all, of an import, of posts, or of a filter.")


class BadHost(Invalid):
    """The text is no name of a host on the internet."""

    code = "bad_host"

    def __init__(self, host: str) -> None:
        super().__init__(f"{host[:100]!r} is not the name of a host on the internet.")


class MediaFolderAway(Conflict):
    """The media folder is not the one it was: its disk is probably not mounted."""

    code = "media_folder_away"

    def __init__(self) -> None:
        super().__init__("The media folder is not there, or its disk is not mounted. Nothing was fetched.")
