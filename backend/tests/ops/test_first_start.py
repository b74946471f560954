"""A fresh copy of the project, nothing installed: `./run` sets it up and answers, for root and for ordinary people."""

import getpass
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest
from ops_processes import running, wait_for
from project_files import ROOT, committed

PATIENCE_SECONDS = 300
# What the set-up must not find: our own environment and settings.
OURS = re.compile(r"^(PYTHON|VIRTUAL_ENV|SOVIA_|DATABASE_URL|REDIS_URL|HOST$|PORT$|PYTEST|COV_)")
ORDINARY = "sovia-test"


@pytest.fixture
def fresh_copy() -> Iterator[Path]:
    """A copy of what is committed, in a folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="sv-", dir="/tmp"))
    folder.chmod(0o755)
    copy = folder / "sovia"
    for path in committed():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    yield copy
    wait_for(lambda: not running(copy), seconds=30)
    shutil.rmtree(folder)


@pytest.fixture
def ordinary_user(fresh_copy: Path) -> Iterator[str]:
    """A user without rights, who owns the copy; made for the test when we are root."""
    if os.geteuid() != 0:
        yield getpass.getuser()
        return
    if not shutil.which("useradd") or not shutil.which("setpriv"):
        pytest.skip("this machine has no useradd or setpriv, so no ordinary user could be made to try the start")
    subprocess.run(["userdel", "--remove", ORDINARY], check=False, capture_output=True)
    subprocess.run(["useradd", "--create-home", ORDINARY], check=True, capture_output=True)
    found = pwd.getpwnam(ORDINARY)
    for path in (fresh_copy, *fresh_copy.rglob("*")):
        os.chown(path, found.pw_uid, found.pw_gid)
    yield ORDINARY
    subprocess.run(["userdel", "--remove", ORDINARY], check=False, capture_output=True)


class Start:
    """`./run serve` in the copy, as a user; ends with the block."""

    def __init__(self, copy: Path, user: str) -> None:
        about = pwd.getpwnam(user)
        self.output = copy.parent / "output"
        known = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        other = about.pw_uid != os.geteuid()
        if other:
            known |= {"HOME": about.pw_dir, "USER": user, "PATH": "/usr/local/bin:/usr/bin:/bin"}
        become = ["setpriv", f"--reuid={about.pw_uid}", f"--regid={about.pw_gid}", "--clear-groups"] if other else []
        with self.output.open("wb") as output:
            argv = [*become, str(copy / "run"), "serve", "--port", "0"]
            self.process = subprocess.Popen(argv, env=known, stdout=output, stderr=output, cwd=copy.parent)

    def said(self) -> str:
        return self.output.read_text()

    def url(self) -> str:
        wait_for(lambda: "http://" in self.said() or self.process.poll() is not None, seconds=PATIENCE_SECONDS)
        found = re.search(r"http://[\d.:]+/", self.said())
        assert found is not None, self.said()
        return found[0]

    def __enter__(self) -> "Start":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def works(copy: Path, user: str) -> float:
    """Start it twice, look at the page; the seconds that the second start took."""
    for _ in range(2):
        began = time.monotonic()
        with Start(copy, user) as start, ExitStack() as opened:
            page = opened.enter_context(urlopen(start.url(), timeout=30))
            assert b"<!doctype html" in page.read(200).lower()
            seconds = time.monotonic() - began
        assert start.process.returncode == 0, start.said()
    # The second start installs nothing.
    assert "installing" not in start.said()
    return seconds


@pytest.mark.slow
def test_fresh_copy_starts(fresh_copy: Path) -> None:
    assert works(fresh_copy, getpass.getuser()) < 60


@pytest.mark.slow
def test_fresh_copy_starts_for_an_ordinary_user(fresh_copy: Path, ordinary_user: str) -> None:
    assert works(fresh_copy, ordinary_user) < 60
    assert (fresh_copy / ".sovia").stat().st_uid == pwd.getpwnam(ordinary_user).pw_uid
