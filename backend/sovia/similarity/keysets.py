"""Sets of ids as sorted numbers, for asking of very many posts at once whether they are in; pure."""

from collections.abc import Iterable
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from sovia.similarity.segment import key_of
from sovia.similarity.vectors import Keys


class KeySet:
    """Ids as pairs of numbers."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys[np.lexsort((keys[:, 1], keys[:, 0]))]

    @classmethod
    def of(cls, ids: Iterable[UUID]) -> "KeySet":
        """These ids."""
        return cls(np.array([key_of(one) for one in ids], dtype=np.uint64).reshape(-1, 2))

    def __len__(self) -> int:
        return len(self._keys)

    def has(self, keys: Keys) -> NDArray[np.bool_]:
        """Which of these are in the set."""
        found = np.zeros(len(keys), dtype=np.bool_)
        at = np.searchsorted(self._keys[:, 0], keys[:, 0])
        # Ids share their first half only by malice, so one step further is nearly never needed.
        waiting = np.arange(len(keys))
        while waiting.size:
            waiting = waiting[at[waiting] < len(self._keys)]
            waiting = waiting[self._keys[at[waiting], 0] == keys[waiting, 0]]
            hit = self._keys[at[waiting], 1] == keys[waiting, 1]
            found[waiting[hit]] = True
            waiting = waiting[~hit]
            at[waiting] += 1
        return found
