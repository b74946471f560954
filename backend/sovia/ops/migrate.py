"""Brings a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from sovia.kit import settings

ROOT = Path(__file__).resolve().parents[3]


def configuration(url: str) -> Config:
    """Alembic's settings for the database at this URL."""
    found = Config(ROOT / "alembic.ini")
    found.attributes["url"] = url
    return found


def upgrade(url: str, revision: str = "head") -> None:
    """Run the missing migrations; of several processes at once, one does it and the others wait.

    Call it outside any event loop.
    """
    command.upgrade(configuration(url), revision)


if __name__ == "__main__":
    upgrade(settings.current().database_url)
