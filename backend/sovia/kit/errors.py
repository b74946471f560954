"""The base kinds of everything that can go wrong by name; the kind decides the HTTP status."""


class SoviaError(Exception):
    """An expected failure: a code for programs, a message for people, details for both."""

    status = 500
    code = "internal"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def as_answer(self) -> dict[str, object]:
        """The one shape of an error on `/api`."""
        return {"error": self.code, "message": self.message, "details": self.details}


class NotFound(SoviaError):
    """It is not there, or it is somebody else's."""

    status = 404
    code = "not_found"


class Conflict(SoviaError):
    """Not now, or not in this state."""

    status = 409
    code = "conflict"


class Invalid(SoviaError):
    """The input is malformed."""

    status = 422
    code = "invalid"


class Refused(SoviaError):
    """The caller may not do this."""

    status = 403
    code = "refused"


class NotSignedIn(SoviaError):
    """The server has a password and the caller has not given it."""

    status = 401
    code = "not_signed_in"


class TooLarge(SoviaError):
    """More than the server takes in one go."""

    status = 413
    code = "too_large"


class OutOfSpace(SoviaError):
    """The disk is (nearly) full."""

    status = 507
    code = "out_of_space"


class Unavailable(SoviaError):
    """A neighbour the request needs does not answer."""

    status = 503
    code = "unavailable"
