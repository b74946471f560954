"""What can go wrong with the mirror, by name; the message says what to do."""

from sovia.kit.errors import Conflict, OutOfSpace, Unavailable


class MirrorNotSet(Conflict):
    """No mirror is named in the settings."""

    code = "mirror_not_set"

    def __init__(self) -> None:
        super().__init__("There is no mirror yet. Name a folder or a bucket in the settings (SOVIA_MIRROR_...).")


class MirrorAway(Unavailable):
    """The mirror is not there just now; nothing was lost, and the next run goes on."""

    code = "mirror_away"

    def __init__(self, what_to_do: str) -> None:
        super().__init__(f"The mirror is away. {what_to_do} What is copied already stays; the next run goes on.")


class MirrorRefuses(Conflict):
    """The mirror is there and does not let us, or it cannot be one."""

    code = "mirror_refuses"


class MirrorFull(OutOfSpace):
    """The mirror has no room left."""

    code = "mirror_full"

    def __init__(self) -> None:
        super().__init__("The mirror is full. Make room there; the next run goes on where this one stopped.")


class NotAsKnown(Exception):
    """The bytes here are not those that the library knows: a copy of them would be worth nothing."""
