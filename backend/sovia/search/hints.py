"""What a filter that can be read may still have got wrong: a collection that is not there, a word no prompt has."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, column, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection
from sovia.library.models import KnownWord
from sovia.library.text import words_in
from sovia.search.language.document import Document
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import meaning_of
from sovia.search.patterns import like_pattern
from sovia.search.resolving import NONE, key_of_name, named_in

# Among so many names the nearest is looked for.
MOST_NAMES = 2000
NEAR = 0.5
# Shorter words are like too many others.
SHORTEST_WORD, MOST_WORDS = 4, 6


async def hints_of(session: AsyncSession, user_id: UUID, document: Document, moment: Moment) -> list[dict[str, Any]]:
    """Each collection that is named and not there, with the name that comes nearest (null when none does)."""
    asked = set(named_in(meaning_of(document, moment))) - {NONE}
    if not asked:
        return []
    query = select(Collection.id, Collection.name, Collection.name_key).where(
        Collection.user_id == user_id, Collection.deleted_at.is_(None)
    )
    rows = (await session.execute(query.order_by(Collection.updated_at.desc()).limit(MOST_NAMES))).all()
    known = {row.name_key: row.name for row in rows}
    unknown = sorted(asked - known.keys() - {key_of_name(str(row.id)) for row in rows})
    return [_hint(name, known) for name in unknown]


def _hint(name: str, known: dict[str, str]) -> dict[str, Any]:
    near = get_close_matches(name, list(known), 1, NEAR)
    instead = known[near[0]] if near else None
    message = f"No collection is called “{name}”."
    return {"field": "in", "value": name, "message": message, "fix": instead}


async def spelling_hints(session: AsyncSession, user_id: UUID, texts: Iterable[str]) -> list[dict[str, Any]]:
    """Each word that stands in no prompt, not even as a part, with the word of the library that is most like it."""
    asked = list(dict.fromkeys(word for text in texts for word in words_in(text) if len(word) >= SHORTEST_WORD))
    if not asked:
        return []
    patterns = [like_pattern(word) for word in asked[:MOST_WORDS]]
    arrays = (
        bindparam(name, given, ARRAY(Text)) for name, given in (("words", asked[:MOST_WORDS]), ("patterns", patterns))
    )
    typed = (
        func.unnest(*arrays).table_valued(column("word", Text), column("pattern", Text), name="typed").render_derived()
    )
    own = KnownWord.user_id == user_id
    near = (
        select(KnownWord.word)
        .where(own, KnownWord.word.bool_op("%")(typed.c.word))
        .order_by(func.similarity(KnownWord.word, typed.c.word).desc(), KnownWord.word)
        .limit(1)
        .scalar_subquery()
    )
    known = exists().where(own, KnownWord.word.like(typed.c.pattern))
    rows = (await session.execute(select(typed.c.word, near.label("near")).where(~known))).all()
    return [
        {"field": "prompt", "value": row.word, "message": f"No prompt has “{row.word}”.", "fix": row.near}
        for row in rows
        if row.near is not None
    ]
