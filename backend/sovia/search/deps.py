"""The filter, sort and zone parameters that every list of posts takes."""

from dataclasses import dataclass
from typing import Annotated, Literal, cast
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from fastapi import Depends, Query
from sqlalchemy import text as statement
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
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
LIMIT = statement(f"SET LOCAL statement_timeout = '{MOST_SECONDS}s'")
LIKED = {"true": "yes", "liked": "yes", "false": "no", "unliked": "no", "unknown": "unknown"}
Name = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True)
class AskedFilter:
    """What a request says about a filter: its text, the documented parameters, and the zone in which days begin.

    FastAPI walks the tree of what a route depends on anew for each request, each branch as often as it occurs: so this
    depends on nothing, and routes ask it for what is meant.
    """

    text: str
    parameters: Parameters
    zone: str

    async def meaning(self, session: AsyncSession, user_id: UUID) -> Meaning:
        """What the text of the filter and the documented parameters want together, or `BadFilter`."""
        if not self.text and self.parameters == EVERYTHING:
            return WHATEVER
        parsed = parse(self.text)
        if parsed.problems:
            raise BadFilter(parsed.problems)
        # Whatever is asked for, it does not keep the database from others for ever.
        await session.execute(LIMIT)
        document = Document(filter=joined(parsed.document.filter, *self.parameters.parts()))
        return await meaning_now(session, user_id, document, Moment(clock.now(), ZoneInfo(self.zone)))


# Not a plain function: FastAPI would run each in a thread of its own.
async def asked_filter(
    kind: Annotated[Literal["all", "image", "video", "audio"], Query(alias="type")] = "all",
    liked: Literal["all", "true", "false", "liked", "unliked", "unknown"] = "all",
    model: Name = None,
    mode: Name = None,
    search: Annotated[str | None, Query(max_length=10_000)] = None,
    has_custom_videos: bool = False,
    state: Literal["all", "present", "missing", "corrupt", "refused", "none"] = "all",
    tz: Annotated[str, Query(max_length=64)] = "UTC",
    text: Annotated[str, Query(alias="filter")] = "",
) -> AskedFilter:
    """The documented parameters, where `all` and empty leave a field open, and the text of a filter."""
    parameters = Parameters(
        type=None if kind == "all" else kind,
        liked=LIKED.get(liked),
        model=_named(model),
        mode=_named(mode),
        state=None if state == "all" else state,
        search=searchable(storable(search)[0]) if search else "",
        has_custom_videos=has_custom_videos,
    )
    return AskedFilter(text, parameters, known_zone(tz))


def known_zone(name: str) -> str:
    """The zone, or `UnknownZone`."""
    if name not in ZONES:
        raise UnknownZone
    return name


async def wanted_zone(tz: Annotated[str, Query(max_length=64)] = "UTC") -> str:
    """The zone in which days begin, or `UnknownZone`."""
    return known_zone(tz)


WantedZone = Annotated[str, Depends(wanted_zone)]
WantedFilter = Annotated[AskedFilter, Depends(asked_filter)]


@dataclass(frozen=True)
class AskedView:
    """What a request says about a view: a filter, a sort, and how posts are stacked."""

    filter: AskedFilter
    sort: Sort
    seed: int
    stack: Stack

    async def view(self, session: AsyncSession, user_id: UUID) -> View:
        """The view that is meant; what does not matter to it makes no difference."""
        wanted, order, zone, stack = (
            await self.filter.meaning(session, user_id),
            self.sort,
            self.filter.zone,
            self.stack,
        )
        if order == "manual":
            # Only one collection has an order by hand; anything else is shown as usual.
            collection = sole_collection(wanted)
            by_hand = collection is not None and stack in ("parent", "none")
            return View(wanted, "manual" if by_hand else "date_desc", str(collection) if by_hand else 0, zone, stack)
        if order == "resemblance":
            return View(wanted, order, 0, zone, stack, await likeness_in(session, user_id, wanted))
        return View(filter=wanted, sort=order, seed=self.seed if order == "random" else 0, zone=zone, stack=stack)


async def asked_view(
    wanted: WantedFilter,
    sort: Sort | Literal["newest", "oldest"] = "date_desc",
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    stack: Stack = "parent",
) -> AskedView:
    """The filter with its sort and stacking."""
    return AskedView(wanted, ALSO.get(sort) or cast(Sort, sort), seed, stack)


WantedView = Annotated[AskedView, Depends(asked_view)]


def _named(value: str | None) -> str | None:
    return None if value is None or value in ("", "all") else storable(value)[0]
