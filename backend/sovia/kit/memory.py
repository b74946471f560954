"""Memory of bulk work: objects in no cycle are not searched for cycles, and what is free goes back to the system."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# About once per chunk of an import instead of hundreds of times.
MANY_OBJECTS = 250_000
# What glibc's malloc.h calls M_MMAP_THRESHOLD, and from how many bytes on a piece is large.
MMAP_THRESHOLD, LARGE = -3, 4 * 2**20


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Within the block the collector of cycles runs seldom; memory is bounded all the same, just looked at later."""
    before = gc.get_threshold()
    gc.set_threshold(MANY_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def return_large_pieces() -> None:
    """For as long as the process runs: what took more than 4 MB goes back to the system as soon as it is free.

    Else the C library finds out that such pieces come again and again, and keeps them: columns of a million numbers
    that live for a question left gaps of 150 to 230 MB behind.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)


def settle() -> None:
    """After much was loaded that will stay: give back what that took for a while, and look at what stayed no more.

    Looking at all of it for cycles holds every tenth of a second's worth of requests up for as long.
    """
    gc.collect()
    gc.freeze()
    # Only some C libraries can do that.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
