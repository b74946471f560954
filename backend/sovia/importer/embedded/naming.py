"""What a file's name tells: the post it belongs to, when it was made, and which files beside it speak of it."""

import re
from collections.abc import Collection
from uuid import NAMESPACE_URL, UUID, uuid5

# Ids of files that come without one: the same in every library and every run, made of the content alone.
MEDIA_IDS = uuid5(NAMESPACE_URL, "https://8xsovia/media/")
ID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
TIME = r"\d{4}-?\d{2}-?\d{2}(?:[T _-]?\d{2}[-:._]?\d{2}(?:[-:._]?\d{2})?)?Z?"
# How the exporters of Grok name files: the id alone or behind their name; behind a time, before model and prompt;
# before what the file is and a piece of its hash. Names of other services hold ids too, which several files share.
NAMES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:grok(?:[-_ ](?:imagine|image|video))?[-_ ])?{ID}(?: ?\(\d{{1,3}}\)| - copy| copy)?\Z",
        rf"{TIME}[_-]{ID}(?:_.*)?\Z",
        rf"{ID}-(?:image|video|media|main|hd|sd|content|original)-[0-9a-f]{{12}}\Z",
    )
)
# One userscript names its files by the time alone; the same name is the id of the text beside it.
TIMED = re.compile(r"(Grok_\d{8}_\d{6})_prompt\Z", re.IGNORECASE)
TIME_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_]?(\d{2})[-_]?(\d{2})[T _-]?(\d{2})[-:._]?(\d{2})[-:._]?(\d{2})(?!\d)")
CLIPS = (".mp4", ".webm", ".mov", ".m4v")
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
MEDIA = (*PICTURES, *CLIPS, ".gif", ".avif")
# One text for all files of a folder; and what Eagle keeps of the one file in each of its folders.
OF_FOLDER, OF_ITEM = "prompt.txt", "metadata.json"
THUMBNAIL = "_thumbnail"


def id_in_name(name: str) -> str | None:
    """The post's id as it stands in the name, when that is one that an exporter of Grok gives."""
    stem = stem_of(name.rpartition("/")[2])
    timed = TIMED.match(stem)
    if timed:
        return timed[1]
    for form in NAMES:
        match = form.match(stem)
        if match:
            return match[1]
    return None


def id_of_content(sha256: str) -> UUID:
    """The id of a file without one: the same bytes are the same post, whatever the file is called."""
    return uuid5(MEDIA_IDS, sha256)


def time_in_name(name: str) -> str | None:
    """The moment that stands in a name, as ISO 8601 without a zone."""
    match = TIME_IN_NAME.search(name.rpartition("/")[2])
    return "{}-{}-{}T{}:{}:{}".format(*match.groups()) if match else None


def stem_of(name: str) -> str:
    """The name without the ending that says what it is."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 5 else name


def beside(name: str, others: Collection[str]) -> list[str]:
    """Which of the other names in the folder are texts that speak of this file."""
    stem = stem_of(name)
    plain = stem.removesuffix("_prompt")
    wanted = (f"{stem}.txt", f"{plain}_prompt.txt", f"{name}.txt", f"{stem}.json", f"{name}.json", OF_ITEM, OF_FOLDER)
    return [other for other in dict.fromkeys(wanted) if other in others]


def speaks_for_another(name: str, others: Collection[str]) -> bool:
    """Whether a text belongs to a medium beside it, which takes it along; a record named by a post's id does not."""
    if name in (OF_ITEM, OF_FOLDER):
        several = [one for one in others if one.lower().endswith(MEDIA)]
        return bool(several) and (name == OF_FOLDER or any(THUMBNAIL in one for one in several))
    if not name.lower().endswith((".txt", ".json")) or (name.lower().endswith(".json") and id_in_name(name)):
        return False
    stem = stem_of(name)
    if stem.lower().endswith(MEDIA) and stem in others:
        return True
    stems = dict.fromkeys((stem, stem.removesuffix("_prompt"), f"{stem}_prompt"))
    media = (one + ending for one in stems for ending in (*MEDIA, *map(str.upper, MEDIA)))
    return any(one in others and name in beside(one, (name,)) for one in media)


def is_poster(name: str, others: Collection[str]) -> bool:
    """Whether it is a smaller picture of a file beside it: the still of a clip with its id, or Eagle's thumbnail."""
    stem, lower = stem_of(name), name.lower()
    if stem.endswith(THUMBNAIL) and OF_ITEM in others:
        whole = stem.removesuffix(THUMBNAIL)
        return any(stem_of(one) == whole and one.lower().endswith(MEDIA) for one in others)
    if not lower.endswith(PICTURES) or id_in_name(name) is None:
        return False
    return any(stem + ending in others for ending in CLIPS)
