"""How a picture was made, in the same words for every tool, and the ways in which settings are spelled."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

import orjson

from sovia.library.text import storable

LONGEST_NAME = 200
MOST_WORDS = 200_000
MIN_SEED, MAX_SEED = -(1 << 63), (1 << 64) - 1
SIZE = re.compile(r"\D{0,8}(\d{1,6})\s*[x×,*]\s*(\d{1,6})\D{0,8}\Z")
NOT_A_NUMBER = re.compile(r"\b(?:NaN|-?Infinity)\b")
# The spellings of a setting, without case, blanks and underscores, in the order of preference.
SPELLINGS = {
    "prompt": ("positiveprompt", "prompt", "positive", "rawprompt", "c"),
    "negative_prompt": ("negativeprompt", "negative", "uc", "rawnegativeprompt"),
    "model": (
        *("model", "basemodel", "basemodelname", "modelname", "checkpoint", "sdmodelname", "modelweights"),
        *("usestablediffusionmodel", "ckptname"),
    ),
    "seed": ("seed", "noiseseed"),
    "steps": ("steps", "numinferencesteps", "samplingsteps"),
    "cfg": ("cfgscale", "cfg", "guidancescale", "scale", "guidance"),
    "sampler": ("sampler", "samplername"),
    "scheduler": ("scheduler", "noiseschedule", "scheduletype"),
    "size": ("size", "resolution"),
    "width": ("width", "imagewidth"),
    "height": ("height", "imageheight"),
    "created_at": ("createddate", "date", "datetime", "createdat"),
    "version": ("version", "appversion", "swarmversion"),
}


@dataclass(slots=True)
class Generation:
    """What a tool says of one picture; empty text and None mean "not said". A seed beyond 64 bits stays text."""

    tool: str
    prompt: str = ""
    negative_prompt: str = ""
    model: str | None = None
    seed: int | str | None = None
    steps: int | None = None
    sampler: str | None = None
    scheduler: str | None = None
    cfg: float | None = None
    width: int | None = None
    height: int | None = None
    created_at: str | None = None
    version: str | None = None

    def fill(self, other: "Generation") -> None:
        """Take from another source what this one does not say."""
        for name in self.__slots__:
            if getattr(self, name) in (None, "") and name != "tool":
                setattr(self, name, getattr(other, name))

    def made_storable(self) -> None:
        """Replace what the database can not store: JSON spells characters that no text of a file could hold."""
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, str):
                setattr(self, name, storable(value)[0])


def json_of(text: str) -> Any:  # noqa: ANN401 - JSON is anything
    """The JSON in a text, or None; ComfyUI writes NaN into it, which JSON does not know."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if not NOT_A_NUMBER.search(text):
            return None
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def object_of(text: str) -> dict[str, Any]:
    """The JSON object in a text; an empty one when there is none."""
    found = json_of(text)
    return found if isinstance(found, dict) else {}


def from_settings(tool: str, settings: dict[str, Any]) -> Generation:
    """A generation out of flat settings in any of the usual spellings."""
    plain = {_plain(key): value for key, value in settings.items() if isinstance(key, str)}
    said = {name: _first(plain, several) for name, several in SPELLINGS.items()}
    width, height = size_of(said["size"])
    return Generation(
        tool,
        prompt=words_of(said["prompt"]),
        negative_prompt=words_of(said["negative_prompt"]),
        model=name_of(said["model"]),
        seed=seed_of(said["seed"]),
        steps=whole_of(said["steps"]),
        sampler=name_of(said["sampler"]),
        scheduler=name_of(said["scheduler"]),
        cfg=number_of(said["cfg"]),
        width=whole_of(said["width"]) or width,
        height=whole_of(said["height"]) or height,
        created_at=name_of(said["created_at"]),
        version=name_of(said["version"]),
    )


def _plain(key: str) -> str:
    return key.lower().replace(" ", "").replace("_", "").replace("-", "")


def _first(plain: dict[str, Any], names: tuple[str, ...]) -> object:
    return next((plain[name] for name in names if plain.get(name) not in (None, "", [])), None)


def words_of(value: object) -> str:
    """A prompt: text, or a list of texts or of `{"prompt": text}` one below the other."""
    if isinstance(value, str):
        return value.strip()[:MOST_WORDS]
    if isinstance(value, list):
        parts = [one.get("prompt") if isinstance(one, dict) else one for one in value[:1000]]
        return "\n".join(part.strip() for part in parts if isinstance(part, str) and part.strip())[:MOST_WORDS]
    return ""


def name_of(value: object) -> str | None:
    """A short name; of an object its `name`."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "model_name", "title") if isinstance(value.get(key), str)), None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return (value.strip()[:LONGEST_NAME] or None) if isinstance(value, str) else None


def model_of(value: object) -> str | None:
    """A model's name without its folders and the ending of its file."""
    name = name_of(value)
    if name is None:
        return None
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"\.(?:safetensors|ckpt|pt|pth|gguf|sft|bin)\Z", "", last, flags=re.IGNORECASE) or name


def seed_of(value: object) -> int | str | None:
    """A seed as a number where it fits into 64 bits, else as its text."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if re.fullmatch(r"-?\d{1,20}", text) and MIN_SEED <= int(text) <= MAX_SEED:
        return int(text)
    return text[:LONGEST_NAME] or None if isinstance(value, str | int) else None


def number_of(value: object) -> float | None:
    """A finite number, also when it is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def whole_of(value: object) -> int | None:
    """A whole number that counts something: steps or pixels."""
    number = number_of(value)
    return int(number) if number is not None and 0 < number < 1e7 else None


def size_of(value: object) -> tuple[int | None, int | None]:
    """Width and height out of `1024x768` or `(1024, 768)`."""
    if isinstance(value, list) and len(value) == 2:
        return whole_of(value[0]), whole_of(value[1])
    match = SIZE.match(value) if isinstance(value, str) else None
    return (whole_of(match[1]), whole_of(match[2])) if match else (None, None)
