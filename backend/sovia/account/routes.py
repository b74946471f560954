"""Signing in and out, and who is asking."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request, Response

from sovia.account import service
from sovia.account.deps import COOKIE, CurrentUser, MaybeUser
from sovia.account.errors import UserNotFound
from sovia.account.models import Preferences, User
from sovia.account.schemas import Me, PasswordIn, PreferencesIn, PreferencesOut, UserOut
from sovia.kit.db import Session
from sovia.kit.settings import Settings

router = APIRouter(prefix="/api", tags=["account"])
WantedUser = Annotated[str, Path(max_length=36, description="The caller's id, or `me`.")]


@router.get("/me", response_model=Me)
async def me(request: Request, user: MaybeUser) -> Me:
    """Who is asking, and whether this server wants a password."""
    settings: Settings = request.app.state.settings
    return Me(
        id=user.id if user else None,
        name=user.name if user else None,
        authenticated=user is not None,
        password_required=bool(settings.password),
    )


@router.get("/users", response_model=list[UserOut])
async def users(user: CurrentUser) -> list[User]:
    """The people whom the caller may know of, which is the caller."""
    return [user]


@router.get("/users/{user_id}/preferences", response_model=PreferencesOut)
async def preferences(user_id: WantedUser, user: CurrentUser, session: Session, response: Response) -> Preferences:
    """How the caller (`me`, or the own id) likes the page, with the version as `ETag`."""
    found = await service.preferences_of(session, own(user, user_id))
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.put("/users/{user_id}/preferences", response_model=PreferencesOut)
async def replace_preferences(
    user_id: WantedUser,
    given: PreferencesIn,
    user: CurrentUser,
    session: Session,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=100)] = None,
) -> Preferences:
    """Keep new preferences instead; with `If-Match`, only when nobody else changed them since."""
    version = version_of(if_match)
    found = await service.replace_preferences(session, own(user, user_id), given.preferences, version=version)
    response.headers["ETag"] = f'"{found.version}"'
    return found


def own(user: User, asked: str) -> UUID:
    """The caller's id; `UserNotFound` for anybody else's."""
    if asked not in ("me", str(user.id)):
        raise UserNotFound(asked)
    return user.id


def version_of(if_match: str | None) -> int | None:
    """The version in an `If-Match`; one that is none fits nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    number = if_match.strip().removeprefix("W/").strip('"')
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


@router.post("/auth/login", status_code=204)
async def login(given: PasswordIn, request: Request, response: Response, session: Session) -> None:
    """Sign this browser in with the server's password."""
    settings: Settings = request.app.state.settings
    if not settings.password:
        return
    token = await service.sign_in(
        session, request.app.state.wrong_tries, given=given.password, password=settings.password
    )
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(service.STAYS_SIGNED_IN.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


@router.post("/auth/logout", status_code=204)
async def logout(request: Request, response: Response, session: Session) -> None:
    """Sign this browser out; fine when it was not signed in."""
    settings: Settings = request.app.state.settings
    token = request.cookies.get(COOKIE)
    if token and settings.password:
        await service.sign_out(session, token, password=settings.password)
    response.delete_cookie(COOKIE)
