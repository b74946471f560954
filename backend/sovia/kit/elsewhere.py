"""A generator that runs in a process of its own, so that what it makes and what is done with it use two cores.

Items come as pickles: both ends are ours, of one version, and the child does what this process would do itself.
"""

import fcntl
import importlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from sovia.kit.memory import fewer_collections

PIPE_BYTES = 1 << 20
CODE = "from sovia.kit.elsewhere import main; main()"


class BrokeOff(Exception):
    """The process that makes the items ended before its time."""


def items_of(target: str, *arguments: object) -> Generator[Any, None, None]:
    """The items that the generator function `module:function` yields, made in a process of its own.

    An exception there is raised here. Closing the iterator ends the process; so does the end of this one.
    The process works ahead by what a pipe holds and one item.
    """
    package = str(Path(__file__).resolve().parents[2])
    argv = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {package!r}); {CODE}", str(os.getpid())]
    child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
    assert child.stdin is not None
    assert child.stdout is not None
    _widen(child.stdout)
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(pickle.dumps((target, arguments)))
            child.stdin.close()
        while (kind_and_item := _read(child.stdout)) is not None:
            kind, item = kind_and_item
            if kind == "end":
                return
            if kind == "raised":
                raise item
            yield item
        raise BrokeOff
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()


def _read(stream: IO[bytes]) -> tuple[str, Any] | None:
    try:
        found: tuple[str, Any] = pickle.load(stream)  # noqa: S301 (from our own child, see above)
    except (EOFError, pickle.UnpicklingError):
        return None
    return found


def _widen(stream: IO[bytes]) -> None:
    """Let the pipe hold more, so that the two ends take turns less often (Linux only)."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def main() -> None:
    """The child's side: make the items that our input names, and write them to our output."""
    out = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints goes to the log instead of between the items.
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    importlib.import_module("sovia.kit.child").end_with_parent(signal.SIGKILL, int(sys.argv[1]))
    target, arguments = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 (from our own parent)

    def send(kind: str, item: object) -> None:
        # Straight into the pipe: a large item is never there twice.
        pickle.dump((kind, item), out, protocol=pickle.HIGHEST_PROTOCOL)
        out.flush()

    module, _, name = target.partition(":")
    function: Callable[..., Iterator[Any]] = getattr(importlib.import_module(module), name)
    try:
        with fewer_collections():
            for item in function(*arguments):
                send("item", item)
        send("end", None)
    except BrokenPipeError:
        return
    except Exception as error:
        send("raised", error)
