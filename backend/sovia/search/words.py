"""Parts of words: which whole words hold what was typed, as a question that the index of words can answer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import KnownWord
from sovia.library.text import LONGEST_WORD, words_in
from sovia.search.filters import PostFilter, like_pattern

# A part that more words hold than this narrows little; the texts themselves are then read instead.
MOST_EXPANSIONS = 2000
MOST_PARTS = 6
# So that it lies within one piece of a very long word.
LONGEST_PART = LONGEST_WORD // 2
# No stored word has a space.
NO_WORD = "' '"


async def with_lexemes(session: AsyncSession, user_id: UUID, wanted: PostFilter) -> PostFilter:
    """The filter with each of its words led to the whole words that can hold it; one statement.

    It finds exactly what comparing the texts would find, since every text that holds what was typed has such words.
    """
    parts = {word.text: parts_of(word.text) for word in wanted.words}
    known = await _words_by_part(session, user_id, {part for several in parts.values() for part in several})
    return replace(
        wanted, words=tuple(replace(word, lexemes=lexemes_of(parts[word.text], known)) for word in wanted.words)
    )


def parts_of(typed: str) -> list[str]:
    """The longest words and pieces of words that a text holding `typed` must have in it."""
    return sorted({part[:LONGEST_PART] for part in words_in(typed)}, key=lambda part: (-len(part), part))[:MOST_PARTS]


def lexemes_of(parts: Iterable[str], known: Mapping[str, Collection[str]]) -> str | None:
    """A `tsquery` that every text with these parts satisfies; None when none of them narrows the search."""
    groups = [
        " | ".join(map(quoted, sorted(known[part]))) or NO_WORD for part in parts if len(known[part]) <= MOST_EXPANSIONS
    ]
    return " & ".join(f"({group})" for group in groups) or None


def quoted(word: str) -> str:
    """A word as a `tsquery` takes it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


async def _words_by_part(session: AsyncSession, user_id: UUID, parts: Collection[str]) -> dict[str, list[str]]:
    if not parts:
        return {}
    asked = (
        func.unnest(
            bindparam("parts", list(parts), ARRAY(Text)),
            bindparam("patterns", [like_pattern(part) for part in parts], ARRAY(Text)),
        )
        .table_valued("part", "pattern")
        .render_derived(name="asked")
    )
    holding = select(KnownWord.word).where(KnownWord.user_id == user_id, KnownWord.word.like(asked.c.pattern))
    some = holding.limit(MOST_EXPANSIONS + 1).lateral("some")
    found: dict[str, list[str]] = {part: [] for part in parts}
    for part, word in await session.execute(select(asked.c.part, some.c.word).join(some, true())):
        found[part].append(word)
    return found
