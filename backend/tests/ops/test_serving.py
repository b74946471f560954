"""`serve` as people run it: one address, everything ends with it, and nothing hinders the next start."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from ops_processes import BACKEND, keeper_of, kill, running, wait_for

PATIENCE_SECONDS = 90


class Serving:
    """`python -m sovia ...` in a home, with its output kept."""

    def __init__(self, home: Path, *arguments: str, **settings: str) -> None:
        self.home, self.started = home, time.monotonic()
        self.output = home / f"output-{time.monotonic_ns()}"
        known = {**os.environ, "SOVIA_HOME": str(home), "PYTHONPATH": str(BACKEND), **settings}
        with self.output.open("wb") as output:
            argv = [sys.executable, "-m", "sovia", *arguments]
            self.process = subprocess.Popen(argv, env=known, stdout=output, stderr=output, stdin=subprocess.DEVNULL)

    def said(self) -> str:
        return self.output.read_text()

    def url(self) -> str:
        wait_for(lambda: "http://" in self.said() or self.process.poll() is not None, seconds=PATIENCE_SECONDS)
        found = re.search(r"http://[\w.:\[\]]+/", self.said())
        assert found is not None, self.said()
        return found[0]

    def health(self) -> dict[str, str]:
        try:
            with urlopen(f"{self.url()}health", timeout=20) as answer:
                found: dict[str, str] = json.load(answer)
        except HTTPError as error:
            found = json.load(error)
        return found

    def children(self) -> dict[str, int]:
        """The parts by their command: "web" and "work"."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                status = (entry / "status").read_text()
            except OSError:
                continue
            if f"PPid:\t{self.process.pid}\n" in status and "sovia" in words:
                found[words[words.index("sovia") + 1]] = int(entry.name)
        return found

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


Start = Callable[..., Serving]


@pytest.fixture
def serve(short_home: Path) -> Iterator[Start]:
    """Start the product in a home of its own; what still runs afterwards is ended."""
    all_of_them: list[Serving] = []
    # Tests that run in the background of a shell ignore Ctrl-C, and what they start would as well.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def start(*arguments: str, **settings: str) -> Serving:
        all_of_them.append(Serving(short_home, *(arguments or ("serve", "--port", "0")), **settings))
        return all_of_them[-1]

    yield start
    for one in all_of_them:
        one.process.kill()
        one.process.wait()
    signal.signal(signal.SIGINT, before)


def silent(url: str) -> bool:
    """Whether nobody listens there."""
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


def test_one_address_is_printed_and_all_is_well_there(serve: Start) -> None:
    serving = serve()

    url = serving.url()

    wait_for(lambda: serving.health()["status"] == "ok", seconds=30)
    assert serving.said().count("http://") == 1
    with urlopen(url, timeout=20) as page:
        assert b"<!doctype html" in page.read(200).lower()


def test_ctrl_c_ends_everything_in_a_few_seconds(serve: Start, short_home: Path) -> None:
    serving = serve()
    url, parts = serving.url(), serving.children()
    asked_at = time.monotonic()

    code = serving.end()

    assert (code, sorted(parts)) == (0, ["web", "work"])
    assert time.monotonic() - asked_at < 10
    assert silent(url)
    wait_for(lambda: not running(short_home))
    assert "Traceback" not in serving.said()


def test_kill_9_hinders_no_later_start(serve: Start, short_home: Path) -> None:
    serving = serve()
    url = serving.url()

    serving.process.kill()

    wait_for(lambda: silent(url))
    again = serve("serve", "--port", url.rstrip("/").rsplit(":", 1)[1])
    assert again.url() == url
    assert again.health()["database"] == "ok"


def test_fallen_worker_is_started_again(serve: Start) -> None:
    serving = serve()
    serving.url()
    wait_for(lambda: "work" in serving.children())
    old = serving.children()["work"]

    kill(old)

    wait_for(lambda: serving.children().get("work", old) != old, seconds=20)
    assert "The worker ended unexpectedly" in serving.said()


def test_killed_keeper_is_replaced_while_serving(serve: Start, short_home: Path) -> None:
    serving = serve()
    serving.url()
    wait_for(lambda: serving.health()["status"] == "ok", seconds=30)

    kill(keeper_of(short_home))

    wait_for(lambda: "The database ended unexpectedly" in serving.said(), seconds=20)
    wait_for(lambda: serving.health()["database"] == "ok", seconds=30)


def test_taken_port_is_said_in_words(serve: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        serving = serve("serve", "--port", port)

        assert serving.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert f"Another program listens on port {port}" in serving.said()
    assert "Traceback" not in serving.said()


def test_open_door_without_a_password_is_refused(serve: Start) -> None:
    serving = serve("serve", "--host", "0.0.0.0", "--port", "0")

    assert serving.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "SOVIA_PASSWORD" in serving.said()


def test_open_door_with_a_password_is_served(serve: Start) -> None:
    serving = serve("serve", "--no-work", "--host", "0.0.0.0", "--port", "0", SOVIA_PASSWORD="long enough")

    assert serving.health()["database"] == "ok"
    assert list(serving.children()) == ["web"]


def test_commands_share_the_database_of_a_running_server(serve: Start, short_home: Path) -> None:
    serving = serve()
    serving.url()
    export = short_home / "export.json"
    export.write_text('[{"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "prompt": "a lighthouse"}]')

    importing = serve("import", str(export))

    assert importing.process.wait(timeout=PATIENCE_SECONDS) == 0
    with urlopen(f"{serving.url()}api/media", timeout=20) as answer:
        assert [post["prompt"] for post in json.load(answer)] == ["a lighthouse"]


def test_database_that_does_not_answer_is_said_in_words(serve: Start) -> None:
    serving = serve(DATABASE_URL="postgresql://who:s3cret@127.0.0.1:1/none")

    assert serving.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "The database can not be used" in serving.said()
    assert not {"Traceback", "s3cret"} & set(re.findall(r"\w+", serving.said()))


def test_nothing_is_left_when_the_start_is_interrupted(serve: Start, short_home: Path) -> None:
    serving = serve()
    wait_for((short_home / ".sovia" / "postgres" / "users.lock").exists)

    serving.end()

    wait_for(lambda: not running(short_home), seconds=20)
    with pytest.raises(AssertionError):
        serving.url()
