"""The look into one file, run in a child process with limits: a request in, what is known of it out, both JSON."""

import errno
import os
from base64 import b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sovia.kit import disk
from sovia.library import copies, previews, sprites, thumbnails
from sovia.library.derived import LARGEST, has_thumbnails
from sovia.library.probing import fingerprint, probe
from sovia.library.unreadable import Unreadable


def examine(wanted: dict[str, Any]) -> dict[str, Any]:
    """Look into the file at `path` below `root`; with `thumbnails` make them below `derived`, unless they are there.

    The answer has `state` (present, corrupt with `reason`, missing) and what is known by the names of the columns;
    `thumbnail` is the key of the thumbnails, `placeholder` base64. OSError only when `derived` cannot be written.
    """
    try:
        descriptor = disk.open_beneath(Path(wanted["root"]), wanted["path"])
    except FileNotFoundError:
        return {"state": "missing"}
    except OSError as error:
        return {"state": "corrupt", "reason": f"the disk does not give it ({os.strerror(error.errno or 0)})"}
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        answer: dict[str, Any] = {"size_bytes": status.st_size, "mtime_ns": status.st_mtime_ns}
        try:
            facts, picture = probe(file, at_least=LARGEST)
            sha256 = fingerprint(file)
        except Unreadable as error:
            return answer | {"state": "corrupt", "reason": error.reason}
        except MemoryError:
            return answer | {"state": "corrupt", "reason": "it needs more memory to decode than is safe"}
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return answer | {"state": "corrupt", "reason": "the disk cannot read it"}
    answer |= {"state": "present", "sha256": sha256.hex(), **asdict(facts)}
    if wanted["thumbnails"] and picture is not None:
        key, derived = sha256.hex(), Path(wanted["derived"])
        if not has_thumbnails(derived, key):
            thumbnails.write(derived, key, picture)
        likeness = thumbnails.placeholder(derived, key)
        answer |= {"thumbnail": key, "placeholder": b64encode(likeness).decode()}
    return answer


def make_preview(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make the hover preview and the sprite of the clip at `path` below `root` unless they are there.

    `made` says whether the preview was; `first` and `last` are the looks of those frames, when they were looked at.
    """
    derived, key = Path(wanted["derived"]), wanted["key"]
    has_preview, has_sprite = previews.is_settled(derived, key), sprites.is_settled(derived, key) and wanted["looked"]
    if has_preview and has_sprite:
        return {"made": False}
    try:
        descriptor = disk.open_beneath(Path(wanted["root"]), wanted["path"])
    except OSError:
        return {"made": False}
    with os.fdopen(descriptor, "rb") as file:
        strip = None if has_sprite else sprites.make(derived, key, file)
        answer = {"made": not has_preview and previews.make(derived, key, file)}
    return answer | ({"first": strip.first, "last": strip.last} if strip else {})


def make_copy(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make the H.264 copy of the clip at `path` below `root`; `made` says whether it was."""
    try:
        descriptor = disk.open_beneath(Path(wanted["root"]), wanted["path"])
    except OSError:
        return {"made": False}
    with os.fdopen(descriptor, "rb") as file:
        return {"made": copies.make(Path(wanted["derived"]), wanted["key"], file)}
