"""Text of prompts: what the database cannot store is replaced; the form in which words are found; its words."""

import re
import unicodedata

REPLACEMENT = "\ufffd"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


ACCENTS = "\u0300-\u036f"
HEBREW_POINTS = "\u0591-\u05c7"
ARABIC_MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
VARIANTS = "\ufe00-\ufe0f\U000e0000-\U000e01ef"
# Marks and joiners that people do not type when they search.
LEFT_OUT = re.compile(f"[{ACCENTS}{HEBREW_POINTS}{ARABIC_MARKS}{INVISIBLE}{VARIANTS}]+")
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, Kana, Han; their words are taken to be pairs of characters.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
RUNS = re.compile(f"([{UNSPACED}]+)|([^\\W{UNSPACED}]+)")
# In ASCII what is no letter, digit or underscore parts words; as a table this is twice as fast as a pattern.
ASCII_PARTS = "".join(chr(code) if chr(code).isalnum() or code == 0x5F else " " for code in range(128))
LONGEST_WORD = 64


def storable(text: str) -> tuple[str, int]:
    """The text with NUL and lone surrogates replaced by U+FFFD, and how many there were."""
    return (text, 0) if text.isascii() and "\x00" not in text else UNSTORABLE.subn(REPLACEMENT, text)


def tag_of(text: str) -> str:
    """A tag as it is kept and compared: in small letters, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", storable(text)[0].lower()).split())


def searchable(text: str) -> str:
    """The form in which text is compared: no case, accents, vowel marks, presentation forms or runs of white space.

    Prompts are stored in it beside the original, and a search is turned into it, so that both meet.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    # Folding rarely takes text out of the form, and looking costs a tenth.
    if not unicodedata.is_normalized("NFKD", plain):
        plain = unicodedata.normalize("NFKD", plain)
    plain = LEFT_OUT.sub("", plain)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def words_in(text: str) -> set[str]:
    """The words of a searchable text, by which it is found.

    Runs of letters and digits; in scripts without spaces all pairs of neighbours, or the one character that stands
    alone. Very long runs are cut into pieces that overlap by half, so that any part of up to half a piece lies in one.
    """
    if text.isascii():
        parted = text.translate(ASCII_PARTS)
        found = set(parted.split())
        if not _has_long_word(parted):
            return found
        return {piece for word in found for piece in cut(word)}
    found = set()
    for unspaced, word in RUNS.findall(text):
        if word:
            found.update((word,) if len(word) <= LONGEST_WORD else cut(word))
        else:
            found.update(pairs(unspaced))
    return found


def _has_long_word(parted: str) -> bool:
    """Whether spaces lie so far apart that a word is too long; it covers one of the places that are looked at."""
    return any(
        parted.find(" ", at) % (len(parted) + 1) - parted.rfind(" ", 0, at) > LONGEST_WORD + 1
        for at in range(LONGEST_WORD, len(parted), LONGEST_WORD + 1)
    )


def pairs(run: str) -> list[str]:
    """All pairs of neighbours; a single character as it is."""
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


def cut(word: str) -> list[str]:
    """The word, or the overlapping pieces of a very long one."""
    if len(word) <= LONGEST_WORD:
        return [word]
    step = LONGEST_WORD // 2
    return [word[at : at + LONGEST_WORD] for at in range(0, len(word) - step, step)]


def effective_prompt(original_prompt: str, prompt: str, inherited: str = "") -> str:
    """What the maker of a post had in mind: the words typed, else the machine's rewrite, else the ancestor's."""
    return original_prompt or prompt or inherited


def search_text(original_prompt: str, prompt: str) -> str:
    """A post's own prompts in the form in which they are found; one that stands twice counts once."""
    if not prompt or prompt == original_prompt:
        return searchable(original_prompt)
    return searchable(f"{original_prompt} {prompt}") if original_prompt else searchable(prompt)
