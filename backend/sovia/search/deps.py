"""The filter, sort and zone parameters that every list of posts takes."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

from fastapi import Depends, Query

from sovia.account.deps import CurrentUser
from sovia.kit.db import Session
from sovia.library.text import searchable, storable
from sovia.search.errors import UnknownZone
from sovia.search.filters import LIKED, PostFilter, Sort, View, words_of
from sovia.search.words import with_lexemes

ZONES = frozenset(available_timezones())
Name = Annotated[str | None, Query(max_length=200)]


async def wanted_filter(
    session: Session,
    user: CurrentUser,
    kind: Annotated[Literal["all", "image", "video", "audio"], Query(alias="type")] = "all",
    liked: Literal["all", "true", "false", "liked", "unliked", "unknown"] = "all",
    model: Name = None,
    mode: Name = None,
    search: Annotated[str | None, Query(max_length=10_000)] = None,
    has_custom_videos: bool = False,
    state: Literal["all", "present", "missing", "corrupt", "refused", "none"] = "all",
) -> PostFilter:
    """The filter these parameters mean; `all` and empty leave a field open."""
    wanted = PostFilter(
        type=None if kind == "all" else kind,
        liked=LIKED.get(liked),
        model=_named(model),
        mode=_named(mode),
        state=None if state == "all" else state,
        words=words_of(searchable(storable(search)[0])) if search else (),
        has_custom_videos=has_custom_videos,
    )
    return await with_lexemes(session, user.id, wanted) if wanted.words else wanted


WantedFilter = Annotated[PostFilter, Depends(wanted_filter)]


async def wanted_view(
    wanted: WantedFilter,
    sort: Sort = "date_desc",
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    tz: Annotated[str, Query(max_length=64)] = "UTC",
) -> View:
    """The view these parameters mean, or `UnknownZone`."""
    if tz not in ZONES:
        raise UnknownZone
    return View(filter=wanted, sort=sort, seed=seed, zone=tz)


WantedView = Annotated[View, Depends(wanted_view)]


def _named(value: str | None) -> str | None:
    return None if value is None or value in ("", "all") else storable(value)[0]
