"""S081: the lists of missing files, used by the programs they are for: every file lies where it belongs then."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sovia.importer import listing

# Two that would be called the same by their last names, one with an extension, one in another folder.
NAMES = ("users/u/1/content", "users/u/2/content", "users/u/generated/3/generated_video.mp4", "images/4.png")
# As the page shows them beside the lists; -Z needs a newer curl than some have, and changes no place.
COMMANDS: dict[listing.Format, tuple[str, ...]] = {
    "txt": ("wget", "-q", "-x", "-nc", "-P", "https_", "-i"),
    "aria2": ("aria2c", "-q", "-c", "--auto-file-renaming=false", "-j", "6", "-x", "1", "-i"),
    "curl": ("curl", "-s", "--create-dirs", "--fail", "--remote-time", "-K"),
}


class Store(BaseHTTPRequestHandler):
    """Answers each address with itself."""

    def do_GET(self) -> None:
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("form", COMMANDS)
def test_the_program_puts_every_file_where_it_belongs(form: listing.Format, host: str, tmp_path: Path) -> None:
    program, *more = COMMANDS[form]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not here")
    places = {f"https_/{host}/{name}": f"http://{host}/{name}" for name in NAMES}
    text = "".join(listing.line_of(url, path, form) for path, url in places.items())
    (tmp_path / "missing").write_text(text, encoding="utf-8")
    alone = {**os.environ, "no_proxy": "*", "NO_PROXY": "*"}

    for _ in range(2):
        command = [program, *more, "missing"]
        done = subprocess.run(command, check=False, cwd=tmp_path, env=alone, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr

    found = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    found.pop("missing")
    assert found == {f"https_/{host}/{name}": f"/{name}" for name in NAMES}
