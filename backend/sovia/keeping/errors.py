"""What can go wrong with keeping files."""

from sovia.kit.errors import Conflict, NotFound, Unavailable


class MediaAway(Unavailable):
    """The folder of the media is empty or away; nothing is called lost for that."""

    code = "media_away"

    def __init__(self) -> None:
        super().__init__("The folder with the media (https_/) is empty or not mounted. Nothing was changed.")


class TargetNotEmpty(Conflict):
    """Exports go into a folder of their own."""

    code = "target_not_empty"

    def __init__(self) -> None:
        super().__init__("That folder is not empty. Name a new one, so that nothing of yours is mixed up or replaced.")


class ExportNotFound(NotFound):
    """There is no such export, or it is no longer kept."""

    code = "export_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such export; prepared ones are kept for a week.")
