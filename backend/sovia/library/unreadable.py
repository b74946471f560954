"""The one way in which looking into a file fails: with a reason that a person understands."""


class Unreadable(ValueError):
    """The bytes are no whole picture, clip or sound; `reason` completes the sentence "This file is here, but ..."."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
