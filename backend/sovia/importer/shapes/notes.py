"""What a reader notices about a whole file: what it is, and what was left out of it on purpose."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sovia.importer.problems import Problem

LEFT_OUT = {
    "official": "{count:,} are the provider's own samples, the same for everybody, and were left out.",
    "deleted": "{count:,} are marked as deleted and were left out.",
    "only_named": "{count:,} posts are only named by their id in a collection. "
    "Save the feed of posts or assets too: there are their pictures and prompts.",
    "folders": "{count:,} are names of folders or collections, not posts, and were left out.",
    "sounds": "{count:,} addresses are of sounds, which belong to posts that they do not name, and were left out.",
    "unfinished": "{count:,} events tell of clips that were not finished, and were left out.",
    "large_answers": "{count:,} answers are too large for posts, as pictures and clips are, and were passed over.",
    "private": "{count:,} files about your account (signing in, billing) were not opened.",
    "uploads": "{count:,} files are uploads kept by the provider; put under https_/, they are found by their id.",
    "others": "{count:,} other files of the account's export hold no posts and were not opened.",
    "media": "{count:,} pictures, clips and sounds were counted, but not taken in.",
}


@dataclass(slots=True)
class Notes:
    """Counts by word of `LEFT_OUT`, and the word for the shape when the records themselves tell it."""

    word: str = ""
    incomplete_capture: bool = False
    left_out: Counter[str] = field(default_factory=Counter)

    def saw(self, word: str) -> None:
        """The records are of this shape; the first that tells counts."""
        self.word = self.word or word

    def leave_out(self, why: str, count: int = 1) -> None:
        """Count something that is not taken in."""
        self.left_out[why] += count

    def add(self, other: "Notes") -> None:
        """Count what was noticed about a part of the file."""
        self.incomplete_capture = self.incomplete_capture or other.incomplete_capture
        self.left_out.update(other.left_out)

    def problems(self) -> Iterator[Problem]:
        """A warning for each kind of thing that was left out."""
        for why, count in sorted(self.left_out.items()):
            yield Problem(why, LEFT_OUT[why].format(count=count), "warning")
        if self.incomplete_capture:
            reason = "The capture names a next page, so it may be incomplete."
            yield Problem("incomplete_capture", reason, "warning")
