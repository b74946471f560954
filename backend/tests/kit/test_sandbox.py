"""Functions on hostile input, in children that may hang, die or eat memory without harm to us."""

import asyncio
import os
import signal
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import pytest

from sovia.kit.sandbox import Ask, Sandbox, SandboxFailed


def running() -> list[bytes]:
    """The command lines of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes())
    return found


async def answers(target: str, *bodies: Any, size: int = 1, seconds: float = 20, **limits: int) -> list[Any]:
    """What the children said, in the order of the requests; the reason where they said nothing."""
    found = {}
    async with Sandbox(target, size=size, **limits) as sandbox:
        async for number, answer in sandbox.answers([Ask(n, body, seconds) for n, body in enumerate(bodies)]):
            found[number] = answer.reason if isinstance(answer, SandboxFailed) else answer
    return [found[number] for number in sorted(found)]


async def test_every_request_is_answered_once() -> None:
    assert await answers("builtins:str", *range(20), size=3) == [str(number) for number in range(20)]


async def test_a_hanging_request_is_ended_and_the_next_one_answered() -> None:
    assert await answers("time:sleep", 60, 0, seconds=0.5) == ["time", None]


async def test_a_dying_child_is_replaced() -> None:
    suicide = f"__import__('os').kill(__import__('os').getpid(), {int(signal.SIGKILL)})"

    assert await answers("builtins:eval", suicide, "1 + 1") == ["died", 2]


async def test_memory_is_limited() -> None:
    """SEC14, SEC15."""
    assert await answers("builtins:eval", "len(bytearray(1 << 31))", "2", memory_bytes=1 << 30) == ["MemoryError", 2]


async def test_an_answer_beyond_the_limit_ends_only_itself() -> None:
    assert await answers("builtins:eval", "'x' * 5000", "6", line_limit=1000) == ["too long an answer", 6]


async def test_what_was_raised_is_named_and_the_child_goes_on() -> None:
    assert await answers("builtins:eval", "1 / 0", "3") == ["ZeroDivisionError", 3]


async def test_a_print_does_not_get_between_the_answers() -> None:
    assert await answers("builtins:eval", "print('hello') or 4", "5") == [4, 5]


async def test_a_failure_of_the_disk_tells_its_number() -> None:
    asks = [Ask("one", "/nowhere/at/all", 20)]
    async with Sandbox("builtins:open", size=1) as sandbox, aclosing(sandbox.answers(asks)) as found:
        _, answer = await anext(found)

    assert isinstance(answer, SandboxFailed)
    assert answer.errno == 2


async def test_an_early_end_leaves_no_children() -> None:
    async with Sandbox("builtins:eval", size=2) as sandbox:
        pid = "__import__('os').getpid()"
        asks = [Ask(0, pid, 20), Ask(1, "__import__('time').sleep(60)", 90)]
        async with aclosing(sandbox.answers(asks)) as found:
            _, child = await anext(found)
    await asyncio.sleep(0)

    assert isinstance(child, int)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to see processes")
async def test_what_a_request_started_ends_with_it() -> None:
    start = "__import__('subprocess').run(['sleep', '61.8061'])"

    assert await answers("builtins:eval", start, seconds=0.7) == ["time"]

    # What was killed is listed until the kernel has taken it down, which on a busy machine is a moment later.
    for _ in range(200):
        if not any(command.startswith(b"sleep\x0061.8061") for command in running()):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the program that the request started is still running")
