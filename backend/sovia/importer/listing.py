"""The list of missing files in the formats that download programs read."""

import re
from typing import Literal

Format = Literal["txt", "aria2", "curl"]

# A line break or a quote in an address would begin a new option in the program that reads the list.
UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\"\\]")
HEADS: dict[Format, str] = {
    "txt": "",
    "aria2": "# aria2c -c --auto-file-renaming=false -j 6 -x 1 -i FILE\n",
    "curl": "# curl --create-dirs --fail --remote-time -Z --parallel-max 6 -K FILE\n",
}


def line_of(url: str, path: str, form: Format) -> str:
    """One file's entry. The plain list suits `wget -x -nc -P https_ -i FILE`; the others name the target path."""
    address = UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
    if form == "txt":
        return f"{address}\n"
    if form == "aria2":
        return f"{address}\n  out={path}\n"
    target = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'url = "{address}"\noutput = "{target}"\n'
