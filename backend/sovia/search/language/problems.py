"""What is wrong with a filter's text: where, why, and what to write instead."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake: `length` characters (code points) from `start`, and the text to put in their place, if there is one.

    An empty fix means that the characters are better left out.
    """

    start: int
    length: int
    message: str
    fix: str | None = None

    def as_answer(self) -> dict[str, object]:
        """As the API shows it."""
        return asdict(self)


class BadValue(ValueError):
    """A field does not take this value; `instead` is what may have been meant."""

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.instead = instead
