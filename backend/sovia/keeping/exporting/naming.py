"""Names of files in an export: by a template, safe on every system, each only once; pure."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sovia.kit.errors import Invalid

FIELDS = ("path", "id", "year", "month", "day", "model", "kind", "prompt")
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]+')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
IN_BRACES = re.compile(r"\{(\w*)\}")
LONGEST_PART = 80


class BadTemplate(Invalid):
    """The template of names can not be used."""

    code = "bad_template"


def checked(template: str) -> str:
    """The template, or `BadTemplate`."""
    unknown = [name for name in IN_BRACES.findall(template) if name not in FIELDS]
    rest = IN_BRACES.sub("x", template)
    if unknown or not template or "{" in rest or "}" in rest or "\\" in rest or "\x00" in rest:
        raise BadTemplate(f"A template is made of {', '.join('{' + name + '}' for name in FIELDS)} and folders.")
    if any(part in ("", ".", "..") for part in rest.split("/")) or len(template) > 300:
        raise BadTemplate("The parts of a template between / must be names of folders, and the last one of a file.")
    return template


def name_of(template: str, post: Mapping[str, Any], path: str, role: str) -> str:
    """Where a file of a post goes, below `data/`; without `{path}` and `{id}` the id is added, so that it is unique."""
    if template == "{path}":
        return path
    at = post["created_at"]
    values = {
        "path": path,
        "id": str(post["id"]),
        "year": f"{at:%Y}" if at else "undated",
        "month": f"{at:%m}" if at else "undated",
        "day": f"{at:%d}" if at else "undated",
        "model": _part(post["model"] or "unknown"),
        "kind": post["kind"],
        "prompt": _part(post["prompt"] or post["original_prompt"] or "untitled"),
    }
    name = IN_BRACES.sub(lambda found: values[found[1]], template)
    if "{id}" not in template and "{path}" not in template:
        name += f" {post['id']}"
    if role != "media":
        name += f" {role}"
    suffix = PurePosixPath(path).suffix or _suffix(post.get("mime_type"))
    return "/".join(_whole(part) for part in name.split("/")) + ("" if "{path}" in template else suffix)


def _part(text: str) -> str:
    # Spreadsheets and shells take a beginning like = or - for more than a name.
    return UNSAFE.sub(" ", text).strip(" .=+-@~")[:LONGEST_PART].strip(" .") or "untitled"


def _whole(part: str) -> str:
    clean = UNSAFE.sub(" ", part).strip(" .") or "untitled"
    return f"_{clean}" if RESERVED.match(clean) else clean


def _suffix(mime: str | None) -> str:
    known = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "video/mp4": ".mp4", "image/gif": ".gif"}
    return known.get(mime or "", "")
