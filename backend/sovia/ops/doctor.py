"""Looks for what is missing or broken in an installation, and says what to do about it."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import imageio_ffmpeg
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from sovia.importer.interrupted import count_lost
from sovia.keeping.mirroring.targets import target_of
from sovia.kit import processes
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.settings import Settings
from sovia.library import roots
from sovia.library.models import MediaRoot
from sovia.ops import binaries
from sovia.ops.errors import NoDatabaseServer

OLDEST_PYTHON = (3, 11)
OLDEST_DATABASE = 15
LITTLE_SPACE_BYTES = 2_000_000_000
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXTENSIONS = {"pg_trgm", "unaccent"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, whether that is well, and what to do when it is not.

    What is `optional` may be missing: only the project's own tests need it.
    """

    about: str
    found: str
    well: bool = True
    advice: str = ""
    optional: bool = False


async def examine(settings: Settings, database_url: str) -> AsyncIterator[Finding]:
    """Everything worth knowing, one finding after the other."""
    yield python()
    yield programs(settings)
    yield ffmpeg()
    yield await database(database_url)
    yield await imports(database_url)
    yield await cache(settings)
    for finding in folders(settings):
        yield finding
    for finding in await media_folders(database_url, settings):
        yield finding
    yield await mirror(settings)
    yield space(settings)
    yield door(settings)
    yield chromium()
    yield node()


def python() -> Finding:
    """The Python that runs us."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", version, sys.version_info >= OLDEST_PYTHON, "Install Python 3.11 or newer.")


def programs(settings: Settings) -> Finding:
    """The PostgreSQL programs for the embedded database."""
    if settings.database_url:
        return Finding("PostgreSQL programs", "not needed: DATABASE_URL names a server")
    try:
        found = binaries.find()
        return Finding("PostgreSQL programs", f"{found.version}, {found.source}")
    except NoDatabaseServer as error:
        return Finding("PostgreSQL programs", "none", well=False, advice=error.message)


def ffmpeg() -> Finding:
    """The program that reads and makes clips."""
    advice = "Install the packages again: remove the folder .venv and start ./run."
    try:
        code, said = processes.run([imageio_ffmpeg.get_ffmpeg_exe(), "-version"])
    except (RuntimeError, OSError):
        return Finding("ffmpeg", "missing", well=False, advice=advice)
    return Finding("ffmpeg", " ".join(said.split()[2:3]) or "does not run", code == 0, advice)


async def database(url: str) -> Finding:
    """The database: that it answers, how old it is, and what we need in it."""
    parts = make_url(url)
    host, user = parts.query.get("host", parts.host), parts.username
    try:
        connection = await asyncpg.connect(
            host=host, port=parts.port, user=user, password=parts.password, database=parts.database, timeout=5
        )
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        advice = "Look at DATABASE_URL, and whether that server runs and lets this user in."
        return Finding("Database", f"no answer ({type(error).__name__})", well=False, advice=advice)
    try:
        major = connection.get_server_version().major
        version = await connection.fetchval("show server_version")
        there = {row["name"] for row in await connection.fetch("select name from pg_available_extensions")}
    finally:
        await connection.close()
    if EXTENSIONS - there:
        names = ", ".join(sorted(EXTENSIONS - there))
        advice = "Install PostgreSQL's contrib modules on that server."
        return Finding("Database", f"{version}, without {names}", well=False, advice=advice)
    return Finding("Database", f"{version}, answers", major >= OLDEST_DATABASE, "Use PostgreSQL 15 or newer.")


async def imports(url: str) -> Finding:
    """Whether an import was ended in the middle; nothing is broken by it, but somebody waits for its posts."""
    found = Database(url, pool_size=1)
    try:
        async with found.begin() as session:
            lost = await count_lost(session)
    except (SQLAlchemyError, OSError):
        # Without an answer of the database the finding above says so; without tables there were no imports.
        return Finding("Imports", "none yet")
    finally:
        await found.dispose()
    advice = "Resume it where imports are listed in the page, or with ./run import --resume."
    return Finding("Imports", f"{lost} interrupted" if lost else "none interrupted", not lost, advice, optional=True)


async def cache(settings: Settings) -> Finding:
    """The cache; without Redis it lies in memory."""
    if not settings.redis_url:
        return Finding("Cache", "in memory")
    found = AnswerCache(settings.redis_url, settings.cache_ttl)
    try:
        well = await found.is_well()
    finally:
        await found.close()
    return Finding("Cache", "Redis answers" if well else "Redis does not answer", well, "Look at REDIS_URL.")


def folders(settings: Settings) -> list[Finding]:
    """Whether we may write where we have to."""
    wanted = {"https_": settings.media_root, "archive": settings.archive_root, ".sovia": settings.state_root}
    return [folder(name, path) for name, path in wanted.items()]


def folder(name: str, path: Path) -> Finding:
    """Whether a file can be made in the folder, which is made when it is missing."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        advice = f"Give the folder {name} to the user who runs 8xSovia, or set SOVIA_HOME to another place."
        return Finding(f"Folder {name}", (error.strerror or "not usable").lower(), well=False, advice=advice)
    return Finding(f"Folder {name}", "can be written")


async def media_folders(url: str, settings: Settings) -> list[Finding]:
    """Which media folders are away: their marker is not there, so their disk is rather not mounted than empty."""
    found = Database(url, pool_size=1)
    try:
        async with found.begin() as session:
            known = {row.path for row in await session.scalars(select(MediaRoot))}
    except (SQLAlchemyError, OSError):
        known = set()
    finally:
        await found.dispose()
    advice = "Plug in or mount its disk. If the folder is right, take it as it is where the page lists media folders."
    several = roots.configured(settings)
    here = {path: await asyncio.to_thread(roots.read_marker, path) for path in several}
    away = [path for path in several if not here[path] and (str(path) in known or path != settings.media_root)]
    named = [Finding(f"Media folder {path.name}", "away", well=False, advice=advice) for path in away]
    return named or [Finding("Media folders", f"{len(several)} here")]


async def mirror(settings: Settings) -> Finding:
    """Whether the mirror of the media is there; nothing is written."""
    try:
        target = target_of(settings)
        if target is None:
            return Finding("Mirror", "none: see docs/how-to/mirror-the-media.md", well=False, optional=True)
        marked = await asyncio.to_thread(target.read_marker)
    except SoviaError as error:
        return Finding("Mirror", error.code.removeprefix("mirror_"), well=False, advice=error.message)
    return Finding("Mirror", f"{target.kind} {target.name}, {'answers' if marked else 'not used yet'}")


def space(settings: Settings) -> Finding:
    """How much room is left where the media lie."""
    free = shutil.disk_usage(settings.home).free
    return Finding(
        "Free space", f"{free / 1e9:,.1f} GB", free > LITTLE_SPACE_BYTES, "Make room before the next import."
    )


def door(settings: Settings) -> Finding:
    """Who can reach the server."""
    if settings.is_local_only:
        return Finding("Address", f"{settings.host}:{settings.port}, this machine only")
    advice = "Set SOVIA_PASSWORD; without it the server refuses to listen there."
    return Finding("Address", f"{settings.host}:{settings.port}, other machines too", bool(settings.password), advice)


def chromium() -> Finding:
    """The browser of the tests."""
    found = next((name for name in CHROMIUM_NAMES if shutil.which(name)), "")
    advice = "Only ./run test needs it, and installs it when it may: apt-get install chromium."
    return Finding("Chromium", found or "not here", bool(found), advice, optional=True)


def node() -> Finding:
    """What builds and checks the page."""
    found = shutil.which("node")
    version = processes.run([found, "--version"])[1].strip() if found else "not here"
    advice = "Only ./run test needs it, and fetches it itself."
    return Finding("Node", version, bool(found), advice, optional=True)
