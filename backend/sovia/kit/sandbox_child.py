"""The child side of a sandbox, run as a file: answers one JSON request a line by one JSON line, within its limits.

`python -P sandbox_child.py MODULE:FUNCTION MEMORY_BYTES PARENT`
"""

import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

if sys.platform != "win32":
    import resource

NICER_BY = 5


def main(target: str, memory_bytes: int, parent: int) -> None:
    """Answer requests until the parent closes our input."""
    # Run as a file with -P, it does not find the package by itself.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    answers = _take_over_output()
    _limit(memory_bytes, parent)
    module, _, name = target.partition(":")
    function: Callable[[Any], Any] = getattr(importlib.import_module(module), name)
    # Loading decoders takes long on a busy machine, and is nobody's fault: the time of requests begins now.
    answers.write(b"ready\n")
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_answer(function, json.loads(line))).encode() + b"\n")
        answers.flush()


def _answer(function: Callable[[Any], Any], request: object) -> dict[str, Any]:
    """Decoders of hostile data can raise anything; as in the loop of jobs, one bad request must not stop the others."""
    try:
        return {"answer": function(request)}
    except OSError as error:
        return {"failed": type(error).__name__, "errno": error.errno or 0}
    except Exception as error:
        if not isinstance(error, MemoryError):
            traceback.print_exc()
        return {"failed": type(error).__name__}


def _take_over_output() -> BinaryIO:
    """The stream of answers; whatever a library prints goes to the log instead of between them."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit(memory_bytes: int, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICER_BY)
    importlib.import_module("sovia.kit.child").end_with_parent(signal.SIGKILL, parent)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
