"""What can go wrong with a search, by name."""

from sovia.kit.errors import Invalid


class BadCursor(Invalid):
    """The cursor was not made by this server for this order."""

    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__("This cursor does not belong to this list. Start again without it.")


class UnknownZone(Invalid):
    """The time zone is not known."""

    code = "unknown_zone"

    def __init__(self) -> None:
        super().__init__("This time zone is not known. Use a name such as Europe/Berlin.")
