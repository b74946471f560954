"""What the command line says of an import in the end: tables of counts."""

from rich.markup import escape
from rich.table import Table

from sovia.importer.models import Import
from sovia.importer.service import Report

# What the final table shows of an import's counts, in this order.
COUNTED = {
    "new": "new posts",
    "changed": "changed",
    "same": "already here",
    "children_new": "new children",
    "skipped": "deleted here",
    "problems": "problems",
}
LONGEST_NAME = 32
BUCKETS = {
    "new": "new",
    "children_added": "children added",
    "changed": "changed",
    "conflicts": "conflicts",
    "identical": "identical",
    "unreadable": "unreadable",
}


def table_of(found: Import, report: Report) -> Table:
    """What an import brought, with a line for each of several files."""
    table = Table("file", "records", *COUNTED.values(), box=None, header_style="bold", pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    # Words of the head may take two lines; a name is worth more than they are.
    table.columns[0].min_width = min(LONGEST_NAME, max(len(name) for name in (found.file_name, *names_of(found))))
    if len(found.files) > 1:
        for one in found.files:
            table.add_row(escape(one["name"]), f"{one.get('records', 0):,}")
    counts = report.counts
    numbers = (f"{counts.get(name, 0):,}" for name in COUNTED)
    table.add_row(escape(found.file_name), f"{counts.get('records', 0):,}", *numbers)
    return table


def names_of(found: Import) -> list[str]:
    """The names of an import's files."""
    return [str(one["name"]) for one in found.files]


def table_of_check(found: Import) -> Table:
    """What a dry run found."""
    result = found.check_result or {}
    table = Table("what an import would do", "", box=None, header_style="bold", pad_edge=False)
    table.columns[1].justify = "right"
    for name, words in BUCKETS.items():
        table.add_row(words, f"{result['buckets'][name]:,}")
    for name, count in result["changed_fields"].items():
        table.add_row(f"  {escape(name)} changes", f"{count:,}")
    for name, count in result["files"].items():
        table.add_row(f"files {name}", f"{count:,}")
    return table


def words_of_undoing(found: Import) -> str:
    """What came of undoing an import."""
    undo = found.undo or {}
    return (
        f"Undone: {undo.get('posts', 0):,} posts are in the trash, {undo.get('reverted', 0):,} are as before, "
        f"{undo.get('kept', 0):,} stay with another import."
    )
