"""What is in collections, and what posts are in, over HTTP."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.collection import queries
from sovia.collection.answers import operation_answer, shown
from sovia.collection.errors import AlreadyInCollection, NotInCollection
from sovia.collection.filtering import meaning_of_collection, targets_of
from sovia.collection.schemas import FewIds, ItemsIn, OrderIn, SomeIds
from sovia.collection.service import items, ordering
from sovia.collection.targets import by_ids
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.kit.errors import Invalid
from sovia.kit.paging import cursor_of, values_of
from sovia.library.gathered import Collection
from sovia.library.queries import listed, posts
from sovia.search import finding
from sovia.search.errors import BadCursor
from sovia.search.filters import View

router = APIRouter(prefix="/api", tags=["collections"])
Given = Annotated[ItemsIn | None, Body()]
PostId = Annotated[UUID | None, Query(description="The post, when there is no body.")]


@router.get("/collections/{collection_id}")
async def collection(
    collection_id: UUID,
    request: Request,
    user: CurrentUser,
    session: Session,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """A collection with a page of its posts: in their order, or of a smart one the newest stacks first."""
    found = await queries.collection_by_id(session, user.id, collection_id)
    if found.is_smart:
        view = View(await meaning_of_collection(session, user.id, found))
        columns = request.app.state.columns
        ids, following = await finding.page(columns, session, user.id, view, limit=limit, skip=skip, cursor=cursor)
    else:
        ids, following = await _page(session, found, skip=skip, limit=limit, cursor=cursor)
    answer = (await shown(session, request.app.state, user.id, [found]))[0]
    answer["items"] = await listed.media_answers(session, user.id, ids)
    headers = {"X-Total-Count": str(answer["item_count"])}
    if following:
        headers["X-Next-Cursor"] = following
        headers["Link"] = f'<{request.url.path}?{urlencode({"limit": limit, "cursor": following})}>; rel="next"'
    return Json(answer | {"next_cursor": following}, headers=headers)


@router.post("/collections/{collection_id}/items")
async def add_items(
    collection_id: UUID, user: CurrentUser, session: Session, given: Given = None, media_post_id: PostId = None
) -> Response:
    """Put one post, several, or all stacks that a filter finds into a collection; only new ones count."""
    found = await items.regular(session, user.id, collection_id)
    one = _one(given, media_post_id)
    if one is not None:
        await posts.post_by_id(session, user.id, one)
        added, operation = await items.add(session, user.id, found, by_ids(user.id, [one]))
        if not added:
            raise AlreadyInCollection
    else:
        assert given is not None
        targets = await targets_of(session, user.id, given.ids, given.filter)
        added, operation = await items.add(session, user.id, found, targets)
    message = f"Added {added} to {found.name}."
    return Json({"message": message, "added": added, "operation": operation_answer(operation)})


@router.delete("/collections/{collection_id}/items/{post_id}")
async def remove_item(collection_id: UUID, post_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Take a post out of a collection; of a root that is not in it itself, its stack."""
    return await _remove_one(session, user.id, collection_id, post_id)


@router.delete("/collections/{collection_id}/items")
async def remove_named_item(
    collection_id: UUID, user: CurrentUser, session: Session, media_post_id: Annotated[UUID, Query()]
) -> Response:
    """The same, with the post in the query."""
    return await _remove_one(session, user.id, collection_id, media_post_id)


@router.post("/collections/{collection_id}/items/remove")
async def remove_items(collection_id: UUID, given: ItemsIn, user: CurrentUser, session: Session) -> Response:
    """Take posts (of roots, their stacks) or all stacks that a filter finds out of a collection."""
    found = await items.regular(session, user.id, collection_id)
    ids = [given.media_post_id] if given.media_post_id is not None else given.ids
    removed, operation = await items.remove(
        session, user.id, found, await targets_of(session, user.id, ids, given.filter)
    )
    message = f"Removed {removed} from {found.name}."
    return Json({"message": message, "removed": removed, "operation": operation_answer(operation)})


@router.put("/collections/{collection_id}/order")
async def order(collection_id: UUID, given: OrderIn, user: CurrentUser, session: Session) -> Response:
    """Let posts stand, in this order, before another one of the collection, or at its end."""
    found = await items.regular(session, user.id, collection_id)
    operation = await ordering.move(session, user.id, found, given.ids, given.before)
    return Json({"message": f"Moved in {found.name}.", "operation": operation_answer(operation)})


@router.post("/collections/membership")
async def membership(given: SomeIds, user: CurrentUser, session: Session) -> Response:
    """Of these posts (or stacks of roots), how many are in each collection; those with none are left out."""
    counted = await queries.membership(session, user.id, given.ids)
    found = [{"id": one, "in": count} for one, count in counted.items()]
    return Json({"of": len(set(given.ids)), "collections": found})


@router.post("/collections/of")
async def of_posts(given: FewIds, user: CurrentUser, session: Session) -> Response:
    """By post, the collections that it is in, or for a root any post of its stack."""
    return Json(await queries.collections_of_posts(session, user.id, given.ids))


@router.get("/media/{post_id}/collections")
async def of_post(post_id: UUID, user: CurrentUser, session: Session) -> Response:
    """The collections that a post itself is in."""
    await posts.post_by_id(session, user.id, post_id)
    return Json(await queries.collections_of_post(session, user.id, post_id))


async def _page(
    session: AsyncSession, found: Collection, *, skip: int, limit: int, cursor: str | None
) -> tuple[list[UUID], str | None]:
    after = _place(cursor) if cursor else None
    rows = await queries.items_page(session, found.user_id, found.id, after=after, skip=skip, limit=limit + 1)
    following = cursor_of("items", rows[limit - 1][0], str(rows[limit - 1][1])) if len(rows) > limit else None
    return [row[1] for row in rows[:limit]], following


def _place(cursor: str) -> tuple[int, UUID]:
    match values_of(cursor):
        case ["items", int(position), str(post_id)] if abs(position) < 2**62:
            try:
                return position, UUID(post_id)
            except ValueError:
                pass
    raise BadCursor


def _one(given: ItemsIn | None, media_post_id: UUID | None) -> UUID | None:
    if given is None and media_post_id is None:
        raise Invalid("Say which post: media_post_id, ids or filter.")
    return media_post_id if given is None else given.media_post_id


async def _remove_one(session: AsyncSession, user_id: UUID, collection_id: UUID, post_id: UUID) -> Response:
    found = await items.regular(session, user_id, collection_id)
    await posts.post_by_id(session, user_id, post_id)
    removed, operation = await items.remove(session, user_id, found, by_ids(user_id, [post_id]))
    if not removed:
        raise NotInCollection
    answer: dict[str, Any] = {"message": f"Removed from {found.name}.", "operation": operation_answer(operation)}
    return Json(answer)
