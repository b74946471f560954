"""The filter, sort and zone parameters that every list of posts takes."""

from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from fastapi import Depends, Query
from sqlalchemy import text

from sovia.account.deps import CurrentUser
from sovia.kit import clock
from sovia.kit.db import Session
from sovia.library.text import searchable, storable
from sovia.search.errors import BadFilter, UnknownZone
from sovia.search.filters import ALSO, Parameters, Sort, Stack, View
from sovia.search.language.document import Document, joined
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import Meaning, meaning_of, sole_collection
from sovia.search.language.parser import parse
from sovia.search.resembling import likeness_in
from sovia.search.resolving import meaning_now

ZONES = frozenset(available_timezones())
# Most lists are of everything, and worth the shortest way.
EVERYTHING = Parameters()
WHATEVER = meaning_of(Document(filter=parse("").document.filter), Moment(clock.now(), ZoneInfo("UTC")))
MOST_SECONDS = 30
LIMIT = text(f"SET LOCAL statement_timeout = '{MOST_SECONDS}s'")
LIKED = {"true": "yes", "liked": "yes", "false": "no", "unliked": "no", "unknown": "unknown"}
Name = Annotated[str | None, Query(max_length=200)]


def wanted_parameters(
    kind: Annotated[Literal["all", "image", "video", "audio"], Query(alias="type")] = "all",
    liked: Literal["all", "true", "false", "liked", "unliked", "unknown"] = "all",
    model: Name = None,
    mode: Name = None,
    search: Annotated[str | None, Query(max_length=10_000)] = None,
    has_custom_videos: bool = False,
    state: Literal["all", "present", "missing", "corrupt", "refused", "none"] = "all",
) -> Parameters:
    """The documented parameters; `all` and empty leave a field open."""
    return Parameters(
        type=None if kind == "all" else kind,
        liked=LIKED.get(liked),
        model=_named(model),
        mode=_named(mode),
        state=None if state == "all" else state,
        search=searchable(storable(search)[0]) if search else "",
        has_custom_videos=has_custom_videos,
    )


def wanted_zone(tz: Annotated[str, Query(max_length=64)] = "UTC") -> str:
    """The zone in which days begin, or `UnknownZone`."""
    if tz not in ZONES:
        raise UnknownZone
    return tz


WantedParameters = Annotated[Parameters, Depends(wanted_parameters)]
WantedZone = Annotated[str, Depends(wanted_zone)]


async def wanted_filter(
    session: Session,
    user: CurrentUser,
    parameters: WantedParameters,
    zone: WantedZone,
    written: Annotated[str, Query(alias="filter")] = "",
) -> Meaning:
    """What the text of a filter and the documented parameters want together, or `BadFilter`."""
    if not written and parameters == EVERYTHING:
        return WHATEVER
    parsed = parse(written)
    if parsed.problems:
        raise BadFilter(parsed.problems)
    # Whatever is asked for, it does not keep the database from others for ever.
    await session.execute(LIMIT)
    document = Document(filter=joined(parsed.document.filter, *parameters.parts()))
    return await meaning_now(session, user.id, document, Moment(clock.now(), ZoneInfo(zone)))


WantedFilter = Annotated[Meaning, Depends(wanted_filter)]


async def wanted_view(
    session: Session,
    user: CurrentUser,
    wanted: WantedFilter,
    zone: WantedZone,
    sort: Sort | Literal["newest", "oldest"] = "date_desc",
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    stack: Stack = "parent",
) -> View:
    """The view these parameters mean; what does not matter to it makes no difference."""
    order = ALSO.get(sort) or cast(Sort, sort)
    if order == "manual":
        # Only one collection has an order by hand; anything else is shown as usual.
        collection = sole_collection(wanted)
        by_hand = collection is not None and stack in ("parent", "none")
        return View(wanted, "manual" if by_hand else "date_desc", str(collection) if by_hand else 0, zone, stack)
    if order == "resemblance":
        return View(wanted, order, 0, zone, stack, await likeness_in(session, user.id, wanted))
    return View(filter=wanted, sort=order, seed=seed if order == "random" else 0, zone=zone, stack=stack)


WantedView = Annotated[View, Depends(wanted_view)]


def _named(value: str | None) -> str | None:
    return None if value is None or value in ("", "all") else storable(value)[0]
