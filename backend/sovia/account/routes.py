"""Signing in and out, and who is asking."""

from fastapi import APIRouter, Request, Response

from sovia.account import service
from sovia.account.deps import COOKIE, MaybeUser
from sovia.account.schemas import Me, PasswordIn
from sovia.kit.db import Session
from sovia.kit.settings import Settings

router = APIRouter(prefix="/api", tags=["account"])


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
