"""`./run import`: exports taken in here and now, with a bar; then their files, when no worker is there to do it."""

import asyncio
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.markup import escape
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.service import local_user
from sovia.cli import console
from sovia.cli.ready import database_ready
from sovia.cli.reports import table_of, table_of_check, words_of_undoing
from sovia.importer import queries, service, steering, undoing
from sovia.importer.errors import NotAnExport
from sovia.importer.interrupted import held, interrupted_imports, note_all_lost
from sovia.importer.models import Import
from sovia.importer.options import Options, options_of
from sovia.importer.service import Progress, Report
from sovia.importer.sources import Part
from sovia.importer.walking import parts_below
from sovia.kit import settings
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.library.gathered import Collection


class Like(StrEnum):
    """Whose like counts when a post is here already."""

    mine = "mine"
    theirs = "theirs"
    either = "either"


class FileNotImported(SoviaError):
    """At least one of the files could not be taken in; each was complained about by its name."""

    code = "file_not_imported"


def command(
    files: Annotated[list[Path] | None, typer.Argument(help="Exports and folders of exports; one import.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen; nothing is written.")] = False,
    likes: Annotated[Like, typer.Option(help="Whose likes count for posts that are here.")] = Like.either,
    zone: Annotated[str, typer.Option(help="Time zone of times that name none, such as Europe/Paris.")] = "UTC",
    tag: Annotated[list[str] | None, typer.Option(help="Tag what comes in; may be given several times.")] = None,
    collection: Annotated[str, typer.Option(help="Put what comes in into the collection of this name.")] = "",
    undo: Annotated[UUID | None, typer.Option(help="Undo the import of this id.")] = None,
    resume: Annotated[UUID | None, typer.Option(help="Go on with an import that was interrupted.")] = None,
) -> None:
    """Take in exports: posts, prompts, likes, models; then look for the files they name.

    Files may be packed with gzip or zip. Several are one import, with one report. The same file again changes nothing.
    The media are looked for under https_/ by their URL.
    """
    if [bool(files), bool(undo), bool(resume)].count(True) != 1:
        raise typer.BadParameter("Name files to import, or an import to undo or to resume.")
    options = options_of({"likes": likes.value, "naive_zone": zone, "tags": tag or []})
    found = settings.current()
    with database_ready(found) as ready:
        if undo is not None:
            asyncio.run(undo_one(ready.url, undo))
            return
        if resume is not None:
            if asyncio.run(resume_one(ready.url, resume)):
                raise FileNotImported("The import could not be finished.")
            return
        failed = asyncio.run(import_all(ready.url, files or [], options=options, into=collection, check=check))
    if failed:
        raise FileNotImported(f"{failed} of {len(files or [])} files could not be imported.")


async def import_all(
    url: str, files: list[Path], *, options: Options | None = None, into: str = "", check: bool = False
) -> int:
    """Take the files in, or only check them, then do the jobs that came of it; how many could not be opened."""
    database = Database(url)
    options = options or Options()
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
        await tell_of_interrupted(database)
        parts, failed = await asyncio.to_thread(opened, files)
        if not parts:
            return failed
        import_id = uuid4()
        async with held(database, import_id):
            async with database.begin() as session:
                if into and not check:
                    target = await later("collecting").collection_named(session, user_id, into)
                    options = options.model_copy(update={"collection": target})
                await steering.begin_here(session, user_id, import_id, parts, options)
            report = await under_a_bar(database, user_id, import_id, parts, check=check)
        if report is None:
            return failed + 1
        await finish(database, user_id, report, check=check)
        return failed
    finally:
        await database.dispose()


async def resume_one(url: str, import_id: UUID) -> bool:
    """Go on, in this process, with an import whose process was ended; whether it could not be finished."""
    database = Database(url)
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
        await note_all_lost(database)
        async with held(database, import_id):
            async with database.begin() as session:
                parts = await steering.resume_here(session, user_id, import_id, settings.current())
            report = await under_a_bar(database, user_id, import_id, parts, check=False)
        if report is not None:
            await finish(database, user_id, report, check=False)
        return report is None
    finally:
        await database.dispose()


async def tell_of_interrupted(database: Database) -> None:
    """Say, before another import begins, how to go on with those whose process was ended."""
    await note_all_lost(database)
    async with database.begin() as session:
        for one in await interrupted_imports(session):
            console.tell(f"{escape(one.file_name)} was interrupted. To go on: ./run import --resume {one.id}")


async def finish(database: Database, user_id: UUID, report: Report, *, check: bool) -> None:
    """Look for the files of what came in, and say how it went."""
    if not check:
        await later("following").look_for_files(database, user_id)
    async with database.begin() as session:
        found = await queries.import_by_id(session, user_id, report.import_id)
        console.out.print(table_of_check(found) if check else table_of(found, report))
        if not check:
            if report.counts.get("tagged") or report.counts.get("gathered"):
                console.out.print(await words_of_gathering(session, report.counts, found))
            console.out.print(await words_about_files(session, user_id, report.import_id))
            console.tell(f"To undo it: ./run import --undo {report.import_id}")


def later(name: str) -> ModuleType:
    """A part of this command whose libraries take room that reading an export is better without."""
    return import_module(f"sovia.cli.{name}")


def opened(files: list[Path]) -> tuple[list[Part], int]:
    """The files to read, folders looked into; each that can not be opened is complained about."""
    parts: list[Part] = []
    failed = 0
    for path in files:
        try:
            found = parts_below(path)
        except OSError as error:
            console.complain(f"{escape(path.name)}: {escape(why(error))}")
            failed += 1
            continue
        if not found:
            console.complain(f"{escape(path.name)}: there is no file in this folder.")
            failed += 1
        parts += found
    return parts, failed


async def under_a_bar(
    database: Database, user_id: UUID, import_id: UUID, parts: list[Part], *, check: bool
) -> Report | None:
    """Take the files in under a bar of their bytes; nothing, after a complaint, when that can not be."""
    name = steering.shown([{"name": part.name} for part in parts])
    with console.bytes_bar() as bars:
        task = bars.add_task(escape(name), total=None, note="")

        async def show(progress: Progress) -> None:
            posts = progress.counts.get("posts", 0) + progress.counts.get("children", 0)
            note = f"{posts:,} posts, {progress.posts_per_second:,.0f} a second"
            bars.update(task, completed=progress.done, total=progress.total, note=note)

        try:
            report = await _taken(database, user_id, import_id, parts, show, check=check)
        except (SoviaError, OSError) as error:
            bars.remove_task(task)
            console.complain(f"{escape(name)}: {escape(why(error))}")
            return None
        size = sum(part.size for part in parts)
        bars.update(task, completed=size, total=size, note=f"{report.seconds:.1f} s")
    return report


async def _taken(
    database: Database, user_id: UUID, import_id: UUID, parts: list[Part], show: service.OnProgress, *, check: bool
) -> Report:
    if not check:
        media = settings.current().media_root
        return await service.run_import(database, user_id, import_id, parts, on_progress=show, keep_in=media)
    found: Report = await later("checks").check(database, user_id, import_id, parts, show)
    return found


async def undo_one(url: str, import_id: UUID) -> None:
    """Undo an import under a bar."""
    database = Database(url)
    try:
        await note_all_lost(database)
        async with held(database, import_id):
            async with database.begin() as session:
                user_id = await local_user(session)
                await undoing.undo_import(session, user_id, import_id, here=True)
            with console.progress_bar() as bars:
                task = bars.add_task("Undoing", total=None)

                async def show(done: int, total: int) -> None:
                    bars.update(task, completed=done, total=total)

                media = settings.current().media_root
                await undoing.carry_out(database, user_id, import_id, media_root=media, on_progress=show)
        async with database.begin() as session:
            console.out.print(words_of_undoing(await queries.import_by_id(session, user_id, import_id)))
    finally:
        await database.dispose()


def why(error: SoviaError | OSError) -> str:
    """What is wrong, without a path."""
    if isinstance(error, NotAnExport | SoviaError):
        return error.message
    return f"{error.strerror or 'it can not be read'}."


async def words_of_gathering(session: AsyncSession, counts: dict[str, int], found: Import) -> str:
    """How many posts were tagged and put into the collection."""
    parts = [f"{counts['tagged']:,} tagged"] if counts.get("tagged") else []
    if counts.get("gathered"):
        where = await session.get(Collection, UUID(found.options["collection"]))
        parts.append(f"{counts['gathered']:,} put into {escape(where.name if where else 'a collection')}")
    return f"Posts: {', '.join(parts)}."


async def words_about_files(session: AsyncSession, user_id: UUID, import_id: UUID) -> str:
    """How many of the files of an import's posts are in which state."""
    counts = await queries.file_counts(session, user_id, import_id)
    parts = [f"{count:,} {state}" for state, count in sorted(counts.items())]
    return f"Files: {', '.join(parts) or 'none'}."
