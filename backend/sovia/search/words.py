"""Parts of words: what a text must have in it to hold what was typed."""

from sovia.library.text import LONGEST_WORD, words_in

MOST_PARTS = 6
# So that it lies within one piece of a very long word.
LONGEST_PART = LONGEST_WORD // 2


def parts_of(typed: str) -> list[str]:
    """The longest words and pieces of words that a text holding `typed` must have in it."""
    return sorted({part[:LONGEST_PART] for part in words_in(typed)}, key=lambda part: (-len(part), part))[:MOST_PARTS]


def beginning(typed: str) -> str:
    """The `tsquery` of the words that begin so."""
    return "'" + typed.replace("\\", "\\\\").replace("'", "''") + "':*"
