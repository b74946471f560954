"""What the records of one file say together: whose children they are, and how many times named no zone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_OWNERS = 1000
# Kept with the import, so that one that was interrupted counts on; the account is never among those left out.
MOST_KEPT = 20


@dataclass(slots=True)
class Said:
    """Counts that add up over the chunks of a file."""

    owners: Counter[str] = field(default_factory=Counter)
    without_zone: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Said":
        """What was kept with a file by `kept_with`."""
        return cls(Counter(kept.get("owners") or {}), kept.get("without_zone", 0))

    def child_of(self, owner: str | None) -> None:
        """One more child, and whose it is."""
        if owner and (owner in self.owners or len(self.owners) < MOST_OWNERS):
            self.owners[owner] += 1

    def account(self) -> str | None:
        """Whose account was exported: children are always its own, while roots may be other people's."""
        return self.owners.most_common(1)[0][0] if self.owners else None

    def add(self, other: "Said") -> None:
        """Count in what other records say."""
        self.owners.update(other.owners)
        self.without_zone += other.without_zone

    def kept_with(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The same counted on from what was kept, as it is kept; nothing when nothing was said."""
        whole = Said.of(kept)
        whole.add(self)
        found: dict[str, Any] = {"owners": dict(whole.owners.most_common(MOST_KEPT))} if whole.owners else {}
        return found | ({"without_zone": whole.without_zone} if whole.without_zone else {})
