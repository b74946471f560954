"""What can go wrong with signing in, by name."""

from uuid import UUID

from sovia.kit.errors import NotFound, NotSignedIn, Refused, SoviaError


class WrongPassword(Refused):
    """The password given is not this server's."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("That is not this server's password. Check it and try again.")


class TooManyTries(Refused):
    """Too many wrong passwords in a short time."""

    status = 429
    code = "too_many_tries"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong passwords. Try again in {seconds} s.", retry_after=seconds)


class SignInNeeded(NotSignedIn):
    """The server has a password and this browser has not given it."""

    def __init__(self) -> None:
        super().__init__("Sign in with this server's password first.")


class UserNotFound(NotFound):
    """There is no such user, or it is somebody else."""

    code = "user_not_found"

    def __init__(self, user_id: UUID | str) -> None:
        super().__init__("There is no such user here.", user_id=str(user_id)[:36])


class PreferencesChanged(SoviaError):
    """Another page has changed the preferences since they were read."""

    status = 412
    code = "preferences_changed"

    def __init__(self, version: int) -> None:
        super().__init__("Another page has changed these preferences since. Read them again.", version=version)
