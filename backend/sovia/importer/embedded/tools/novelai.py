"""NovelAI: settings as JSON in `Comment`, the model in `Source`; the same when hidden in the transparency."""

from typing import Any

from sovia.importer.embedded.generation import Generation, from_settings, object_of, words_of

TITLE = "NovelAI generated image"
SOURCES = ("Comment", "exif:UserComment", "comment")
OWN = ("uc", "v4_prompt", "signed_hash", "request_type")


def recognise(texts: dict[str, str]) -> Generation | None:
    """The settings, when they are NovelAI's; in a WebP or JPEG they may be one JSON object deeper."""
    for name in SOURCES:
        settings = object_of(texts.get(name, ""))
        around: dict[str, Any] = dict(texts)
        inner = settings.get("Comment")
        if isinstance(inner, str):
            around, settings = settings, object_of(inner)
        if _is_ours(settings, around):
            return _parse(settings, around)
    return None


def _is_ours(settings: dict[str, Any], around: dict[str, Any]) -> bool:
    named = "novelai" in f"{around.get('Software', '')} {around.get('Title', '')}".lower()
    return bool(settings) and (named or any(name in settings for name in OWN[1:]))


def _parse(settings: dict[str, Any], around: dict[str, Any]) -> Generation:
    found = from_settings("novelai", settings)
    prompt, negative = _captions(settings.get("v4_prompt")), _captions(settings.get("v4_negative_prompt"))
    found.prompt = prompt or found.prompt or words_of(around.get("Description"))
    found.negative_prompt = negative or found.negative_prompt
    source = around.get("Source")
    found.model = source.strip()[:200] or None if isinstance(source, str) else None
    return found


def _captions(value: object) -> str:
    """The prompt of version 4: one for the whole picture, and one for each character."""
    caption = value.get("caption") if isinstance(value, dict) else None
    if not isinstance(caption, dict):
        return ""
    characters = caption.get("char_captions")
    several = (
        [one.get("char_caption") for one in characters if isinstance(one, dict)] if isinstance(characters, list) else []
    )
    return words_of([caption.get("base_caption"), *several])
