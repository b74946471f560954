"""The words of a prompt: scikit-learn's default tokens, and pieces of scripts that are written without spaces.

Where words are separated by spaces the tokens are those of `TfidfVectorizer()`: lower case, runs of two or more word
characters. Three deviations, so that every script finds neighbours:
- text is composed first (NFKC), so that the same letters are the same token however they were typed;
- Arabic and Hebrew lose their vowel marks and stretching, and Arabic's kinds of alef, ya and ta marbuta become one;
- runs of Chinese, Japanese, Thai, Lao, Burmese and Khmer become pairs of neighbouring characters, and each Chinese
  character also stands for itself.
No list of stop words: smooth idf already gives the commonest words the least weight.
"""

import re
import unicodedata

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
SOUTH_EAST = "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"
UNSPACED = re.compile(f"([{HAN}{KANA}{SOUTH_EAST}]+)")
IDEOGRAPH = re.compile(f"[{HAN}]")
# Python's \w leaves out combining marks; without them Indic words would fall apart at every vowel sign.
WORD = re.compile("[\\w\u0300-\u036f\u0900-\u0dff]{2,}")
MARKS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed]"
)
ONE_LETTER = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"})


def words(text: str) -> list[str]:
    """The tokens of a prompt in order, with repeats."""
    if text.isascii():
        return WORD.findall(text.lower())
    text = unicodedata.normalize("NFKC", text).lower()
    text = MARKS.sub("", text).translate(ONE_LETTER)
    if UNSPACED.search(text) is None:
        return WORD.findall(text)
    found: list[str] = []
    for position, part in enumerate(UNSPACED.split(text)):
        found.extend(pieces(part) if position % 2 else WORD.findall(part))
    return found


def pieces(run: str) -> list[str]:
    """The tokens of a run without spaces: its pairs of characters, and its ideographs."""
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return pairs + IDEOGRAPH.findall(run)
