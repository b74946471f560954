"""One file brought home: asked for, gone on with where it was broken off, judged as it comes, put in its place."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sovia.fetching import judging
from sovia.fetching.judging import Refusal
from sovia.fetching.parts import Note, NotWhole, Part
from sovia.kit import clock, disk
from sovia.kit.errors import OutOfSpace
from sovia.kit.outside import Answer, Outside, OutsideError
from sovia.library.media_types import HEAD_BYTES
from sovia.library.paths import ROOT

# Held in memory before it goes to the disk; a small file goes there in one piece.
BUFFER = 262_144
ROOM_TO_LEAVE = 500_000_000
MOST_WORDS = 4_096
LONGEST_SECONDS = 6 * 3600.0
# Who sends less than this on average is not waited for.
GRACE_SECONDS = 60.0
LEAST_BYTES_PER_SECOND = 2_000.0
Spend = Callable[[int], Awaitable[None]]
Result = TypeVar("Result")
DISK = ThreadPoolExecutor(32, "fetching")


@dataclass(frozen=True)
class Wanted:
    """A file to bring: its place below the home folder, its address, its kind, and whether it replaces a bad one."""

    path: str
    url: str
    kind: str
    replaces: bool = False


@dataclass(frozen=True)
class Outcome:
    """How it went: without a cause the file is in its place, with this size and time."""

    path: str
    cause: str = ""
    reason: str = ""
    size_bytes: int = 0
    mtime_ns: int = 0
    wait: float | None = None


class _Refused(Exception):
    """The answer is not the file."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


async def fetch_one(outside: Outside, root: Path, wanted: Wanted, spend: Spend) -> Outcome:
    """Bring one file below `root`; `spend` is told of every piece and may make it wait.

    `OutOfSpace` when the disk is full; whatever the server does wrong is in the outcome.
    """
    part = Part(root, wanted.path.removeprefix(ROOT))
    try:
        status = await _disk(part.recall, wanted.url, wanted.replaces)
        if status is not None:
            return Outcome(wanted.path, size_bytes=status.st_size, mtime_ns=status.st_mtime_ns)
        async with asyncio.timeout(LONGEST_SECONDS):
            return await _fetch(outside, part, wanted, spend)
    except TimeoutError:
        return Outcome(wanted.path, "too_slow", "it takes too long")
    except OSError as error:
        if error.errno in disk.FULL:
            raise OutOfSpace("The disk with https_/ is full. Make room, then go on.") from None
        if error.errno in (errno.ENOTDIR, errno.EISDIR, errno.ENOENT, errno.ENAMETOOLONG):
            return Outcome(wanted.path, "no_place", "a file or a folder is in the way of its place")
        raise


async def _fetch(outside: Outside, part: Part, wanted: Wanted, spend: Spend) -> Outcome:
    try:
        try:
            rest = await _receive(outside, part, wanted, spend)
        except _Refused as refused:
            # The rest of an older version, or of none, helps nobody: once more from the start.
            if refused.refusal.cause != "wrong_range":
                raise
            await _disk(part.forget)
            rest = await _receive(outside, part, wanted, spend)
        status = await _disk(part.settle, rest)
    except _Refused as refused:
        await _disk(part.forget)
        return Outcome(wanted.path, refused.refusal.cause, refused.refusal.reason, wait=refused.refusal.wait)
    except NotWhole:
        await _disk(part.forget)
        return Outcome(wanted.path, "damaged", "it ends before it says it does")
    except OutsideError as error:
        await _disk(part.keep)
        return Outcome(wanted.path, error.cause, error.message)
    except BaseException:
        # Stopped from outside: what is here is kept.
        part.keep()
        raise
    return Outcome(wanted.path, size_bytes=status.st_size, mtime_ns=status.st_mtime_ns)


async def _receive(outside: Outside, part: Part, wanted: Wanted, spend: Spend) -> bytes:
    """Store what comes but for its last bytes, which are the answer."""
    asks = {}
    if part.note is not None:
        asks = {"Range": f"bytes={part.size}-", "If-Range": part.note.validator}
    async with outside.get(wanted.url, asks) as answer:
        total = await _judged(answer, part, wanted)
        rest = await _store(answer, part, wanted, spend)
    if total is not None and part.size + len(rest) != total:
        raise OutsideError("cut_off", "less came than was announced")
    return rest


async def _judged(answer: Answer, part: Part, wanted: Wanted) -> int | None:
    """The length of the whole file, if it is known, when the answer is (the rest of) the file; `_Refused` if not."""
    words = b"" if answer.status in (200, 206) else await _words_of(answer)
    refusal = judging.refusal_of(answer.status, answer.headers, answer.url, words, clock.now())
    if refusal is not None:
        raise _Refused(refusal)
    total = judging.stated_length(answer.headers)
    if answer.status == 206:
        total = _rest_of(answer, part)
    else:
        etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        part.begin(Note(wanted.url, etag, modified, total))
    if total is not None and total > judging.MOST_BYTES[wanted.kind]:
        raise _Refused(Refusal("too_large", f"it has {total:,} bytes"))
    return total


def _rest_of(answer: Answer, part: Part) -> int:
    """The whole length, when the answer is the very part that was asked for."""
    found, note = judging.stated_range(answer.headers), part.note
    wrong = _Refused(Refusal("wrong_range", "the server sent another part than asked for"))
    if found is None or note is None:
        raise wrong
    first, last, total = found
    same = answer.headers.get("etag", note.etag) == note.etag
    if not same or first != part.size or last != total - 1 or note.total not in (None, total):
        raise wrong
    return total


async def _words_of(answer: Answer) -> bytes:
    """The beginning of what a server says instead of a file."""
    words = b""
    async for chunk in answer.chunks():
        words += chunk[:MOST_WORDS]
        if len(words) >= MOST_WORDS:
            break
    return words


async def _store(answer: Answer, part: Part, wanted: Wanted, spend: Spend) -> bytes:
    watch, held, judged = _Watch(part), bytearray(), part.size > 0
    try:
        async for chunk in answer.chunks():
            held += chunk
            if not judged and len(held) >= HEAD_BYTES:
                judged = _judge_head(held, wanted)
            watch.look(part.size + len(held), judging.MOST_BYTES[wanted.kind])
            if len(held) >= BUFFER:
                await _write(part, held)
                held = bytearray()
            await spend(len(chunk))
    except OutsideError:
        if held and judged:
            await _write(part, held)
        raise
    if not judged:
        _judge_head(held, wanted)
    return bytes(held)


class _Watch:
    """Ends what does not end, and what comes so slowly that it will not."""

    def __init__(self, part: Part) -> None:
        self._begun, self._first = asyncio.get_running_loop().time(), part.size

    def look(self, size: int, most: int) -> None:
        """So much is here now."""
        if size > most:
            raise _Refused(Refusal("too_large", "it does not end"))
        seconds = asyncio.get_running_loop().time() - self._begun
        if seconds > GRACE_SECONDS and size - self._first < LEAST_BYTES_PER_SECOND * seconds:
            raise OutsideError("too_slow", "the server sends next to nothing")


def _judge_head(head: bytes | bytearray, wanted: Wanted) -> bool:
    refusal = judging.refusal_of_head(bytes(head[:HEAD_BYTES]), wanted.kind)
    if refusal is not None:
        raise _Refused(refusal)
    return True


async def _write(part: Part, content: bytearray) -> None:
    await _disk(part.append, bytes(content))


async def _disk(deed: Callable[..., Result], *given: object) -> Result:
    """Do something that waits for the disk; the more wait together, the sooner all are done."""
    return await asyncio.get_running_loop().run_in_executor(DISK, deed, *given)
