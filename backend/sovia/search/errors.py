"""What can go wrong with a search, by name."""

from collections.abc import Sequence

from sovia.kit.errors import Invalid
from sovia.search.language.problems import Problem


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


class BadFilter(Invalid):
    """The text of a filter has mistakes; `details.errors` says where each is, and what to write instead."""

    code = "bad_filter"

    def __init__(self, problems: Sequence[Problem]) -> None:
        message = f"This filter cannot be read. {problems[0].message}"
        super().__init__(message, errors=[problem.as_answer() for problem in problems])


class BadFilterDocument(Invalid):
    """The JSON of a filter is not one; `details.path` says where."""

    code = "bad_filter_document"

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"This is no filter. {message}", path=path)


class NothingToResemble(Invalid):
    """The order by resemblance was asked for, but the filter names no post to compare with."""

    code = "nothing_to_resemble"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to compare with. Add similar: and the id of a post to the filter, or take another order."
        )


class FilterTooLarge(Invalid):
    """With the smart collections it names, the filter has too many parts."""

    code = "filter_too_large"

    def __init__(self) -> None:
        super().__init__("This filter asks for too much at once, by way of the smart collections it names.")
