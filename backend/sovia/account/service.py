"""Who is asking: the local user of an installation without a password, sign-ins of one that has a password."""

import hashlib
import hmac
import secrets
import time
from collections import deque
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.errors import PreferencesChanged, TooManyTries, WrongPassword
from sovia.account.models import Preferences, SignIn, User
from sovia.account.preferences import DEFAULTS, kept
from sovia.kit import clock

# The same in every installation, so that a restored database and its settings still fit together.
LOCAL_USER = UUID("00000000-0000-4000-8000-000000000001")
STAYS_SIGNED_IN = timedelta(days=30)
TRIES = 10
TRIES_WINDOW_SECONDS = 60


async def local_user(session: AsyncSession) -> UUID:
    """The id of the one user of an installation without accounts; made when missing, safe to call twice."""
    row = insert(User).values(id=LOCAL_USER, name="me", created_at=clock.now())
    await session.execute(row.on_conflict_do_nothing())
    return LOCAL_USER


class WrongTries:
    """Counts wrong passwords of a process, so that guessing is slow."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=TRIES)

    def check(self) -> None:
        """Raise `TooManyTries` when the last tries were too many in too short a time."""
        if len(self._times) == TRIES:
            left = TRIES_WINDOW_SECONDS - (time.monotonic() - self._times[0])
            if left > 0:
                raise TooManyTries(int(left) + 1)

    def add(self) -> None:
        """Count one wrong password."""
        self._times.append(time.monotonic())


async def sign_in(session: AsyncSession, tries: WrongTries, *, given: str, password: str) -> str:
    """Trade the server's password for a token that lasts 30 days; only its hash is stored.

    Raises `WrongPassword` and, after ten of them in a minute, `TooManyTries`.
    """
    tries.check()
    if not hmac.compare_digest(_digest(given), _digest(password)):
        tries.add()
        raise WrongPassword
    token = secrets.token_urlsafe(32)
    user_id = await local_user(session)
    await session.execute(delete(SignIn).where(SignIn.expires_at < clock.now()))
    session.add(
        SignIn(token_hash=token_hash(token, password), user_id=user_id, expires_at=clock.now() + STAYS_SIGNED_IN)
    )
    return token


async def sign_out(session: AsyncSession, token: str, *, password: str) -> None:
    """Forget a token; unknown ones are fine."""
    await session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token, password)))


async def preferences_of(session: AsyncSession, user_id: UUID) -> Preferences:
    """How a person likes the page; made from the defaults when asked for the first time, by however many at once."""
    row = insert(Preferences).values(user_id=user_id, id=uuid4(), preferences=DEFAULTS, version=1)
    row = row.values(created_at=clock.now(), updated_at=clock.now())
    await session.execute(row.on_conflict_do_nothing(index_elements=["user_id"]))
    return await session.get_one(Preferences, user_id, populate_existing=True, with_for_update=True)


async def replace_preferences(
    session: AsyncSession, user_id: UUID, given: dict[str, Any], *, version: int | None
) -> Preferences:
    """Keep new preferences; `PreferencesChanged` unless those that stand are of this version, when one is given."""
    found = await preferences_of(session, user_id)
    if version is not None and version != found.version:
        raise PreferencesChanged(found.version)
    found.preferences, found.version, found.updated_at = kept(given), found.version + 1, clock.now()
    await session.flush()
    return found


def token_hash(token: str, password: str) -> bytes:
    """The stored form of a token; it depends on the password, so that a new password signs everyone out."""
    return hmac.digest(_digest(password), token.encode(), "sha256")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
