"""The children that read media, asked from a thread: answers in the order of the files, whatever happens to a child."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sovia.importer.embedded.walking import Entry
from sovia.kit import disk
from sovia.kit.errors import OutOfSpace, Unavailable
from sovia.kit.sandbox import Ask, Sandbox, SandboxFailed

Answer = dict[str, Any]

READ, SEARCH = "sovia.importer.embedded.batch:read_files", "sovia.importer.embedded.stealth:search"
FILES_AT_ONCE = 32
# Texts of one file may have some megabytes, and JSON spells what is not ASCII in six letters.
ANSWER_BYTES = 64_000_000
SECONDS, SLOWEST_BYTES_PER_SECOND = 60.0, 5_000_000
REASONS = {
    "time": "it takes too long to read",
    "died": "it makes the reader crash",
    "MemoryError": "it needs more memory than is safe",
}


class Children:
    """Two sets of child processes, which start when they are needed: for headers, and for pixels."""

    def __init__(self, root: Path, keep_in: Path | None) -> None:
        self._root, self._keep_in = root, keep_in
        # A thread and a loop of their own: the kernel ends the children with the thread that started them.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="media")
        self._loop = asyncio.new_event_loop()
        self._sandboxes: dict[str, Sandbox] = {}

    def read(self, files: Sequence[Entry]) -> list[tuple[Entry, Answer]]:
        """What `batch.read_files` says of each file, in their order.

        Raises `OutOfSpace` and `Unavailable` when copies can not be written.
        """
        batches = [files[start : start + FILES_AT_ONCE] for start in range(0, len(files), FILES_AT_ONCE)]
        answers = self._ask(READ, [self._wish(batch) for batch in batches])
        return [found for batch, answer in zip(batches, answers, strict=True) for found in self._each(batch, answer)]

    def search(self, files: Sequence[Entry]) -> list[Answer | None]:
        """What `stealth.search` finds in each; nothing, too, where looking went wrong."""
        asks = [({"root": str(self._root), "name": file.name}, SECONDS) for file in files]
        answers = self._ask(SEARCH, asks)
        return [answer if isinstance(answer, dict) else None for answer in answers]

    def close(self) -> None:
        """End the children."""
        for sandbox in self._sandboxes.values():
            self._run(sandbox.__aexit__())
        self._sandboxes.clear()
        self._thread.submit(self._loop.close).result()
        self._thread.shutdown()

    def _wish(self, files: Sequence[Entry]) -> tuple[dict[str, Any], float]:
        keep_in = str(self._keep_in) if self._keep_in else None
        body = {"root": str(self._root), "keep_in": keep_in, "files": [(file.name, file.beside) for file in files]}
        return body, SECONDS + sum(file.size for file in files) / SLOWEST_BYTES_PER_SECOND

    def _each(self, files: Sequence[Entry], answer: object) -> Iterator[tuple[Entry, Answer]]:
        """The answers of one batch, which may end early; a batch that failed is asked about file by file."""
        left = list(files)
        while left:
            if isinstance(answer, list) and answer:
                yield from zip(left, answer, strict=False)
                left = left[len(answer) :]
            elif len(left) == 1:
                yield left.pop(), {"failed": _reason(answer)}
            else:
                _raise_if_disk_failed(answer)
                for file in left:
                    yield from self._each([file], self._ask(READ, [self._wish([file])])[0])
                return
            answer = self._ask(READ, [self._wish(left)])[0] if left else None

    def _ask(self, target: str, wishes: Sequence[tuple[dict[str, Any], float]]) -> list[object]:
        if not wishes:
            return []
        answers: list[object] = self._run(self._answers(target, wishes))
        for answer in answers:
            _raise_if_disk_failed(answer)
        return answers

    async def _answers(self, target: str, wishes: Sequence[tuple[dict[str, Any], float]]) -> list[object]:
        if target not in self._sandboxes:
            self._sandboxes[target] = await Sandbox(target, line_limit=ANSWER_BYTES).__aenter__()
        asks = [Ask(number, body, seconds) for number, (body, seconds) in enumerate(wishes)]
        found = {number: answer async for number, answer in self._sandboxes[target].answers(asks)}
        return [found[number] for number in range(len(wishes))]

    def _run(self, work: Any) -> Any:  # noqa: ANN401 - whatever the work gives
        return self._thread.submit(self._loop.run_until_complete, work).result()


def _reason(answer: object) -> str:
    return REASONS.get(answer.reason if isinstance(answer, SandboxFailed) else "", "it can not be read")


def _raise_if_disk_failed(answer: object) -> None:
    """What is not the file's fault must not be told of the file."""
    if isinstance(answer, SandboxFailed) and answer.errno:
        if answer.errno in disk.FULL:
            raise OutOfSpace("The disk with https_/ is full. Make room, then go on.")
        why = os.strerror(answer.errno)
        raise Unavailable(f"Files cannot be kept below https_/_local ({why}). Check the rights of that folder.")
