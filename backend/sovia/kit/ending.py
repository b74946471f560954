"""What the process of a web server does first when it is told to stop: end the answers that never end by themselves.

A server that stops waits for the answers it is at, and only then tells the app; streams would make it wait for ever.
"""

import asyncio
from collections.abc import Callable
from typing import Any

Hook = Callable[[], None]
_hooks: list[Hook] = []


def when_told(hook: Hook) -> Hook:
    """Have something done as soon as this process is told to stop; call what is returned to forget it."""
    _hooks.append(hook)
    return lambda: _hooks.remove(hook) if hook in _hooks else None


class EndingLoop(asyncio.SelectorEventLoop):
    """An event loop that does what `when_told` was given before a server's own handler of a signal."""

    def add_signal_handler(self, sig: int, callback: Callable[..., Any], *args: object) -> None:
        """As usual, with the hooks before it."""

        def told() -> None:
            for hook in _hooks.copy():
                hook()
            callback(*args)

        super().add_signal_handler(sig, told)


def build_loop() -> asyncio.AbstractEventLoop:
    """A new loop of this kind, as the one of this thread."""
    loop = EndingLoop()
    asyncio.set_event_loop(loop)
    return loop
