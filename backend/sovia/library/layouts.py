"""What the path of a file tells of whose file it is, in the layouts that downloaders and other tools use; pure.

Nearly all of them put the post's id somewhere in the path. One exporter writes only the first eight digits of it, below
a folder with the first eight of the parent's; such a pair is kept as an id of its own kind, which no real one equals.
"""

import re
from pathlib import PurePosixPath
from uuid import UUID

from sovia.library.media_types import ALL

ID = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}(?![0-9a-fA-F])")
OWNER = re.compile(r"(?:\A|/)users/[^/]+/")
# `grok_downloads/<user>/<post>/parent.png` and `.../child_00_<id>.mp4`, each with eight digits.
SHORT = re.compile(r"(?:\A|/)([0-9a-f]{8})/(?:parent|child_\d{1,4}_([0-9a-f]{8}))\.\w{2,5}\Z")
THUMBNAIL = re.compile(r"preview_image|thumb|cdn-cgi|(?:\A|/)poster", re.IGNORECASE)
BETTER = re.compile(r"[_-]hd(?![a-z])", re.IGNORECASE)
KINDS = {media_type.extension: media_type.kind for media_type in ALL} | {".jpeg": "image", ".m4v": "video"}
# Beside media, tools leave what is none.
NEVER = frozenset(
    (
        *(".json", ".jsonl", ".txt", ".html", ".htm", ".xml", ".csv", ".md", ".sqlite", ".db", ".log", ".part"),
        *(".aria2", ".crdownload", ".tmp", ".download", ".new", ".zip", ".gz", ".js", ".css", ".svg", ".xmp"),
        *(".srt", ".vtt"),
    )
)


def could_be_media(name: str) -> bool:
    """Whether a file of this name is worth remembering; names without an extension are."""
    return not name.startswith(".") and PurePosixPath(name).suffix.lower() not in NEVER


def ids_in(path: str) -> list[UUID]:
    """Whose file it is, as far as the path tells: at most one id, or one pair of short ones."""
    short = SHORT.search(path)
    if short:
        return [short_id(short[1], short[2] or "")]
    folder, _, name = OWNER.sub("/", path).rpartition("/")
    in_name = list(ID.finditer(name))
    if in_name:
        # `parent_child.mp4` ends with the one it is; `time_id_prompt.mp4` may go on with anything.
        last = in_name[-1]
        ends = "." not in name[last.end() :].lstrip(".")
        found = last if ends and not name[last.end() :].partition(".")[0] else in_name[0]
        return [UUID(found[0])]
    in_folder = ID.findall(folder)
    return [UUID(in_folder[-1])] if in_folder else []


def short_id(parent: str, child: str) -> UUID:
    """What stands for a pair of short ids; real ids never end in so many zeros."""
    return UUID(f"{parent}{child or '0' * 8}{'0' * 16}")


def wanted_ids(post_id: UUID, parent_id: UUID | None, url: str) -> list[UUID]:
    """The ids by which a file of a post may be found, the surest first."""
    found = [post_id, *ids_in(url.partition("?")[0].partition("://")[2])]
    own = post_id.hex[:8]
    found.append(short_id(parent_id.hex[:8], own) if parent_id else short_id(own, ""))
    return list(dict.fromkeys(found))


def kind_of_name(name: str) -> str:
    """The kind that a file's extension says, or nothing."""
    return KINDS.get(PurePosixPath(name.lower()).suffix, "")


def rank(path: str, size: int, *, kind: str, role: str) -> tuple[int, ...] | None:
    """How well a file suits, larger is better, or nothing when it does not at all."""
    name = path.rpartition("/")[2]
    said = kind_of_name(name)
    is_better = bool(BETTER.search(name))
    if (said and said != kind) or (role == "hd" and not is_better):
        return None
    return int(bool(said)), int(not THUMBNAIL.search(path)), int(is_better == (role == "hd")), size
