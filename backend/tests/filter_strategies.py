"""Filters made by chance: documents of every kind of part, and texts that people or machines might send."""

from hypothesis import strategies as st

from sovia.library.text import tag_of
from sovia.search.language.document import All, Any_, Comparison, Document, Node, Not, Prefix, Text

SIGNS = st.sampled_from(
    [*"ab é7_ -'\"\\.:*()<>=,灯台ไทقطة“”（", " OR ", "\u200f", "\u202e", "..", "\n", "model:", "ば"]
)
WORDS = st.one_of(
    st.lists(SIGNS, min_size=1, max_size=8).map("".join),
    st.sampled_from(["OR", "AND", "NOT", "-", "red", "16:9", "http://x", "date:today", "a,b", ",", "\u0301", "¨"]),
    st.text(min_size=1, max_size=12),
).filter(str.strip)
NUMBERS = st.integers(0, 99_999).map(str)
DATES = st.one_of(
    st.dates().filter(lambda day: 1000 <= day.year <= 9000).map(str),
    st.sampled_from(
        ["2025", "2024-02", "TODAY", "yesterday", "this-week", "last-7-days", "last-1-month", "last-999-hours"]
    ),
)
SIZES = st.tuples(st.decimals(0, 99_999, places=2).map(str), st.sampled_from(["", "B", "kb", "MB", "g", "TB"])).map(
    "".join
)
DURATIONS = st.sampled_from(["5", "5s", "1m30s", "1:30", "0:00:05", "2h", "0.25s", "90sec", "3min"])
SHAPES = st.one_of(st.sampled_from(["16:9", "9x16", "1.5", "0.001", "3/2"]))
ORDERED = {
    "width": NUMBERS, "height": NUMBERS, "size": SIZES, "duration": DURATIONS, "ratio": SHAPES, "date": DATES,
    "added": DATES,
}  # fmt: skip
ALONE = {
    "model": WORDS, "mode": WORDS, "source": WORDS, "user": WORDS, "host": WORDS, "id": st.uuids().map(str),
    "parent": st.uuids().map(lambda found: found.hex), "type": st.sampled_from(["image", "Clip", "audio"]),
    "liked": st.sampled_from(["yes", "unliked", "unknown"]), "state": st.sampled_from(["here", "missing", "none"]),
    "has": st.sampled_from(["children", "prompt"]), "missing": st.sampled_from(["file", "date"]),
    "in": st.one_of(WORDS, st.just("none"), st.uuids().map(str)), "tag": WORDS.filter(tag_of),
    "rating": st.sampled_from("012345"), "status": st.sampled_from(["approved", "Reject", "none", "to-edit"]),
    "ratio": st.sampled_from(["portrait", "Square", "landscape", "16:9"]), **{name: ORDERED[name] for name in ORDERED},
}  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """Any field with values it takes."""
    operator = draw(st.sampled_from(["=", "=", "^", ">", ">=", "<", "<=", ".."]))
    if operator == "=":
        name = draw(st.sampled_from(sorted(ALONE)))
        return Comparison(field=name, values=tuple(draw(st.lists(ALONE[name], min_size=1, max_size=3))))
    if operator == "^":
        return Comparison(field=draw(st.sampled_from(["model", "user"])), operator="^", values=(draw(WORDS),))
    name = draw(st.sampled_from(sorted(ORDERED)))
    count = 2 if operator == ".." else 1
    return Comparison(field=name, operator=operator, values=tuple(draw(ORDERED[name]) for _ in range(count)))


LEAVES = st.one_of(
    WORDS.map(lambda text: Text(text=text)),
    WORDS.filter(lambda text: len(" ".join(text.split())) > 1).map(lambda text: Prefix(text=text)),
    comparisons(),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda of: All(of=tuple(of))),
        st.lists(inner, max_size=4).map(lambda of: Any_(of=tuple(of))),
        inner.map(lambda of: Not(of=of)),
    ),
    max_leaves=12,
)
DOCUMENTS = st.one_of(st.just(None), NODES).map(lambda node: Document(filter=node))
TEXTS = st.one_of(
    st.lists(
        st.one_of(
            SIGNS, WORDS, st.sampled_from(["(", ")", "-", "OR", "AND", " ", "type:", "date:>", "width:1..", '"', "*"])
        ),
        max_size=20,
    ).map("".join),
    st.text(max_size=60),
)
