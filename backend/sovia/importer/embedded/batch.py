"""Many files read in a child process: names in, what each file is out, both JSON; hostile files end with the child."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from sovia.importer.embedded.keeping import Changed, Keeper, NoPlace, NotKept
from sovia.importer.embedded.taking import take, text_beside
from sovia.kit import disk

# The answer to one request ends when it holds this much; the caller asks again for the rest.
MOST_ANSWERED = 4_000_000
UNREADABLE = "it can not be opened"


def read_files(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the files `[name, [names beside it]]` below `root` in their order, as many as fit in one answer.

    With `keep_in`, the media folder, each is copied there. An answer is that of `Taken.as_json`, with `hides` when its
    pixels should be searched; `{"other": true}` for what is no medium; `{"failed": reason}` for what can not be read.
    `NotKept` when a copy can not be written.
    """
    root = Path(wanted["root"])
    if not wanted["keep_in"]:
        return _read_all(root, wanted["files"], None)
    # The copies have their names before anybody hears of the files.
    with Keeper(Path(wanted["keep_in"])) as keeper:
        return _read_all(root, wanted["files"], keeper)


def _read_all(root: Path, files: list[tuple[str, list[str]]], keeper: Keeper | None) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    size = 0
    for name, beside in files:
        answer = _read(root, name, beside, keeper)
        answers.append(answer)
        size += len(orjson.dumps(answer))
        if size > MOST_ANSWERED:
            break
    return answers


def _read(root: Path, name: str, beside: list[str], keeper: Keeper | None) -> dict[str, Any]:
    try:
        file = os.fdopen(disk.open_beneath(root, name), "rb")
    except (OSError, ValueError):
        return {"failed": UNREADABLE}
    with file:
        status = os.fstat(file.fileno())
        moment = None
        with suppress(ValueError, OverflowError, OSError):
            moment = datetime.fromtimestamp(status.st_mtime, UTC)
        try:
            taken = take(file, name, keeper=keeper, modified_at=moment, below=root.name)
        except Changed:
            return {"failed": "it changed while it was read"}
        except NoPlace:
            return {"failed": "something else lies where it belongs below https_"}
        except NotKept:
            raise
        except OSError:
            return {"failed": "the disk does not give it"}
    if taken is None:
        return {"other": True}
    folder = name.rpartition("/")[0]
    texts = {other: text_beside(root, f"{folder}/{other}" if folder else other) for other in beside}
    taken.beside = {other: text for other, text in texts.items() if text}
    return taken.as_json() | ({"hides": True} if taken.embedded.may_hide else {})
