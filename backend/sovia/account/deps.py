"""Who is asking, for the routes of every room."""

from typing import Annotated

from fastapi import Depends, Request

from sovia.account import queries, service
from sovia.account.errors import SignInNeeded
from sovia.account.models import User
from sovia.kit import clock
from sovia.kit.db import Session
from sovia.kit.settings import Settings

COOKIE = "sovia"


async def find_current_user(request: Request, session: Session) -> User | None:
    """The user of this request, or nothing when the server has a password and the caller is not signed in."""
    settings: Settings = request.app.state.settings
    if not settings.password:
        local = request.app.state.local_user
        assert isinstance(local, User)
        return local
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    return await queries.find_signed_in_user(session, service.token_hash(token, settings.password), clock.now())


async def current_user(request: Request, session: Session) -> User:
    """The user of this request, or `SignInNeeded`."""
    # Asked for here and not as a dependency: each step down costs every request.
    user = await find_current_user(request, session)
    if user is None:
        raise SignInNeeded
    return user


MaybeUser = Annotated[User | None, Depends(find_current_user)]
CurrentUser = Annotated[User, Depends(current_user)]
