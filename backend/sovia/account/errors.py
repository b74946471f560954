"""What can go wrong with signing in, by name."""

from sovia.kit.errors import NotSignedIn, Refused


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
