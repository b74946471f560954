"""The web app: rooms' routers, the door, errors as answers, the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute

from sovia.account import routes as account_routes
from sovia.account.models import User
from sovia.account.service import WrongTries, local_user
from sovia.collection.routes import collections as collection_routes
from sovia.collection.routes import items as item_routes
from sovia.collection.routes import marks as mark_routes
from sovia.collection.routes import operations as operation_routes
from sovia.collection.routes import presets as preset_routes
from sovia.collection.routes import smart as smart_routes
from sovia.collection.routes import trash as trash_routes
from sovia.fetching import routes as fetching_routes
from sovia.importer import routes as importer_routes
from sovia.keeping import routes as keeping_routes
from sovia.keeping.exporting import routes as exporting_routes
from sovia.keeping.mirroring import routes as mirroring_routes
from sovia.kit import api_docs, ending
from sovia.kit.answers import Json
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.guard import Guard
from sovia.kit.log import logger
from sovia.kit.page import Page
from sovia.kit.settings import PROJECT_ROOT, Settings, current
from sovia.library.routes import media as media_routes
from sovia.library.routes import posts as post_routes
from sovia.library.routes import roots as root_routes
from sovia.ops import postgres
from sovia.ops import routes as ops_routes
from sovia.ops.backups import routes as backup_routes
from sovia.ops.events import Feed
from sovia.overview.catalogs import Catalogs
from sovia.overview.routes import prompts as prompt_routes
from sovia.overview.routes import statistics as statistics_routes
from sovia.search.columns.keeper import Keeper
from sovia.search.routes import filters as filter_routes
from sovia.search.routes import gallery as gallery_routes
from sovia.search.snapshots import Snapshots
from sovia.similarity.gallery import Gallery
from sovia.similarity.routes import asking as asking_routes
from sovia.similarity.routes import media as similarity_routes

PAGE = PROJECT_ROOT / "index.html"
log = logger("app")

# What PostgreSQL says of a statement that it ended itself.
TOOK_TOO_LONG = "57014"


def create_app(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The app for these settings (the environment's by default) on this database (the settings' by default)."""
    settings = settings or current()
    app = FastAPI(
        title="8xSovia", version="0.1.0", lifespan=_lifespan, redirect_slashes=False, docs_url=None, redoc_url=None
    )
    app.state.settings = settings
    app.state.given_database = database
    app.state.page = None
    app.router.routes.extend(_routes())
    app.add_api_route("/", show_page, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/index.html", show_page, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_exception_handler(SoviaError, show_error)
    app.add_exception_handler(RequestValidationError, show_invalid)
    app.add_exception_handler(HTTPException, show_http_error)
    app.add_exception_handler(ClientDisconnect, show_broken_off)
    app.add_exception_handler(OperationalError, show_database_away)
    app.add_exception_handler(ConnectionError, show_database_away)
    app.add_exception_handler(DBAPIError, show_database_error)
    app.add_exception_handler(Exception, show_bug)
    app.add_middleware(Guard, settings=settings)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """What the rooms answer; the same for every app of a process, since working out what each takes costs 80 ms."""
    # Each request tries one after the other: what is asked for most comes first, fixed words before paths with an id.
    search_routes = (media_routes, gallery_routes, similarity_routes, filter_routes)
    library_routes = (post_routes, root_routes)
    marking_routes = (mark_routes, trash_routes, operation_routes)
    collecting_routes = (smart_routes, collection_routes, item_routes, *marking_routes, preset_routes)
    rooms = (
        *search_routes,
        account_routes,
        importer_routes,
        fetching_routes,
        asking_routes,
        *collecting_routes,
        prompt_routes,
        statistics_routes,
        keeping_routes,
        mirroring_routes,
        exporting_routes,
        *library_routes,
        ops_routes,
        backup_routes,
    )
    router = APIRouter()
    for routes in (*rooms, api_docs):
        router.include_router(routes.router)
    return tuple(router.routes)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    given: Database | None = app.state.given_database
    database = given or Database(
        settings.database_url or postgres.ensure(settings.home),
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
    )
    app.state.database = database
    app.state.cache = AnswerCache(settings.redis_url, settings.cache_ttl)
    app.state.columns = Keeper(database)
    app.state.snapshots = Snapshots(columns=app.state.columns)
    app.state.catalogs = Catalogs()
    app.state.pictures = Gallery()
    app.state.feed = Feed(database, app.state.cache, app.state.columns)
    forget = ending.when_told(app.state.feed.end_streams)
    app.state.wrong_tries = WrongTries()
    async with database.begin() as session:
        app.state.local_user = await session.get_one(User, await local_user(session))
    yield
    forget()
    await app.state.feed.close()
    await app.state.columns.close()
    await app.state.cache.close()
    if given is None:
        await database.dispose()


async def show_page(request: Request) -> Response:
    """The page; read again when the built file has changed."""
    page: Page | None = request.app.state.page
    about = PAGE.stat()
    if page is None or page.stamp != (about.st_mtime_ns, about.st_size):
        page = request.app.state.page = Page.read(PAGE)
    return page.answer(request)


async def show_error(_request: Request, error: Exception) -> Response:
    """A named error in the one shape of errors."""
    assert isinstance(error, SoviaError)
    retry = error.details.get("retry_after")
    headers = {"Retry-After": str(retry)} if retry else None
    return Json(error.as_answer(), status_code=error.status, headers=headers)


async def show_invalid(_request: Request, error: Exception) -> Response:
    """Which fields are malformed and why; never what was sent, which may hold a secret."""
    assert isinstance(error, RequestValidationError)
    fields = [
        {"field": ".".join(str(part) for part in problem["loc"]), "problem": problem["msg"]}
        for problem in error.errors()[:20]
    ]
    named = ", ".join(dict.fromkeys(str(field["field"]).split(".", 1)[-1] for field in fields))
    answer = {"error": "invalid_input", "message": f"This is not valid: {named}.", "details": {"fields": fields}}
    return Json(answer, status_code=422)


async def show_http_error(_request: Request, error: Exception) -> Response:
    """An unknown path, a wrong method, an unreadable body."""
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "method_not_allowed", 400: "bad_request", 413: "too_large"}
    message = "There is nothing at this address." if error.status_code == 404 else str(error.detail)
    answer = {"error": codes.get(error.status_code, "http_error"), "message": message, "details": {}}
    return Json(answer, status_code=error.status_code, headers=error.headers)


async def show_broken_off(_request: Request, _error: Exception) -> Response:
    """The sender went away, or sent what is no HTTP, in the middle of a body."""
    answer = {"error": "bad_request", "message": "The request ended before its body did.", "details": {}}
    return Json(answer, status_code=400)


async def show_database_away(_request: Request, error: Exception) -> Response:
    """The database does not answer."""
    log.error("database away", error=type(error).__name__)
    message = "The database does not answer. Nothing was changed. Try again in a moment."
    return Json({"error": "database_away", "message": message, "details": {}}, status_code=503)


async def show_database_error(request: Request, error: Exception) -> Response:
    """A statement that failed: the connection broke, or a bug."""
    assert isinstance(error, DBAPIError)
    if error.connection_invalidated:
        return await show_database_away(request, error)
    if getattr(error.orig, "sqlstate", None) == TOOK_TOO_LONG:
        message = "This takes too long to look up. Ask for less: another word or field in the filter helps."
        return Json({"error": "takes_too_long", "message": message, "details": {}}, status_code=503)
    return await show_bug(request, error)


async def show_bug(_request: Request, error: Exception) -> Response:
    """Something nobody expected: logged whole, answered with a number to find it by."""
    request_id = uuid4().hex
    log.error("unexpected error", request=request_id, exc_info=error)
    message = "Something went wrong inside the program. The log has the details."
    return Json({"error": "internal", "message": message, "details": {"request_id": request_id}}, status_code=500)
