"""Automatic1111's `parameters` and those of its relatives: prompt, negative prompt, and a line of settings."""

import re
from collections.abc import Iterator
from itertools import islice

from sovia.importer.embedded.generation import Generation, from_settings, model_of

NEGATIVE = "Negative prompt:"
STEPS = re.compile(r"^[ \t]*Steps: ?\d", re.MULTILINE)
PAIR = re.compile(r"\s*([A-Za-z][\w ./()+-]{0,80}?)\s*:\s*(.*)\Z", re.DOTALL)
FORGE = re.compile(r"f\d|forge", re.IGNORECASE)
SOURCES = ("parameters", "exif:UserComment", "exif:ImageDescription", "comment", "Comment", "xmp:description")
FEWEST_PAIRS = 3
MOST_PAIRS = 500


def recognise(texts: dict[str, str]) -> Generation | None:
    """The settings in whichever text looks like them; `parameters` always counts."""
    for name in SOURCES:
        text = texts.get(name, "")
        if text and not text.lstrip().startswith(("{", "[")) and (name == "parameters" or STEPS.search(text)):
            return parse(text)
    return None


def parse(text: str) -> Generation:
    """What one block of text says."""
    words, settings = _apart(text.replace("\r\n", "\n"))
    prompt, negative = _prompts(words)
    pairs = dict(islice(_pairs(settings), MOST_PAIRS))
    found = from_settings(tool_of(pairs), {name: value for name, value in pairs.items() if name != "Created Date"})
    found.created_at = pairs.get("Created Date")
    found.prompt, found.negative_prompt, found.model = prompt, negative, model_of(found.model)
    return found


def tool_of(pairs: dict[str, str]) -> str:
    """Which of the relatives wrote these settings."""
    version, app = pairs.get("Version", ""), pairs.get("App", "")
    for tool in ("ComfyUI", "Fooocus", "SD.Next", "InvokeAI"):
        if tool.lower() in f"{version} {app}".lower():
            return tool.lower().replace(".", "")
    if "Civitai resources" in pairs:
        return "civitai"
    return "forge" if FORGE.match(version) else "a1111"


def _apart(text: str) -> tuple[str, str]:
    """The prompts, and the settings behind them, which begin with the last line that counts steps."""
    starts = [match.start() for match in STEPS.finditer(text)]
    if starts:
        return text[: starts[-1]], text[starts[-1] :]
    before, _, last = text.rstrip().rpartition("\n")
    pairs = sum(1 for _ in islice(_pairs(last), FEWEST_PAIRS))
    return (before, last) if pairs >= FEWEST_PAIRS else (text, "")


def _prompts(words: str) -> tuple[str, str]:
    if words.startswith(NEGATIVE):
        return "", words[len(NEGATIVE) :].strip()
    prompt, mark, negative = words.partition("\n" + NEGATIVE)
    return prompt.strip(), negative.strip() if mark else ""


def _pairs(settings: str) -> Iterator[tuple[str, str]]:
    """Names and values; commas inside quotes, braces and brackets belong to the value."""
    for part in _parts(settings):
        match = PAIR.match(part)
        if match:
            value = match[2].strip()
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
            yield match[1], value


def _parts(settings: str) -> Iterator[str]:
    start = depth = 0
    quoted = False
    for match in re.finditer(r'\\.|["{}\[\],\n]', settings, re.DOTALL):
        mark = match[0]
        if mark == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif mark in "{[":
            depth += 1
        elif mark in "}]":
            depth = max(0, depth - 1)
        elif mark == "\n" or (mark == "," and depth == 0):
            yield settings[start : match.start()]
            start, depth = match.end(), 0
    yield settings[start:]
