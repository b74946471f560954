"""The gallery's index, lists, facets and totals, through HTTP against an oracle: S030, S034, S036, S042, S049."""

import itertools
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from indexes import indexed
from makers import make_library, make_post
from oracle import ordered, stacks
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from sovia.account.models import User
from sovia.library.models import Post
from sovia.search.filters import SORTS
from sovia.search.routes import gallery

# Files and resemblance have tests of their own.
PLAIN = [sort for sort in SORTS if sort not in ("size", "resemblance")]
CHOICES = {
    "type": "video",
    "liked": "true",
    "model": "imagine_h_1",
    "mode": "custom",
    "has_custom_videos": "true",
    "state": "missing",
    "search": "fox",
}


@pytest.fixture
async def library(session: AsyncSession, user_id: UUID) -> list[Post]:
    return await make_library(session, user_id, 150)


async def listed(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    """The ids of a whole list, page by page."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get(
            "/api/media", params={"limit": 40, **parameters, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        found += [post["id"] for post in answer.json()]
        cursor = answer.headers.get("x-next-cursor")
    return found


async def test_filters_combine_with_and(client: httpx.AsyncClient, session: AsyncSession, user_id: UUID) -> None:
    """S039: every pair of them, among 5,000 posts."""
    library = await make_library(session, user_id, 2600)
    assert len(library) >= 5000
    for pair in itertools.combinations(CHOICES, 2):
        wanted = {name: CHOICES[name] for name in pair}
        found = await listed(client, **wanted, limit=100)
        assert found == [str(post.id) for post in ordered(stacks(library, **wanted), "date_desc")], pair


@pytest.mark.parametrize("sort", PLAIN)
async def test_pages_meet_without_gap_or_overlap(client: httpx.AsyncClient, library: list[Post], sort: str) -> None:
    expected = [str(post.id) for post in ordered(stacks(library), sort, seed=5)]

    assert await listed(client, sort=sort, seed=5) == expected


@pytest.mark.parametrize("sort", PLAIN)
async def test_index_cards_and_list_agree_on_the_order(
    client: httpx.AsyncClient, library: list[Post], sort: str
) -> None:
    roots = ordered(stacks(library), sort)

    header, ratios, _ = await indexed(client, sort=sort)
    cards = (await client.get("/api/cards", params={"sort": sort, "chunk": 0})).json()["cards"]

    assert [card["id"] for card in cards] == [str(post.id) for post in roots]
    assert list(ratios) == [post.ratio for post in roots]
    assert sum(section["count"] for section in header["sections"]) == len(roots) == header["total"]


@pytest.mark.parametrize(("one", "other"), [("true", "liked"), ("false", "unliked")])
async def test_both_vocabularies_of_likes_mean_the_same(
    client: httpx.AsyncClient, library: list[Post], one: str, other: str
) -> None:
    """S033."""
    assert await listed(client, liked=one) == await listed(client, liked=other) != []


async def test_sections_are_days_of_the_zone_asked_for(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:

    await make_post(session, user_id, created_at=datetime(2025, 9, 29, 23, 30, tzinfo=UTC))

    header, _, _ = await indexed(client, tz="Asia/Riyadh")

    assert header["sections"] == [{"label": "2025-09-30", "start": 0, "count": 1}]


async def test_flags_tell_kind_like_file_and_stack(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    root = await make_post(session, user_id, kind="video", liked=True, media_state="corrupt", thumbnail="ab")
    await make_post(session, user_id, parent=root)
    await session.flush()

    _, _, flags = await indexed(client)

    assert list(flags) == [1 + 4 + 16 + 32 + 64]


async def test_an_unchanged_index_is_not_sent_again(client: httpx.AsyncClient, library: list[Post]) -> None:
    first = await client.get("/api/index")
    again = await client.get("/api/index", headers={"If-None-Match": first.headers["etag"]})
    await client.post(f"/api/media/{library[0].id}/like")
    changed = await client.get("/api/index", headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)


async def test_an_empty_library_has_an_empty_index(client: httpx.AsyncClient) -> None:
    header, ratios, flags = await indexed(client)

    assert (header["total"], header["sections"], ratios, flags) == (0, [], b"", b"")
    assert (await client.get("/api/cards")).json()["cards"] == []
    assert await listed(client) == []


async def test_a_child_is_located_at_its_stack(client: httpx.AsyncClient, library: list[Post]) -> None:
    child = next(post for post in library if post.parent_id)
    roots = ordered(stacks(library), "date_desc")

    answer = await client.get("/api/index/locate", params={"id": str(child.id)})

    assert answer.json()["position"] == [post.id for post in roots].index(child.root_id)


async def test_list_items_have_the_documented_fields(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    root = await make_post(session, user_id, liked=True)
    await make_post(session, user_id, parent=root)

    (item,) = (await client.get("/api/media")).json()

    documented = "id user_id create_time prompt original_prompt media_type media_url mime_type model_name like_status"
    assert {*documented.split(), "child_posts"} <= item.keys()
    child = {"id", "parent_post_id", "user_id", "create_time", "prompt", "original_prompt", "media_type", "media_url"}
    assert child | {"mime_type", "model_name", "mode"} <= item["child_posts"][0].keys()
    assert item["create_time"] == "2025-09-29T12:00:00Z"


async def test_total_and_next_page_are_in_headers(client: httpx.AsyncClient, library: list[Post]) -> None:
    answer = await client.get("/api/media", params={"limit": 10, "liked": "true"})

    assert answer.headers["x-total-count"] == str(len(stacks(library, liked="true")))
    following = await client.get(answer.headers["link"].partition(">")[0].removeprefix("<"))
    assert [post["id"] for post in following.json()] == (await listed(client, liked="true"))[10:20]


async def test_what_a_filter_finds_is_counted_so_far_and_no_further(
    client: httpx.AsyncClient, library: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST_COUNTED", 7)
    there = len(stacks(library, type="video"))

    some = await client.get("/api/media", params={"type": "video"})
    exact = await client.get("/api/media", params={"type": "video", "total": "exact"})
    everything = await client.get("/api/media")

    assert (some.headers["x-total-count"], some.headers["x-total-capped"]) == ("7", "true")
    assert (exact.headers["x-total-count"], "x-total-capped" in exact.headers) == (str(there), False)
    assert everything.headers["x-total-count"] == str(len(stacks(library)))


async def test_skip_still_works_for_old_clients(client: httpx.AsyncClient, library: list[Post]) -> None:
    answer = await client.get("/api/media", params={"skip": 30, "limit": 20})

    assert [post["id"] for post in answer.json()] == (await listed(client))[30:50]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "skip=-1",
        "type=gif",
        "sort=id;drop",
        "liked=maybe",
        "tz=Mars/Base",
        "seed=-1",
    ],
)
async def test_nonsense_is_refused_by_name(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/media?{query}")

    assert (answer.status_code, set(answer.json())) == (422, {"error", "message", "details"})


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJkYXRlX2Rlc2MiLDAsMCwieCIsInkiXQ", "é", "0" * 2000])
async def test_a_foreign_cursor_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get("/api/media", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_cursor")


async def test_a_cursor_of_another_order_is_refused(client: httpx.AsyncClient, library: list[Post]) -> None:
    cursor = (await client.get("/api/media", params={"limit": 5})).headers["x-next-cursor"]

    answer = await client.get("/api/media", params={"cursor": cursor, "sort": "model"})

    assert answer.json()["error"] == "bad_cursor"


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "_",
        "\\",
        "'",
        '"',
        "%' OR 1=1--",
        "(",
        "\u0000",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
async def test_odd_words_are_searched_as_they_stand(client: httpx.AsyncClient, library: list[Post], typed: str) -> None:
    answer = await client.get("/api/media", params={"search": typed})

    assert answer.status_code == 200
    assert typed == '"' or answer.json() == []


async def test_a_list_costs_a_fixed_number_of_statements(
    client: httpx.AsyncClient, library: list[Post], connection: AsyncConnection
) -> None:
    statements: list[str] = []
    event.listen(connection.sync_connection, "before_cursor_execute", lambda *given: statements.append(given[2]))

    for limit in (1, 100):
        statements.clear()
        await client.get("/api/media", params={"limit": limit})
        assert len([text for text in statements if text.startswith("SELECT")]) <= 6


async def test_facets_count_what_each_choice_would_find(client: httpx.AsyncClient, library: list[Post]) -> None:
    facets = (await client.get("/api/facets", params={"type": "video"})).json()

    models = {row["value"]: row["count"] for row in facets["model"]}
    assert models["imagine_w_1"] == len(stacks(library, type="video", model="imagine_w_1"))
    types = {row["value"]: row["count"] for row in facets["type"]}
    assert types["image"] == len(stacks(library, type="image"))


async def test_totals_count_children_and_are_fresh_after_a_like(client: httpx.AsyncClient, library: list[Post]) -> None:
    before = (await client.get("/api/stats")).json()
    unliked = next(post for post in library if post.liked is None and post.parent_id is None)
    await client.post(f"/api/media/{unliked.id}/like")
    after = (await client.get("/api/stats")).json()

    assert (before["totalItems"], before["totalVideos"]) == (
        len(library),
        len([post for post in library if post.kind == "video"]),
    )
    assert after["likedItems"] == before["likedItems"] + 1
    assert (await client.get("/api/models")).json()["models"] == after["models"]


async def test_search_finds_words_of_children_in_any_script(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    root = await make_post(session, user_id, prompt="")
    await make_post(session, user_id, parent=root, prompt="灯台の上の قطة, Café")
    await make_post(session, user_id, prompt="a red fox")

    for typed in ("灯台", "قطة", "cafe", "CAFÉ 灯台"):
        assert (await client.get("/api/search", params={"q": typed})).json()["count"] == 1


async def test_another_users_posts_are_nowhere(
    client: httpx.AsyncClient, session: AsyncSession, library: list[Post]
) -> None:

    stranger = UUID(int=99)
    session.add(User(id=stranger, name="stranger"))
    await session.flush()
    post = await make_post(session, stranger, prompt="zebra")

    assert (await client.get("/api/search", params={"q": "zebra"})).json()["count"] == 0
    assert str(post.id) not in await listed(client)
    for path in (f"/api/media/{post.id}", f"/api/index/locate?id={post.id}"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"/api/media/{post.id}/like")).status_code == 404
