"""Bulk work makes millions of objects in no cycle; looking for cycles among them takes a quarter of its time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# About once per chunk of an import instead of hundreds of times.
MANY_OBJECTS = 250_000


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Within the block the collector of cycles runs seldom; memory is bounded all the same, just looked at later."""
    before = gc.get_threshold()
    gc.set_threshold(MANY_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
