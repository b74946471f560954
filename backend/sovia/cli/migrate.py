"""`./run migrate`: the database brought to the tables of this version, as `serve` and `work` do when they start."""

from sovia.cli import console
from sovia.cli.ready import database_ready
from sovia.kit import settings


def command() -> None:
    """Bring the database to the tables of this version."""
    with database_ready(settings.current()):
        console.out.print("The database is up to date.")
