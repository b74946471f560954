"""What filters ask of imports: the posts that one brought, for the first time or again. Pure.

The post is `{p}`; no part of the SQL comes from outside, every value is bound.
"""

from dataclasses import dataclass

from sovia.search.language.kinds import Asked, Moment, Name

OF_ONE = "(i.id::text = ANY(CAST({0} AS text[])) OR i.file_name = ANY(CAST({0} AS text[]))) AND i.undone_at IS NULL"
# A post names the import that brought it first, and names no other person's.
FIRST = f"{{p}}.import_id IN (SELECT i.id FROM imports i WHERE {OF_ONE})"  # noqa: S608 - our own words
AGAIN = (
    "EXISTS (SELECT 1 FROM imports i JOIN import_changes c ON c.import_id = i.id WHERE i.user_id = {p}.user_id"  # noqa: S608
    " AND c.post_id = {p}.id AND c.brought AND " + OF_ONE + ")"
)


@dataclass(frozen=True)
class ImportName(Name):
    """The id of an import, or what its file is called."""

    operators: tuple[str, ...] = ("=",)

    def normal(self, text: str) -> str:
        """An id in lower case, a name as it was written."""
        found = super().normal(text)
        return found.lower() if len(found) == 36 and found.count("-") == 4 else found

    def asks(self, _operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """Either kind; `search.language.meaning` looks for them apart, since each has an index of its own."""
        return f"{FIRST} OR {AGAIN}", (values,)
