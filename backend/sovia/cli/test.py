"""`./run test`, for those who come here without `./run`: the shell script handles that command itself."""

from sovia.kit.errors import SoviaError


def command() -> None:
    """Run every test and check of the project, and install what they need."""
    raise SoviaError("The tests are started by the script ./run at the top of the project: ./run test")
