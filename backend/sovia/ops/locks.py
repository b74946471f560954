"""Locks between processes that end with the process that holds them, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def hold(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """Take the lock; the descriptor that holds it, or nothing when it is taken and we do not wait."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock exclusively just now."""
    descriptor = hold(path, shared=True, wait=False)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


@contextmanager
def holding(path: Path) -> Iterator[None]:
    """Hold the lock alone for the length of the block."""
    descriptor = hold(path)
    assert descriptor is not None
    try:
        yield
    finally:
        os.close(descriptor)
