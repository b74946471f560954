"""What can go wrong with keeping files."""

from sovia.kit.errors import Unavailable


class MediaAway(Unavailable):
    """The folder of the media is empty or away; nothing is called lost for that."""

    code = "media_away"

    def __init__(self) -> None:
        super().__init__("The folder with the media (https_/) is empty or not mounted. Nothing was changed.")
