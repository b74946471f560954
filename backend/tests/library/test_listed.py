"""What the database makes of a path and of a time is what the rest of the program makes of them."""

from datetime import UTC, datetime, timedelta
from random import Random

import orjson
from sqlalchemy import ARRAY, DateTime, Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.answers import to_json
from sovia.library.cards import media_link
from sovia.library.queries import listed

ODD = "aZ09_.-~/!$&'()*+,;=:@ %?#[]\"<>\\^`{|}\tĀßπ日本🎬\u200f\u0301"


def some_paths() -> list[str]:
    """Each letter alone, then mixed."""
    chance = Random(7)
    return [*ODD, *("https_/" + "".join(chance.choices(ODD, k=chance.randrange(40))) for _ in range(300))]


async def test_paths_are_escaped_as_links_of_cards_are(session: AsyncSession) -> None:
    path = func.unnest(bindparam("paths", some_paths(), ARRAY(Text()))).column_valued("path")
    rows = (await session.execute(select(path, listed.MEDIA.concat(listed.escaped(path))))).all()
    assert len(rows) > 300
    assert [link for _, link in rows] == [media_link(given) for given, _ in rows]


async def test_times_are_written_as_everywhere(session: AsyncSession) -> None:
    first = datetime(2, 1, 1, tzinfo=UTC)
    parts = [
        timedelta(0),
        timedelta(microseconds=1),
        timedelta(microseconds=120_000),
        timedelta(days=738_000, hours=13),
    ]
    times = [first + one for one in parts] + [datetime(2026, 3, 29, 1, 30, 59, 999_999, tzinfo=UTC)]
    await session.execute(select(func.set_config("timezone", "Asia/Kathmandu", True)))
    at = func.unnest(bindparam("times", times, ARRAY(DateTime(timezone=True)))).column_valued("at")
    found = (await session.scalars(select(listed.moment(at)))).all()
    assert found == [orjson.loads(to_json(one)) for one in times]


def test_members_are_added_to_an_item() -> None:
    item = listed.whole('{"id":"1"}', '{"id":"2"},{"id":"3"}')
    assert orjson.loads(listed.also(item, {"score": 0.5, "said": 'a "word"'})) == {
        "id": "1",
        "child_posts": [{"id": "2"}, {"id": "3"}],
        "score": 0.5,
        "said": 'a "word"',
    }
    assert orjson.loads(listed.whole('{"id":"1"}', None))["child_posts"] == []
