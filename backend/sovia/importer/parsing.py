"""The bytes of one record as a value that can be stored; odd JSON that still means something is read too."""

import json
import math
from typing import Any, NamedTuple

import orjson

from sovia.importer.shapes.inline_text import is_medium
from sovia.importer.tape import Cut
from sovia.library.text import storable


class Result(NamedTuple):
    """The value, and how many of its characters had to be replaced."""

    value: Any
    replaced: int = 0


def parsed(cut: Cut) -> Result:
    """The value of a cut; its `fault` is set when it is no JSON.

    Of equal keys the last counts, NaN and Infinity are null, NUL and lone surrogates become U+FFFD.
    """
    try:
        value, odd = orjson.loads(cut.text), b"\\u0000" in cut.text
    except orjson.JSONDecodeError as error:
        try:
            value, odd = tolerant(cut.text), True
        except ValueError:
            cut.fault = f"{error.msg}, at byte {cut.position + error.pos:,}"
            return Result(None)
    return cleaned(value) if odd else Result(value)


def tolerant(text: bytes) -> object:
    """What orjson refuses but means something: NaN and Infinity, huge numbers, lone surrogates, raw line breaks.

    ValueError for what is no JSON at all. The text must not be nested deeply.
    """

    def nothing(_name: str) -> None:
        return None

    found: object = json.loads(text.decode(errors="replace"), strict=False, parse_constant=nothing, parse_int=_whole)
    return found


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 19 else float(digits)


def cleaned(value: object) -> Result:
    """The same value with only characters and numbers that can be stored."""
    if isinstance(value, str):
        return Result(*storable(value))
    if isinstance(value, float) and not math.isfinite(value):
        return Result(None)
    if isinstance(value, list):
        results = [cleaned(one) for one in value]
        return Result([one.value for one in results], sum(one.replaced for one in results))
    if isinstance(value, dict):
        found, replaced = {}, 0
        for key, one in value.items():
            name, inner = Result(*storable(key)), cleaned(one)
            found[name.value] = inner.value
            replaced += name.replaced + inner.replaced
        return Result(found, replaced)
    return Result(value)


def longest_text(value: object) -> int:
    """The length of the longest text anywhere in a value that is no medium."""
    if isinstance(value, str):
        return 0 if is_medium(value) else len(value)
    if isinstance(value, dict):
        return max((max(len(key), longest_text(one)) for key, one in value.items()), default=0)
    return max(map(longest_text, value), default=0) if isinstance(value, list) else 0
