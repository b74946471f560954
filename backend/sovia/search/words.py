"""Parts of words: which whole words hold what was typed, as a question that the index of words can answer."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, bindparam, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import KnownWord
from sovia.library.text import LONGEST_WORD, words_in
from sovia.search.language.meaning import Meaning, texts_in, with_words
from sovia.search.patterns import like_pattern

# A part that more words hold than this narrows little; the texts themselves are then read instead.
MOST_EXPANSIONS = 2000
# All parts of a filter together may be led to this many words, so that a long filter stays as cheap as a short one.
MOST_WORDS = 40_000
MOST_PARTS = 6
# So that it lies within one piece of a very long word.
LONGEST_PART = LONGEST_WORD // 2
# No stored word has a space.
NO_WORD = "' '"


async def with_lexemes(session: AsyncSession, user_id: UUID, wanted: Meaning) -> Meaning:
    """The filter with each of its texts led to the whole words that can hold it; one statement.

    It finds exactly what comparing the texts would find, since every text that holds what was typed has such words.
    """
    texts = {(text.text, text.prefix) for text in texts_in(wanted)}
    if not texts:
        return wanted
    parts = {text: parts_of(text) for text, prefix in texts if not prefix}
    asked = {part for several in parts.values() for part in several}
    known = await _words_by_part(session, user_id, asked)
    lexemes = {
        (text, prefix): f"{quoted(text)}:*" if prefix else lexemes_of(parts[text], known) for text, prefix in texts
    }
    return with_words(wanted, lexemes)


def parts_of(typed: str) -> list[str]:
    """The longest words and pieces of words that a text holding `typed` must have in it."""
    return sorted({part[:LONGEST_PART] for part in words_in(typed)}, key=lambda part: (-len(part), part))[:MOST_PARTS]


def lexemes_of(parts: Iterable[str], known: Mapping[str, Collection[str] | None]) -> str | None:
    """A `tsquery` that every text with these parts satisfies; None when none of them narrows the search."""
    groups = [
        " | ".join(map(quoted, sorted(holding))) or NO_WORD for part in parts if (holding := known[part]) is not None
    ]
    return " & ".join(f"({group})" for group in groups) or None


def quoted(word: str) -> str:
    """A word as a `tsquery` takes it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


async def _words_by_part(
    session: AsyncSession, user_id: UUID, parts: Collection[str]
) -> dict[str, Collection[str] | None]:
    """The words that hold each part; None for a part that too many hold."""
    if not parts:
        return {}
    most = min(MOST_EXPANSIONS, MOST_WORDS // len(parts))
    asked = (
        func.unnest(
            bindparam("parts", list(parts), ARRAY(Text)),
            bindparam("patterns", [like_pattern(part) for part in parts], ARRAY(Text)),
        )
        .table_valued("part", "pattern")
        .render_derived(name="asked")
    )
    holding = select(KnownWord.word).where(KnownWord.user_id == user_id, KnownWord.word.like(asked.c.pattern))
    some = holding.limit(bindparam("most", most + 1, Integer())).lateral("some")
    found: dict[str, list[str]] = {part: [] for part in parts}
    for part, word in await session.execute(select(asked.c.part, some.c.word).join(some, true())):
        found[part].append(word)
    return {part: words if len(words) <= most else None for part, words in found.items()}
