"""A storage that refuses, is full, hangs up or lies: a clear word, no harm, and the next run goes on."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from keeping.mirroring.conftest import with_bucket
from keeping.mirroring.mirrors import Mirrored

from sovia.kit import buckets
from sovia.kit.settings import Settings

pytestmark = pytest.mark.parametrize("mirror_settings", ["folder"], indirect=True)


class Storage(BaseHTTPRequestHandler):
    """A storage that does whatever `answers` says to every wish to put something."""

    answers = ""
    kept: ClassVar[dict[str, bytes]] = {}

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        found = self.kept.get(self.path)
        self.send_response(404 if found is None else 200)
        content = b"<Error><Code>NoSuchKey</Code></Error>" if found is None else found
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        how = self.answers if not self.path.endswith(".sovia-mirror") else ""
        if how == "hangs up":
            self.close_connection = True
            return
        if how == "keeps half":
            content = content[: len(content) // 2]
        if not how or how == "keeps half":
            self.kept[self.path] = content
        status = int(how) if how.isdigit() else 200
        said = b"<Error><Code>AccessDenied</Code><Message>secret-host.internal</Message></Error>"
        self.send_response(status)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(said) if status >= 400 else 0))
        self.end_headers()
        if status >= 400:
            self.wfile.write(said)

    def log_message(self, *_given: object) -> None:
        return


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of such a storage."""
    monkeypatch.setattr(Storage, "kept", {})
    monkeypatch.setattr(buckets, "RETRIES", 1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("answers", "code"),
    [("403", "mirror_refuses"), ("401", "mirror_refuses"), ("507", "mirror_full"), ("hangs up", "mirror_away"),
     ("500", "mirror_away"), ("keeps half", "mirror_refuses")],
)  # fmt: skip
async def test_a_storage_that_does_it_wrong(
    mirrored: Mirrored, storage: str, settings: Settings, answers: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = await mirrored.keep.known(3)
    before = [path.read_bytes() for path in paths]
    mirrored.settings = with_bucket(settings, storage, "bucket")
    monkeypatch.setattr(Storage, "answers", answers)

    job = await mirrored.mirror()

    assert (job.state, job.error_code) == ("failed", code), job.error_message
    said = (job.error_message or "") + str(await mirrored.state())
    assert not [word for word in ("secret-host", "very-secret", "AKIA", storage) if word in said]
    found = await mirrored.state()
    assert (found["files"], found["waiting"]) == (0, 3)
    assert [path.read_bytes() for path in paths] == before
    monkeypatch.setattr(Storage, "answers", "")
    if answers != "keeps half":
        assert (await mirrored.mirror()).state == "succeeded"
        assert (await mirrored.state())["files"] == 3


async def test_a_storage_that_does_not_answer_is_away(
    mirrored: Mirrored, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "RETRIES", 1)
    await mirrored.keep.known(2)
    mirrored.settings = with_bucket(settings, "http://127.0.0.1:9", "bucket")

    job = await mirrored.mirror()

    assert (job.state, job.error_code) == ("failed", "mirror_away")
    assert "127.0.0.1" not in (job.error_message or "")
    assert (await mirrored.state())["waiting"] == 2
