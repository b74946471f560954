"""Bulk work makes millions of objects in no cycle; looking for cycles among them takes a quarter of its time."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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


def settle() -> None:
    """After much was loaded that will stay: give back what that took for a while, and look at what stayed no more.

    Looking at all of it for cycles holds every tenth of a second's worth of requests up for as long.
    """
    gc.collect()
    gc.freeze()
    # Only some C libraries can do that.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
