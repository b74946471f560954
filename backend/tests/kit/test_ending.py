"""A process that is told to stop ends its streams first, then does what it would have done anyway."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

from sovia.kit import ending


def test_hooks_come_before_the_server_s_own_handler() -> None:
    said: list[str] = []
    forget = ending.when_told(lambda: said.append("streams"))
    forgotten = ending.when_told(lambda: said.append("never"))
    forgotten()
    loop = ending.EndingLoop()
    try:
        loop.add_signal_handler(signal.SIGUSR1, lambda word: (said.append(word), loop.stop()), "server")
        loop.call_soon(os.kill, os.getpid(), signal.SIGUSR1)
        loop.run_forever()
        loop.remove_signal_handler(signal.SIGUSR1)
    finally:
        loop.close()
        forget()

    assert said == ["streams", "server"]


def test_the_loop_made_is_the_one_of_its_thread() -> None:
    def in_a_thread() -> bool:
        loop = ending.build_loop()
        try:
            return isinstance(loop, ending.EndingLoop)
        finally:
            loop.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(in_a_thread).result()
