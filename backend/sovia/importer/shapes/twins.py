"""Text files that hold the prompt of the clip beside them, as one userscript saves them."""

import re
from typing import Any, BinaryIO

NAMED = re.compile(r"(?:\A|/)(Grok_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d))_prompt\.txt\Z", re.IGNORECASE)
LONGEST = 100_000


def record_of(name: str, file: BinaryIO) -> dict[str, Any] | None:
    """A stub of the clip that the text belongs to, when the file is called as such texts are.

    There is no id anywhere: the name, which has the time, is the same in every copy and so makes a lasting one.
    """
    found = NAMED.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()[1:]
    return {
        "id": found[1],
        "prompt": file.read(LONGEST).decode("utf-8-sig", errors="replace").strip(),
        "createTime": f"{year}-{month}-{day}T{hour}:{minute}:{second}",
        "mediaType": "MEDIA_POST_TYPE_VIDEO",
    }
