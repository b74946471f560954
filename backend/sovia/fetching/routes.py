"""Bringing files home, over HTTP: how it stands, begin, pause, go on, stop, and what could not be brought."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from sovia.account.deps import CurrentUser
from sovia.fetching import queries, service, showing
from sovia.fetching.errors import NothingToFetch
from sovia.fetching.schemas import (
    FailureOut,
    FailuresOut,
    FetchIn,
    FetchOut,
    FetchStarted,
    Retried,
    RetryIn,
    SettingsIn,
)
from sovia.importer import listing
from sovia.importer.queries import import_by_id
from sovia.kit import jobs
from sovia.kit.db import Database, Session
from sovia.kit.paging import cursor_of, values_of
from sovia.kit.settings import Settings
from sovia.library.text import storable
from sovia.search.errors import BadCursor, BadFilter, UnknownZone
from sovia.search.language.parser import parse

router = APIRouter(prefix="/api/fetch", tags=["files"])
ZONES = frozenset(available_timezones())
LIST_BLOCK = 65_536
Word = Annotated[str | None, Query(max_length=253)]


@router.get("", response_model=FetchOut)
async def show(request: Request, user: CurrentUser, session: Session) -> FetchOut:
    """How fetching stands: what is not here by host, what waits, what failed by cause, each with one cure."""
    settings: Settings = request.app.state.settings
    return await showing.overview(session, user.id, settings, request.app.state.cache)


@router.post("", status_code=202, response_model=FetchStarted)
async def start(wanted: FetchIn, user: CurrentUser, session: Session) -> FetchStarted:
    """Fetch what is not here: `{"all": true}`, or what an import, posts or a filter mean; it goes on when paused."""
    scope: dict[str, object] = {}
    if wanted.ids:
        scope["ids"] = [str(one) for one in wanted.ids]
    elif wanted.import_id is not None:
        await import_by_id(session, user.id, wanted.import_id)
        scope["import"] = str(wanted.import_id)
    elif wanted.filter.strip():
        parsed = parse(storable(wanted.filter)[0])
        if parsed.problems:
            raise BadFilter(parsed.problems)
        if wanted.tz not in ZONES:
            raise UnknownZone
        scope |= {"filter": storable(wanted.filter)[0], "zone": wanted.tz}
    elif wanted.everything:
        scope["all"] = True
    else:
        raise NothingToFetch
    await service.set_settings(session, user.id, {"paused": False})
    return FetchStarted(job_id=await service.want(session, user.id, scope))


@router.post("/pause", response_model=FetchOut)
async def pause(request: Request, user: CurrentUser, session: Session) -> FetchOut:
    """Fetch nothing more until told to go on; what came so far of a file is kept."""
    await service.set_settings(session, user.id, {"paused": True})
    return await show(request, user, session)


@router.post("/resume", response_model=FetchOut)
async def resume(request: Request, user: CurrentUser, session: Session) -> FetchOut:
    """Go on with what waits."""
    await service.set_settings(session, user.id, {"paused": False})
    await service.go_on(session, user.id)
    return await show(request, user, session)


@router.post("/stop", response_model=FetchOut)
async def stop(request: Request, user: CurrentUser, session: Session) -> FetchOut:
    """Want nothing more; what came stays."""
    job = await queries.running_job(session, user.id)
    if job is not None:
        await jobs.request_cancel(session, user.id, job.id)
    await service.forget_waiting(session, user.id)
    return await show(request, user, session)


@router.post("/retry", response_model=Retried)
async def retry(wanted: RetryIn, user: CurrentUser, session: Session) -> Retried:
    """Try again what failed for a cause, at a host, or all of it."""
    cause, host = (storable(text)[0] if text is not None else None for text in (wanted.cause, wanted.host))
    return Retried(waiting=await service.retry(session, user.id, cause=cause, host=host))


@router.patch("/settings", response_model=FetchOut)
async def change_settings(request: Request, wanted: SettingsIn, user: CurrentUser, session: Session) -> FetchOut:
    """Change the pace or the hosts; a run that is going on follows. A host that is allowed is tried at once."""
    values = wanted.model_dump(exclude={"allow"})
    if wanted.allow is not None:
        values["hosts"] = [*(await queries.settings_of(session, user.id)).hosts, wanted.allow]
    await service.set_settings(session, user.id, values)
    if wanted.allow is not None:
        await service.retry(session, user.id, cause="host_not_allowed", host=wanted.allow.strip().lower())
    return await show(request, user, session)


@router.get("/failures", response_model=FailuresOut)
async def failures(
    user: CurrentUser,
    session: Session,
    cause: Word = None,
    host: Word = None,
    cursor: Annotated[str, Query(max_length=20_000)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> FailuresOut:
    """Files that did not come, by path."""
    values = values_of(cursor) if cursor else [""]
    if not values or not isinstance(values[0], str):
        raise BadCursor
    after = storable(values[0])[0]
    asked = {"cause": _text(cause), "host": _text(host)}
    found = await queries.failures(session, user.id, **asked, after=after, limit=limit + 1)
    following = cursor_of(found[limit - 1].path) if len(found) > limit else None
    return FailuresOut(items=[FailureOut.of(one) for one in found[:limit]], next_cursor=following)


@router.get("/list")
async def save_list(
    request: Request,
    user: CurrentUser,
    form: Annotated[listing.Format, Query(alias="format")] = "txt",
    cause: Word = None,
    host: Word = None,
) -> StreamingResponse:
    """What did not come, as a list for one's own downloader (`txt` for wget, aria2, curl), streamed."""
    name = "files-to-fetch.txt" if form == "txt" else f"files-to-fetch.{form}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    blocks = _lines(request.app.state.database, user.id, form, _text(cause), _text(host))
    return StreamingResponse(blocks, media_type="text/plain; charset=utf-8", headers=headers)


async def _lines(
    database: Database, user_id: UUID, form: listing.Format, cause: str | None, host: str | None
) -> AsyncIterator[str]:
    async with database.begin() as session:
        held = listing.HEADS[form]
        async for url, path in queries.failed_addresses(session, user_id, cause=cause, host=host):
            held += listing.line_of(url, path, form)
            if len(held) >= LIST_BLOCK:
                yield held
                held = ""
        yield held


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)[0]
