"""The language of filters through HTTP: read, described, suggested; combined with the documented parameters."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from filter_oracle import wanted
from makers import make_library, make_post
from oracle import stacks
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.library.models import Post
from sovia.search.language.parser import parse


@pytest.fixture
async def library(session: AsyncSession, user_id: UUID) -> list[Post]:
    return await make_library(session, user_id, 120)


async def cards(client: httpx.AsyncClient, **parameters: str) -> set[str]:
    """The stacks of a view."""
    return {card["root_id"] for card in (await client.get("/api/cards", params=parameters)).json()["cards"]}


async def suggested(client: httpx.AsyncClient, text: str, **more: Any) -> list[dict[str, Any]]:
    """What is offered at the end of a text."""
    answer = await client.get("/api/suggest", params={"text": text, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["suggestions"])


async def test_a_filter_and_the_parameters_must_both_hold(client: httpx.AsyncClient, library: list[Post]) -> None:
    text = "fox OR -model:imagine_h_1"
    expected = wanted(parse(text).document, library) & {str(post.id) for post in stacks(library, liked="true")}

    assert await cards(client, filter=text, liked="true") == expected != set()


async def test_parameters_and_their_fields_find_the_same(client: httpx.AsyncClient, library: list[Post]) -> None:
    """S032, S038."""
    same = {
        "type:video": {"type": "video"},
        "liked:unknown": {"liked": "unknown"},
        "model:imagine_h_1": {"model": "imagine_h_1"},
        "mode:custom": {"mode": "custom"},
        "state:missing": {"state": "missing"},
        "has:own-clips": {"has_custom_videos": "true"},
        "red fox": {"search": "red fox"},
        "red -fox": {"search": "red -fox"},
    }
    for text, parameters in same.items():
        assert await cards(client, filter=text) == await cards(client, **parameters) != set()


async def test_the_documented_list_takes_filters_too(client: httpx.AsyncClient, library: list[Post]) -> None:
    text = "(fox OR storm) -type:audio date:>=2025-09-21"
    answer = await client.get("/api/media", params={"filter": text, "limit": 100})
    expected = wanted(parse(text).document, library)

    assert {post["id"] for post in answer.json()} == expected != set()
    assert answer.headers["x-total-count"] == str(len(expected))


async def test_facets_leave_out_a_field_s_own_choice(client: httpx.AsyncClient, library: list[Post]) -> None:
    facets = (await client.get("/api/facets", params={"filter": "model:imagine_h_1 -liked:no fox"})).json()

    def count(text: str) -> int:
        return len(wanted(parse(text).document, library))

    models = {row["value"]: row["count"] for row in facets["model"]}
    assert models["imagine_x_1"] == count("model:imagine_x_1 -liked:no fox") > 0
    likes = {row["value"]: row["count"] for row in facets["liked"]}
    assert likes[False] == count("model:imagine_h_1 liked:no fox") > 0
    types = {row["value"]: row["count"] for row in facets["type"]}
    assert types["video"] == count("model:imagine_h_1 -liked:no fox type:video")


async def test_days_begin_in_the_zone_asked_for(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    post = await make_post(session, user_id)
    post.created_at = post.created_at and post.created_at.replace(hour=23)
    await session.flush()

    assert await cards(client, filter="date:2025-09-30", tz="Asia/Riyadh") == {str(post.id)}
    assert await cards(client, filter="date:2025-09-30", tz="UTC") == set()


async def test_mistakes_in_a_filter_are_answered_with_their_place_and_cure(client: httpx.AsyncClient) -> None:
    for path in ("index", "cards", "facets", "media"):
        answer = await client.get(f"/api/{path}", params={"filter": "fox modle:x"})
        assert (answer.status_code, answer.json()["error"]) == (422, "bad_filter")
        (error,) = answer.json()["details"]["errors"]
        assert (error["start"], error["length"], error["fix"]) == (4, 5, "model")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 9_000,
        "-" * 9_000,
        "(a OR " * 1_400,
        "ab* " * 2_000,
        "*" * 9_000,
        "model:" + "a," * 4_000,
        "x" * 10_001,
        "%' OR 1=1-- type:x",
    ],
)
async def test_bombs_are_refused(client: httpx.AsyncClient, text: str) -> None:
    """SEC21."""
    answer = await client.get("/api/index", params={"filter": text})

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_filter")
    assert 1 <= len(answer.json()["details"]["errors"]) <= 20


@pytest.mark.parametrize(
    "text",
    [
        "(fox OR (model:a " * 31 + "width:5" + "))" * 31,
        "-(fox -(width:>5 " * 15 + "red" + "))" * 15,
        " OR ".join(f"width:{number} {number}a -date:2025" for number in range(66)),
        " ".join(f"-width:{number}" for number in range(200)),
        " ".join(f"-fox{number}" for number in range(200)),
        " ".join(f"fo{number}*" for number in range(200)),
        "'; DROP TABLE posts; --",
        "$$ \\ % _ {0} {p} :user :v0 ${v0}",
        'model:{"$ne":null}',
        "model:{p} source:{0},%_\\",
        "\x00 \x1b",
    ],
)
async def test_what_is_allowed_can_be_answered(client: httpx.AsyncClient, library: list[Post], text: str) -> None:
    """SEC22."""
    answer = await client.get("/api/cards", params={"filter": text})

    assert answer.status_code == 200, answer.text[:500]


async def test_a_text_is_read_into_both_forms(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/filters/parse", json={"text": "Type:clip  red OR -(fox*) "})

    read = answer.json()
    assert (answer.status_code, read["text"], read["errors"]) == (200, "type:video red OR -fox*", [])
    assert read["document"]["version"] == 1
    again = (await client.post("/api/filters/parse", json={"document": read["document"]})).json()
    assert again == read


async def test_chips_say_what_is_left_without_them(client: httpx.AsyncClient) -> None:
    read = (await client.post("/api/filters/parse", json={"text": "red -model:a,b (fox OR type:video)"})).json()

    assert read["chips"] == [
        {"text": "red", "field": None, "negated": False, "without": "-model:a,b (fox OR type:video)"},
        {"text": "-model:a,b", "field": "model", "negated": True, "without": "red (fox OR type:video)"},
        {"text": "fox OR type:video", "field": None, "negated": False, "without": "red -model:a,b"},
    ]
    assert read["words"] == ["red", "fox"]


async def test_mistakes_are_told_to_who_asks_for_them(client: httpx.AsyncClient) -> None:
    read = (await client.post("/api/filters/parse", json={"text": 'red "fox'})).json()

    assert (read["text"], read["document"]) == (None, None)
    assert read["errors"] == [
        {"start": 4, "length": 4, "message": "This quotation mark is never closed.", "fix": '"fox"'}
    ]


@pytest.mark.parametrize("body", [{}, {"text": "a", "document": {}}, {"text": 5}, [], {"more": 1, "text": ""}])
async def test_only_a_text_or_a_document_is_read(client: httpx.AsyncClient, body: object) -> None:
    assert (await client.post("/api/filters/parse", json=body)).status_code == 422


async def test_a_document_that_is_none_is_refused_by_its_path(client: httpx.AsyncClient) -> None:
    """SEC21."""
    bad = {"version": 1, "filter": {"is": "all", "of": [{"is": "field", "field": "id;drop", "values": ["x"]}]}}
    deep: dict[str, Any] = {"is": "text", "text": "a"}
    for _ in range(300):
        deep = {"is": "not", "of": deep}

    for document, path in ((bad, "filter.of.0"), ({"version": 1, "filter": deep}, "filter.of")):
        answer = await client.post("/api/filters/parse", json={"document": document})
        assert (answer.status_code, answer.json()["error"]) == (422, "bad_filter_document")
        assert answer.json()["details"]["path"].startswith(path)


async def test_every_field_is_described_with_examples_that_work(client: httpx.AsyncClient) -> None:
    fields = (await client.get("/api/filters/fields")).json()

    assert {field["name"] for field in fields} >= {"type", "model", "date", "has"}
    for field in fields:
        assert field["help"]
        for example in field["examples"]:
            assert (await client.get("/api/cards", params={"filter": example})).status_code == 200


async def test_values_are_offered_with_their_counts_in_what_the_rest_finds(
    client: httpx.AsyncClient, library: list[Post]
) -> None:
    offers = await suggested(client, "fox model:imag")

    found = {offer["value"]: offer["count"] for offer in offers}
    assert found["imagine_x_1"] == len(wanted(parse("fox model:imagine_x_1").document, library)) > 0
    assert {offer["text"] for offer in offers} >= {"imagine_h_1", "imagine_x_1"}


async def test_words_fields_and_values_are_offered(client: httpx.AsyncClient, library: list[Post]) -> None:
    lights = await suggested(client, "type:video ligh")
    moods = await suggested(client, "mo")
    names = await suggested(client, "custo")

    (light,) = [offer for offer in lights if offer["value"] == "lighthouse"]
    assert (light["text"], light["field"], light["complete"]) == ("lighthouse", None, True)
    assert {"model:", "mode:"} <= {offer["text"] for offer in moods if not offer["complete"]}
    assert "mode:custom" in {offer["text"] for offer in names}


async def test_offers_replace_what_stands_at_the_cursor(client: httpx.AsyncClient, library: list[Post]) -> None:
    answer = (await client.get("/api/suggest", params={"text": "red liked:y fox", "cursor": 11})).json()

    assert (answer["start"], answer["length"]) == (10, 1)
    assert [offer["text"] for offer in answer["suggestions"]] == ["yes"]


@pytest.mark.parametrize(
    "text", ["", " ", '"fo', "(", "fox ", "nofield:x", "-", "width:", "'", "%", "\\", "灯", "date:l", "🦊"]
)
async def test_any_text_can_be_typed(client: httpx.AsyncClient, library: list[Post], text: str) -> None:
    for cursor in (0, 1, 9_999, len(text)):
        await suggested(client, text, cursor=cursor)


async def test_another_user_s_words_and_models_are_not_offered(
    client: httpx.AsyncClient, session: AsyncSession, library: list[Post]
) -> None:
    """SEC48."""
    stranger = UUID(int=99)
    session.add(User(id=stranger, name="stranger"))
    await session.flush()
    await make_post(session, stranger, prompt="zebrafish", model="zebra_1")

    assert await suggested(client, "zebra") == await suggested(client, "model:zebra") == []


async def test_a_collection_that_is_not_there_is_named_with_the_one_that_may_be_meant(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/api/collections", json={"name": "Best of Foxes"})

    async def hints(text: str) -> list[tuple[str, str | None]]:
        read = (await client.post("/api/filters/parse", json={"text": text})).json()
        assert read["text"] is not None
        return [(hint["value"], hint["fix"]) for hint in read["hints"]]

    assert await hints('in:"best of foxs" fox') == [("best of foxs", "Best of Foxes")]
    assert await hints("-(in:zzz OR red)") == [("zzz", None)]
    assert await hints('in:"BEST of foxes" in:none') == []


async def test_a_word_that_no_prompt_has_is_told_with_the_nearest_one(
    client: httpx.AsyncClient, session: AsyncSession, library: list[Post]
) -> None:
    stranger = UUID(int=98)
    session.add(User(id=stranger, name="stranger"))
    await session.flush()
    await make_post(session, stranger, prompt="zebrafish")

    async def hints(text: str, **more: bool) -> list[tuple[str, str | None]]:
        read = (await client.post("/api/filters/parse", json={"text": text, **more})).json()
        return [(hint["value"], hint["fix"]) for hint in read["hints"]]

    assert await hints("lighthose liked:yes", spelling=True) == [("lighthose", "lighthouse")]
    assert await hints("lighthose") == []
    # Parts of words are found as they are, and what others wrote is nobody else's.
    assert await hints('lighth "lighthouse" zebrafihs qqqqqq -lighthose fo', spelling=True) == []
    assert await hints("%%%% ____ \\\\ 灯灯灯灯", spelling=True) == []
