"""Servers in processes of their own: asked for their address, heard to the end, stopped."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

ADDRESS = re.compile(r"http://[\w.]+:\d+")


@contextmanager
def answering(process: subprocess.Popen[str]) -> Iterator[str]:
    """The address that a server says when it is ready; at the end of the block it is told to end."""
    assert process.stdout is not None
    reader = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        said = ""
        for line in process.stdout:
            said += line
            if found := ADDRESS.search(line):
                break
        else:
            pytest.fail(f"the server did not start: {said}")
        # It may go on to speak, and would wait for ever for somebody to read it.
        reader.start()
        yield found.group()
    finally:
        process.terminate()
        process.wait(timeout=120)
        if reader.is_alive():
            reader.join(timeout=120)
        process.stdout.close()
