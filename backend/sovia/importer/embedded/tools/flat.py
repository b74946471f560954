"""Tools that write one JSON object of settings: SwarmUI, Fooocus, InvokeAI, Draw Things, Easy Diffusion and others."""

import re
from typing import Any

from sovia.importer.embedded.generation import Generation, from_settings, model_of, name_of, object_of, words_of
from sovia.importer.embedded.tools import a1111

SWARM = "sui_image_params"
COMMENTS = ("parameters", "exif:UserComment", "xmp:UserComment", "comment", "Comment", "exif:ImageDescription")
INVOKE = ("invokeai_metadata", "sd-metadata", "Dream", "dream")
# What tells a tool's settings from any other JSON: a prompt, and one of these beside it.
TELLING = ("seed", "steps", "sampler", "model", "cfg", "width")
DREAM_OPTION = re.compile(r"(?:^|\s)(?:-([sSWHCA])\s?|--?(steps|seed|width|height|cfg_scale|sampler)[ =])(\S+)")
DREAM_NAMES = {"s": "steps", "S": "seed", "W": "width", "H": "height", "C": "cfg_scale", "A": "sampler"}
IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


def swarm(texts: dict[str, str]) -> Generation | None:
    """SwarmUI: `sui_image_params` inside the usual places."""
    for name in COMMENTS:
        if SWARM in texts.get(name, ""):
            data = object_of(texts[name])
            settings = data.get(SWARM)
            if isinstance(settings, dict):
                extra = data.get("sui_extra_data")
                return _with_model(from_settings("swarmui", {**(extra if isinstance(extra, dict) else {}), **settings}))
    return None


def fooocus(texts: dict[str, str]) -> Generation | None:
    """Fooocus: its scheme named beside the settings, or settings that only it has."""
    scheme = texts.get("fooocus_scheme") or texts.get("exif:MakerNote", "")
    for name in COMMENTS:
        settings = object_of(texts.get(name, ""))
        if _is_fooocus(scheme, settings):
            return _with_model(from_settings("fooocus", settings))
    if scheme == "a1111" and (texts.get("parameters") or texts.get("exif:UserComment")):
        found = a1111.recognise(texts)
        if found is not None:
            found.tool = "fooocus"
        return found
    return None


def _is_fooocus(scheme: str, settings: dict[str, Any]) -> bool:
    if not settings:
        return False
    software = f"{settings.get('software', '')} {settings.get('version', '')} {settings.get('Version', '')}"
    return scheme == "fooocus" or "fooocus" in software.lower() or "metadata_scheme" in settings


def invoke(texts: dict[str, str]) -> Generation | None:
    """InvokeAI in the three forms it has had."""
    for name in INVOKE:
        text = texts.get(name)
        if not text:
            continue
        if name.lower() == "dream":
            return _dream(text)
        data = object_of(text)
        image = data.get("image")
        found = _with_model(from_settings("invokeai", {**data, **(image if isinstance(image, dict) else {})}))
        if not found.negative_prompt and isinstance(image, dict):
            found.prompt, found.negative_prompt = _without_brackets(found.prompt)
        style = words_of(data.get("positive_style_prompt"))
        if style and style != found.prompt:
            found.prompt = f"{found.prompt}\n{style}".strip()
        return found
    return None


def _dream(text: str) -> Generation:
    """The command line of the first versions: `"prompt [negative]" -s 50 -S 123`."""
    begin = text.find('"')
    end = text.rfind('"')
    quoted = text[begin + 1 : end] if 0 <= begin < end else text.partition(" -")[0]
    options = text[end + 1 :] if 0 <= begin < end else text[len(quoted) :]
    settings = {DREAM_NAMES.get(short, long): value for short, long, value in DREAM_OPTION.findall(options)}
    found = from_settings("invokeai", settings)
    found.prompt, found.negative_prompt = _without_brackets(quoted)
    return found


def _without_brackets(words: str) -> tuple[str, str]:
    negative = ", ".join(part.strip() for part in IN_BRACKETS.findall(words))
    return (IN_BRACKETS.sub("", words).strip(), negative) if negative else (words, "")


def others(texts: dict[str, str]) -> Generation | None:
    """Any JSON object that holds a prompt and settings, and settings that stand as texts of their own."""
    for name in (*COMMENTS, "prompt", "generation_data", "Description", "description", "xmp:description"):
        settings = object_of(texts.get(name, ""))
        found = _telling(settings)
        if found is not None:
            return found
    return _telling({name: text for name, text in texts.items() if ":" not in name and len(name) < 40})


def _telling(settings: dict[str, Any]) -> Generation | None:
    found = _with_model(from_settings(_tool_of(settings), settings))
    # A graph of ComfyUI stands under the name `prompt` too.
    worded = found.prompt and not found.prompt.startswith(("{", "["))
    return found if worded and any(getattr(found, name) is not None for name in TELLING) else None


def _tool_of(settings: dict[str, Any]) -> str:
    if "use_stable_diffusion_model" in settings:
        return "easydiffusion"
    if isinstance(settings.get("v2"), dict) or {"c", "uc"} <= settings.keys():
        return "drawthings"
    return (name_of(settings.get("software")) or name_of(settings.get("Software")) or "unknown").lower()


def _with_model(found: Generation) -> Generation:
    found.model = model_of(found.model)
    return found
