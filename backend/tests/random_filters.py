"""Libraries and filters made by chance: posts with everything a filter can ask for, and trees of every field."""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from filter_oracle import AWAY, Sizes
from makers import MODELS, MODES, WORDS, make_library
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection, CollectionItem, PostMark, PostTag
from sovia.library.models import File, MediaRoot, Post
from sovia.search.language.document import All, Any_, Comparison, Document, Node, Not, Prefix, Text
from sovia.search.language.fields import FIELDS
from sovia.search.language.parser import parse
from sovia.search.language.wire import json_of

THERE = "b" * 16
DAYS = [f"2025-09-{day}" for day in range(18, 31)]
VALUES: dict[str, list[str]] = {
    "type": ["image", "video", "audio"],
    "model": [*filter(None, MODELS), "imagine_w_1", "nobody"],
    "mode": [*filter(None, MODES), "nobody"],
    "liked": ["yes", "no", "unknown"],
    "state": ["present", "missing", "corrupt", "none", "away"],
    "host": ["assets.grok.com", "grok.com", "example.org", "k.com"],
    "source": ["grok", "midjourney"],
    "user": ["u-1", "u-2"],
    "date": DAYS,
    "added": ["2026-01-01", "2024-01-01"],
    "size": ["1000B", "500000B", "2000000B"],
    "ratio": ["portrait", "square", "landscape"],
    "width": ["512", "768", "1024"],
    "height": ["512", "768", "1024"],
    "duration": ["4s", "5s", "6s"],
    "has": ["children", "own-clips", "prompt", "model", "mode", "date", "shape", "thumbnail", "file"],
    "rating": ["0", "1", "3", "5"],
    "status": ["approved", "review", "none"],
    "tag": ["sea", "seaside", "fox", "none"],
    "in": ["by hand", "other", "empty", "red ones", "nested", "around", "none", "nowhere"],
    "missing": ["prompt", "model", "mode", "date", "shape", "thumbnail", "file"],
}


async def gathered(session: AsyncSession, user_id: UUID, posts: list[Post], rng: random.Random) -> Sizes:
    """Marks on some posts, and collections of some: by hand, and by filters that speak of others, one of itself."""
    known = Sizes()
    known.ratings = {post.id: rng.randrange(6) for post in posts if rng.random() < 0.3}
    known.statuses = {post.id: rng.choice(["approved", "review", "edit"]) for post in posts if rng.random() < 0.2}
    known.tags = {post.id: set(rng.sample(["sea", "seaside", "fox"], 2)) for post in posts if rng.random() < 0.2}
    by_hand = {
        name: {post.id for post in posts if rng.random() < share}
        for name, share in (("by hand", 0.3), ("other", 0.05), ("empty", 0))
    }
    smart = {
        "red ones": "red OR 海 -type:audio",
        "nested": 'in:"red ones" fox -in:other',
        "around": "in:around,nested,other rating:>1",
    }
    # What leads back to itself adds nothing.
    meant = smart | {"around": "in:nested,other rating:>1"}
    known.collections = {**by_hand, **{name: parse(typed).document for name, typed in meant.items()}}
    for post in posts:
        if post.id in known.ratings or post.id in known.statuses:
            rating, status = known.ratings.get(post.id, 0), known.statuses.get(post.id)
            session.add(PostMark(user_id=user_id, post_id=post.id, rating=rating, status=status))
        session.add_all(PostTag(user_id=user_id, post_id=post.id, tag=tag) for tag in known.tags.get(post.id, ()))
    for name in (*by_hand, *smart):
        found = Collection(id=uuid4(), user_id=user_id, name=name, name_key=name)
        if name in smart:
            found.is_smart, found.smart_filters = True, json_of(parse(smart[name]).document)
        session.add(found)
        await session.flush()
        items = ({"collection_id": found.id, "user_id": user_id, "post_id": one} for one in by_hand.get(name, ()))
        session.add_all(CollectionItem(**item, position=at) for at, item in enumerate(items))
    await session.flush()
    return known


async def measured_library(session: AsyncSession, user_id: UUID, seed: int) -> tuple[list[Post], list[File]]:
    """A library whose posts also have sizes, lengths, hosts and files; some of each unknown."""
    rng = random.Random(seed)
    posts = await make_library(session, user_id, 60, seed)
    files = []
    for post in posts:
        post.width, post.height = rng.choice([None, 512, 768, 1024]), rng.choice([None, 512, 1024])
        post.duration_seconds = rng.choice([None, 4.4, 5.0, 5.04, 6.5])
        post.ratio = rng.choice([0, 90, 125, 126, 128, 130, 131, 200])
        post.media_url = rng.choice(
            ["", "https://assets.grok.com/u/1", "https://example.org/a", "https://evilgrok.com/"]
        )
        post.source, post.source_user_id = rng.choice(["grok", "midjourney"]), rng.choice([None, "u-1", "u-2"])
        post.thumbnail = rng.choice([None, "ab"])
        size = rng.choice([None, 999, 1000, 500_000, 3_000_000])
        file = {"role": "media", "position": 0, "url": "", "state": "present", "size_bytes": size}
        places = [None, None, f"roots/{AWAY}/{post.id}.png", f"roots/{THERE}/{post.id}.png"]
        file["found_path"] = rng.choice(places)
        files += [File(user_id=user_id, post_id=post.id, **file)] if rng.random() < 0.8 else []
    session.add_all(MediaRoot(id=one, path=f"/{one}", is_away=one == AWAY) for one in (AWAY, THERE))
    await session.flush()
    session.add_all(files)
    await session.flush()
    # As the server does by itself for what is committed.
    await session.execute(text("ANALYZE posts, files"))
    return posts, files


def leaf(rng: random.Random) -> Node:
    """A word, a beginning, or a comparison of any field."""
    if rng.random() < 0.4:
        word = rng.choice([*WORDS, "nothing", "light", "red fox", "a"])
        return Prefix(text=word[:4]) if rng.random() < 0.3 and len(word) > 1 else Text(text=word)
    name = rng.choice(sorted(VALUES))
    values = rng.sample(VALUES[name], min(len(VALUES[name]), rng.choice([1, 1, 2])))
    operators = [one for one in FIELDS[name].kind.operators if name != "ratio" or one == "="]
    operator: Any = rng.choice(operators) if rng.random() < 0.6 and len(values) == 1 else "="
    if name == "size" and operator == "=":
        operator = ">="
        values = values[:1]
    if operator == "^":
        return Comparison(field=name, operator="^", values=(values[0][:3],))
    if operator == "..":
        values = sorted(
            rng.choices(VALUES[name], k=2), key=lambda text: float(text.strip("sB")) if "-" not in text else text
        )
    return Comparison(field=name, operator=operator, values=tuple(values))


def tree(rng: random.Random, levels: int) -> Node:
    """A filter made by chance."""
    if levels == 0 or rng.random() < 0.2:
        return leaf(rng)
    if rng.random() < 0.25:
        return Not(of=tree(rng, levels - 1))
    kind = rng.choice([All, Any_])
    return kind(of=tuple(tree(rng, levels - 1) for _ in range(rng.choice([2, 2, 3]))))


def filters(seed: int, count: int) -> Iterator[Document]:
    """Filters of every field and depth."""
    rng = random.Random(seed)
    for number in range(count):
        yield Document(filter=tree(rng, number % 5))
