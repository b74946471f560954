"""The one table of fields that a filter knows; a new field is one entry here, and a line in docs/formats/filter.md."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from sovia.library.statuses import STATUSES
from sovia.search.language import amounts
from sovia.search.language.dates import Date
from sovia.search.language.imported import ImportName
from sovia.search.language.kinds import (
    Choice,
    CollectionName,
    Host,
    Identifier,
    Kind,
    Name,
    Number,
    Rating,
    SamePrompt,
    Tag,
)
from sovia.search.language.marked import (
    BEST_RATING,
    COLLECTIONS_OF_STACK,
    MARKED,
    STATUSES_OF_STACK,
    TAGGED,
    TAGS_OF_STACK,
)
from sovia.search.language.problems import BadValue

Scope = Literal["root", "post"]
OF_MAIN_FILE = (
    "EXISTS (SELECT 1 FROM files f WHERE f.user_id = {p}.user_id AND f.post_id = {p}.id"
    " AND f.role = 'media' AND f.position = 0 AND ({condition}))"
)
# It is here, but on a disk that was not there at the last look.
AWAY = (
    "EXISTS (SELECT 1 FROM media_roots r JOIN files f ON starts_with(f.found_path, 'roots/' || r.id || '/')"
    " WHERE r.is_away AND f.user_id = {p}.user_id AND f.post_id = {p}.id AND f.role = 'media' AND f.position = 0)"
)
FAULTY = "EXISTS (SELECT 1 FROM files f WHERE f.user_id = {p}.user_id AND f.post_id = {p}.id AND {condition})"
FAULTS = {
    "any": FAULTY.replace("{condition}", "f.fault IS NOT NULL"),
    **{
        name: FAULTY.replace("{condition}", f"f.fault = '{name}'")
        for name in ("lost", "changed", "truncated", "swapped", "unreadable")
    },
}
VERIFIED = (
    "(SELECT f.verified_at FROM files f WHERE f.user_id = {p}.user_id AND f.post_id = {p}.id"
    " AND f.role = 'media' AND f.position = 0)"
)
HAS = {
    "children": "{p}.child_count > 0",
    "own-clips": "{p}.stack_modes @> ARRAY['custom']",
    "prompt": "{p}.original_prompt <> '' OR {p}.prompt <> ''",
    "model": "cardinality({p}.stack_models) > 0",
    "mode": "cardinality({p}.stack_modes) > 0",
    "date": "{p}.created_at IS NOT NULL",
    "shape": "{p}.ratio > 0",
    "thumbnail": "{p}.thumbnail IS NOT NULL",
    "file": "{p}.media_state = 'present'",
}
MISSING = {name: f"({sql}) IS NOT TRUE" for name, sql in HAS.items() if name not in ("children", "own-clips")}
# A post that should have no file misses none.
MISSING["file"] = "{p}.media_state IN ('missing', 'wanted')"


@dataclass(frozen=True)
class Field:
    """One thing that can be said of posts.

    `scope`: of a stack's root, or of any post in the stack. `counted`: SQL of a root's values, when their number is
    small enough to be offered with counts.
    """

    name: str
    kind: Kind
    scope: Scope
    help: str
    examples: tuple[str, ...]
    also: tuple[str, ...] = ()
    counted: str | None = None


IN = "in"
TABLE = (
    Field(
        "type",
        Choice(
            choices={kind: f"{{p}}.stack_kinds @> ARRAY['{kind}']" for kind in ("image", "video", "audio")},
            same={"picture": "image", "pictures": "image", "images": "image", "clip": "video", "clips": "video",
                  "videos": "video", "sound": "audio", "sounds": "audio"},
        ),
        "root", "stacks with a picture, a clip or a sound", ("type:video",), counted="unnest({p}.stack_kinds)",
    ),
    Field(
        "model", Name("{p}.stack_models", several=True), "root", "the model that made it",
        ("model:imagine_h_1", "model:imagine*"), counted="unnest({p}.stack_models)",
    ),
    Field(
        "mode", Name("{p}.stack_modes", several=True), "root", "the mode it was made in", ("mode:custom,normal",),
        counted="unnest({p}.stack_modes)",
    ),
    Field(
        "liked",
        Choice(
            choices={"yes": "{p}.liked IS TRUE", "no": "{p}.liked IS FALSE", "unknown": "{p}.liked IS NULL"},
            same={"true": "yes", "liked": "yes", "false": "no", "unliked": "no"},
        ),
        "root", "whether it is liked", ("liked:yes", "liked:no,unknown"),
        counted="CASE {p}.liked WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END",
    ),
    Field(
        "state",
        Choice(
            choices={"present": "{p}.media_state = 'present'", "missing": "{p}.media_state IN ('missing', 'wanted')",
                     "corrupt": "{p}.media_state = 'corrupt'", "refused": "{p}.media_state = 'refused'",
                     "none": "{p}.media_state = 'none'",
                     "changed": FAULTY.replace("{condition}", "f.fault IN ('changed', 'truncated', 'swapped')"),
                     "away": AWAY},
            same={"unmounted": "away", "here": "present", "damaged": "corrupt", "wanted": "missing"},
        ),
        "root", "how its file is", ("state:missing",), also=("file",),
        counted="CASE {p}.media_state WHEN 'wanted' THEN 'missing' ELSE {p}.media_state END",
    ),
    Field(
        "fault", Choice(choices=FAULTS, same={"yes": "any", "missing": "lost"}), "post",
        "a file of it is not what it was", ("fault:any", "fault:changed,truncated"),
    ),
    Field(
        "verified", Date(VERIFIED), "root", "when its file was last seen to be right",
        ("verified:<last-7-days", "verified:today"),
    ),
    Field(
        "host", Host("split_part({p}.media_url, '/', 3)"), "post",
        "where its file comes from, or the domain above", ("host:assets.grok.com", "host:grok.com"),
        counted="split_part({p}.media_url, '/', 3)",
    ),
    Field(
        "source", Name("{p}.source"), "post", "which kind of export it came with", ("source:grok",),
        counted="{p}.source",
    ),
    Field("user", Name("{p}.source_user_id"), "post", "the account at its source that made it", ('user:"u-123"',)),
    Field(
        "date", Date("{p}.created_at"), "root", "when it was made",
        ("date:2025-10-01", "date:2025-10..2025-11", "date:>2025-10-01", "date:today", "date:last-7-days"),
    ),
    Field("added", Date("{p}.added_at"), "root", "when it came into this library", ("added:today",)),
    Field(
        "size",
        Number(
            "f.size_bytes", read=amounts.size, write=amounts.written_size, around=amounts.about_size,
            within=OF_MAIN_FILE,
        ),
        "post",
        "the size of its file", ("size:>2MB", "size:500kB..2MB"),
    ),
    Field(
        "ratio", amounts.Ratio(), "post", "its shape, width to height",
        ("ratio:16:9", "ratio:portrait", "ratio:>=1.5"),
    ),
    Field(
        "width", Number("{p}.width", read=amounts.pixels, write=amounts.plain), "post", "its width in pixels",
        ("width:>=1024",),
    ),
    Field(
        "height", Number("{p}.height", read=amounts.pixels, write=amounts.plain), "post", "its height in pixels",
        ("height:720..1080",),
    ),
    Field(
        "duration",
        Number(
            "{p}.duration_seconds", read=amounts.seconds, write=amounts.written_seconds, around=amounts.about_seconds
        ),
        "post", "how long it plays", ("duration:>5s", "duration:1m..2m"),
    ),
    Field(
        "has", Choice(choices=HAS, same={"clips": "own-clips", "dimensions": "shape"}), "root", "stacks that have it",
        ("has:children", "has:own-clips"),
    ),
    Field(
        "missing", Choice(choices=MISSING, same={"dimensions": "shape"}), "root", "stacks whose first post lacks it",
        ("missing:prompt", "missing:file"),
    ),
    Field(
        "rating", Rating(), "post", "the best rating in the stack, 0 when there is none", ("rating:>=4", "rating:0"),
        counted=BEST_RATING,
    ),
    Field(
        "status",
        Choice(
            choices={**{one: MARKED.format(condition=f"k.status = '{one}'") for one in STATUSES}, "none": "true"},
            same={"approve": "approved", "reject": "rejected", "selected": "select", "to-edit": "edit", "no": "none"},
        ),
        "post", "what somebody decided of a post", ("status:approved", "status:none"),
        counted=STATUSES_OF_STACK,
    ),
    Field(
        "tag", Tag("k.tag", within=TAGGED), "post", "a word that somebody gave a post",
        ("tag:portrait", "tag:sea*", "tag:none"),
        counted=TAGS_OF_STACK,
    ),
    Field(
        IN, CollectionName(), "post", "in a collection, by its name or id; none is in no collection",
        ("in:favourites", 'in:"best of"', "in:none"),
        counted=COLLECTIONS_OF_STACK,
    ),
    Field("id", Identifier("{p}.id"), "post", "the stack with this post", ("id:00000000-0000-4000-8000-000000000001",)),
    Field(
        "parent", Identifier("{p}.parent_id"), "post", "the stack with children of this post",
        ("parent:00000000-0000-4000-8000-000000000001",),
    ),
    Field(
        "import", ImportName(), "post", "came with this import, for the first time or again",
        ('import:"export.json"', "import:00000000-0000-4000-8000-000000000001"),
    ),
    Field(
        "same-prompt", SamePrompt(), "post", "stacks with exactly the prompt of this post",
        ("same-prompt:00000000-0000-4000-8000-000000000001",),
    ),
    Field(
        "similar", Identifier("{p}.id"), "post", "stacks with a prompt like that of this post",
        ("similar:00000000-0000-4000-8000-000000000001",),
    ),
)  # fmt: skip
FIELDS = {field.name: field for field in TABLE}
# `prompt:` says explicitly what words alone mean, so the parser takes it for words.
PROMPT = "prompt"
# `not-in:` is another way to write `-in:`.
NOT_IN = "not-in"
NAMES = {**{field.name: field for field in TABLE}, **{name: field for field in TABLE for name in field.also}}


def close_to(name: str) -> str | None:
    """The field whose name is nearest to what was typed."""
    found = get_close_matches(name.lower(), [*NAMES, PROMPT, NOT_IN], 3, 0.6)
    # Two letters in the wrong order are the most frequent slip.
    same_letters = [one for one in found if sorted(one) == sorted(name.lower())]
    return next(iter([*same_letters, *found]), None)


def checked(field: Field, operator: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The values in their normal form, or `BadValue`."""
    if operator not in field.kind.operators:
        raise BadValue(f"{field.name}: cannot be compared with {operator or 'that'}; write {field.examples[0]}.")
    if len(values) != 2 if operator == ".." else operator != "=" and len(values) != 1:
        raise BadValue("A comparison takes one value, a range two; join several with OR.")
    normal = tuple(field.kind.normal(value) for value in values)
    if operator in ("..", ">", ">=", "<", "<=") and any(value in amounts.SHAPES for value in normal):
        raise BadValue("A word for a shape cannot be compared; write a number or 16:9.")
    return normal
