"""Child processes that cannot outlive their parent, and such as shall."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
# Without site packages the detour costs about ten milliseconds.
PREFIX = (sys.executable, "-I", "-S", str(CHILD))
Process = subprocess.Popen[bytes]


def start(
    argv: Sequence[str | Path],
    *,
    ends_by: signal.Signals = signal.SIGTERM,
    as_nobody: bool = False,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
) -> Process:
    """Start a program that gets the signal `ends_by` when this process dies, however it dies.

    Its output goes to the end of `log`, or where ours goes. `keep` are file descriptors that it inherits.
    The kernel watches the thread that starts it: call this from a thread that lives as long as the process.
    """
    prefix = [*PREFIX, *(["--nobody"] if as_nobody else [])]
    return _spawn([*prefix, str(int(ends_by)), str(os.getpid()), *map(str, argv)], log, environment, keep)


def start_apart(
    argv: Sequence[str | Path], *, log: Path, environment: Mapping[str, str] | None = None, keep: Sequence[int] = ()
) -> None:
    """Start a program that outlives us, in a session of its own, out of reach of this terminal's Ctrl-C."""
    _spawn([*PREFIX, "--leave", *map(str, argv)], log, environment, keep).wait()


def run(
    argv: Sequence[str | Path],
    *,
    as_nobody: bool = False,
    text: str = "",
    environment: Mapping[str, str] | None = None,
    seconds: float = 120,
    folder: Path | None = None,
) -> tuple[int, str]:
    """Run a program to its end, in `folder` or where we are; its exit code, and what it said on both streams."""
    prefix = [*PREFIX, *(["--nobody"] if as_nobody else []), str(int(signal.SIGTERM)), str(os.getpid())]
    done = subprocess.run(
        [*prefix, *map(str, argv)],
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment} if environment is not None else None,
        timeout=seconds,
        cwd=folder,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def _spawn(
    argv: list[str],
    log: Path | None,
    environment: Mapping[str, str] | None,
    keep: Sequence[int],
) -> Process:
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **environment} if environment is not None else None,
            pass_fds=tuple(keep),
            # Ctrl-C goes to the parent alone, which then stops its children in order.
            process_group=0,
        )
    finally:
        if output is not None:
            output.close()
