"""Prompts of the demo, read from the lists beside this file: one for every picture, no two alike."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from sovia.ops.demo.noise import Random

LANGUAGES = ("en", "ar", "zh", "ja")
TAILS = {
    "en": (
        "", ", soft morning light", ", slightly desaturated", ", for my bedroom wall", ", try again with more contrast",
        ", same as before but calmer", ", --no text, --no watermark", ", version two", ", in the style of a linocut",
        ", with a lot of empty space", ", make it feel older", ", hi-res scan",
    ),
    "ar": ("", "، إضاءة أهدأ", "، بدقة عالية", "، بدون نص"),
    "zh": ("", "，高清", "，更安静一些", "，不要文字"),
    "ja": ("", "、高解像度", "、もっと静かに", "、文字なし"),
}  # fmt: skip

Table = dict[str, Any]  # TOML tables nest by kind of word; their shapes are checked where they are read.


@lru_cache(maxsize=2)
def _table(name: str) -> Table:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


class Prompts:
    """Hands out the prompts of a scene one after another in shuffled order, and never the same text twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: dict[str, list[tuple[str, str]]] = {}
        self._said: set[str] = set()

    def next(self, scene: str, palette: str) -> tuple[str, str]:
        """A new (language, text) for a scene in the colours of a palette."""
        if not self._left.get(scene):
            lists = _table("prompts.toml")["scenes"][scene]
            pairs = [(language, text) for language in LANGUAGES for text in lists.get(language, [])]
            self._left[scene] = [pairs[index] for index in self._rng.permutation(len(pairs))]
        language, template = self._left[scene].pop()
        text = template.replace("{c}", _table("prompts.toml")["colours"][palette][language])
        return language, self._unsaid(language, text)

    def _unsaid(self, language: str, text: str) -> str:
        tails = TAILS[language]
        for tail in (tails[0], *(tails[index] for index in self._rng.permutation(len(tails)))):
            if text + tail not in self._said:
                text += tail
                break
        else:
            text += f" ({len(self._said)})"
        self._said.add(text)
        return text


def motion_prompts(rng: Random, motion: str, overlay: str, mode: str, subject: str) -> tuple[str, str]:
    """What a clip's record says: (prompt, original prompt) as exports have them for each mode."""
    table = _table("motions.toml")
    if mode == "normal":
        texts = table["normal"]["texts"]
        return str(texts[int(rng.integers(len(texts)))]).replace("{subject}", subject[:160].rstrip(" ,.")), ""
    if mode == "extremely-crazy":
        words = table["wild"]["words"]
        return "", str(words[int(rng.integers(len(words)))])
    choices = table["custom"][motion]
    text = str(choices[int(rng.integers(len(choices)))])
    extra = table["overlay"][overlay] if text.isascii() else ""
    return "", f"{text}, {extra}" if extra and not text.endswith(".") else text + (
        f" {extra.capitalize()}." if extra else ""
    )
