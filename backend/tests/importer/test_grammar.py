"""Records made at random from the grammar of exports: nothing breaks, and no good neighbour is lost."""

import json
from io import BytesIO
from typing import Any

import httpx
import ijson
import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importer.records import child, number, root

from sovia.importer.grok import parse
from sovia.importer.problems import Problem
from sovia.importer.reading import MAX_LEVELS, MAX_RECORD, Reader
from sovia.importer.tape import Tape

ids = st.integers(1, 12).map(number)


def layered(inner: st.SearchStrategy[Any], names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Values, or lists and objects of them."""
    return inner | st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)


single = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20) | ids
odd = layered(layered(single, st.text(max_size=6)), st.text(max_size=6))
times = st.sampled_from(["2025-10-01T01:15:30Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "24:00:00"])
FIELDS = {
    "id": ids | odd,
    "originalPostId": ids | odd,
    "createTime": times | odd,
    "prompt": odd,
    "originalPrompt": odd,
    "mediaUrl": st.sampled_from([root(1)["mediaUrl"], "https://../x", "users/u/1/content"]) | odd,
    "mimeType": odd,
    "mediaType": odd,
    "audioUrls": odd,
    "userInteractionStatus": odd,
    "modelName": odd,
    "mode": odd,
    "resolution": odd,
    "videoDuration": odd,
    "hdMediaUrl": odd,
}
flat = st.fixed_dictionaries({}, optional=FIELDS)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner | odd, max_size=3)
    return st.fixed_dictionaries(
        {}, optional=FIELDS | {"childPosts": several, "images": several, "originalPost": inner}
    )


records = nested(nested(flat)) | odd


def as_json(value: Any) -> bytes:
    """JSON as hostile as Python can write it: NaN, lone surrogates, NUL."""
    return json.dumps(value).encode()


def read(content: bytes, block: int = 262_144) -> list[Any]:
    """The records and problems of a file, read in blocks of this size."""
    source = BytesIO(content)
    return list(Reader(Tape(lambda _size: source.read(block), max_bytes=MAX_RECORD, max_depth=MAX_LEVELS)))


@given(st.lists(records, max_size=4), st.integers(0, 4))
def test_good_neighbours_are_parsed(bad: list[Any], place: int) -> None:
    good = root(99, child(98, of=99))

    found = read(as_json([*bad[:place], good, *bad[place:]]))

    posts = [post for one in found if not isinstance(one, Problem) for post in parse(one.record).posts]
    assert {number(99), number(98)} <= {str(post.id) for post in posts}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bad=st.lists(records, max_size=4))
async def test_no_record_ever_breaks_the_server(bad: list[Any], client: httpx.AsyncClient) -> None:
    body = as_json([*bad, root(99, child(98, of=99))])

    paths, kind = ("/api/import/validate", "/api/import", "/api/import"), {"content-type": "application/json"}
    answers = [await client.post(path, content=body, headers=kind) for path in paths]
    here = await client.post("/api/check-existing", json=[number(99), number(98)])

    assert [answer.status_code for answer in answers] == [200, 200, 200], answers
    assert answers[2].json()["posts_imported"] == 0
    assert here.json()["existing_ids"] == [number(99), number(98)]


storable = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
scalar = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | storable
plain = layered(layered(scalar, storable), storable)
no_page = plain.filter(
    lambda one: not isinstance(one, dict) or not {"posts", "post", "items", "media_posts"} & one.keys()
)


@given(st.lists(no_page, min_size=1, max_size=6), st.integers(1, 40), st.booleans())
def test_the_cuts_are_those_of_ijson(values: list[Any], block: int, pretty: bool) -> None:
    content = orjson.dumps(values, option=orjson.OPT_INDENT_2 if pretty else 0)

    found = read(content, block)

    assert [one.record for one in found] == list(ijson.items(BytesIO(content), "item"))
    lines = content.splitlines()
    for one in found:
        assert content[one.position : one.position + 1].strip()
        assert content.count(b"\n", 0, one.position) + 1 == one.line <= len(lines)


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\n1ax ', max_size=60).map(str.encode), st.integers(1, 20))
def test_any_bytes_come_to_an_end(content: bytes, block: int) -> None:
    for prefix in (b"[", b"{", b'{"posts":['):
        assert isinstance(read(prefix + content, block), list)
