"""The index's files: switched in one step, shared by processes, untouched by a writer that dies."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from similarity.brute_force import BruteForce, by_index, fitted, random_documents

from sovia.similarity import index as index_files
from sovia.similarity.errors import IndexIsBusy
from sovia.similarity.index import POINTER, Pointer, Shelf, sweep, writing

# Starts to write a generation, says so, and waits to be killed.
DYING_WRITER = """
import sys
from pathlib import Path
from sovia.similarity.index import appearing, writing
folder = Path(sys.argv[1])
with writing(folder), appearing(folder / "generation-unfinished") as part:
    (part / "word_keys.npy").write_bytes(b"half")
    print("writing", flush=True)
    sys.stdin.read()
"""

# Answers for the same twenty posts from the same files, as JSON.
OTHER_READER = """
import json, sys
from pathlib import Path
from similarity.brute_force import by_index, random_documents
from sovia.similarity.index import Shelf
index = Shelf().find(Path(sys.argv[1]))
found = [by_index(index, post, 8) for post in random_documents(400, 5)[:20]]
print(json.dumps([[[str(post_id), score] for post_id, score in answer] for answer in found]))
"""
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


def test_no_index_is_found_before_one_was_built(tmp_path: Path) -> None:
    assert Shelf().find(tmp_path / "nobody") is None


def test_a_rebuild_is_noticed_by_open_readers(tmp_path: Path) -> None:
    documents, shelf = random_documents(60, 1), Shelf()
    fitted(tmp_path, documents[:30])
    before = shelf.find(tmp_path)

    fitted(tmp_path, documents)

    after = shelf.find(tmp_path)
    assert before is not None
    assert after is not None
    assert before.posts < after.posts
    assert shelf.find(tmp_path) is after


def test_an_index_of_another_format_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fitted(tmp_path, random_documents(10, 1))
    monkeypatch.setattr(index_files, "FORMAT", 99)

    assert Shelf().find(tmp_path) is None


def test_a_torn_pointer_is_as_good_as_none(tmp_path: Path) -> None:
    fitted(tmp_path, random_documents(10, 1))
    (tmp_path / POINTER).write_bytes(b'{"generation": "gen')

    assert Shelf().find(tmp_path) is None


def test_questions_are_answered_right_while_the_index_is_rebuilt_and_swept(tmp_path: Path) -> None:
    documents, shelf = random_documents(400, 2), Shelf()
    anchors = [post for post in documents if post.text][:10]
    expected = [BruteForce(documents).relatives(anchor, 5) for anchor in anchors]
    fitted(tmp_path, documents)
    done, wrong = threading.Event(), []

    def ask() -> None:
        while not done.is_set():
            index = shelf.find(tmp_path)
            assert index is not None
            wrong.extend(
                anchor for anchor, right in zip(anchors, expected, strict=True) if by_index(index, anchor, 5) != right
            )

    reader = threading.Thread(target=ask)
    reader.start()
    for _ in range(12):
        with writing(tmp_path):
            fitted(tmp_path, documents)
            sweep(tmp_path)
    done.set()
    reader.join()

    assert not wrong
    assert len(names(tmp_path)) == 1


def test_two_processes_answer_alike_from_the_same_files(tmp_path: Path) -> None:
    documents = random_documents(400, 5)
    index = fitted(tmp_path, documents)
    here = [by_index(index, post, 8) for post in documents[:20]]
    argv = [sys.executable, "-c", OTHER_READER, str(tmp_path)]

    others = [subprocess.Popen(argv, stdout=subprocess.PIPE, env=ENVIRONMENT) for _ in range(2)]
    said = [json.loads(other.communicate(timeout=300)[0]) for other in others]

    assert said == [[[[str(post_id), score] for post_id, score in found] for found in here]] * 2


def test_a_killed_writer_leaves_the_old_index_and_no_lock(tmp_path: Path) -> None:
    index = fitted(tmp_path, random_documents(50, 3))
    argv = [sys.executable, "-c", DYING_WRITER, str(tmp_path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        with pytest.raises(IndexIsBusy), writing(tmp_path):
            pass
        writer.send_signal(signal.SIGKILL)

    with writing(tmp_path):
        found = Shelf().find(tmp_path)
        assert names(tmp_path) == {index.pointer.generation, "generation-unfinished.part"}
        sweep(tmp_path)

    assert found is not None
    assert found.pointer == index.pointer
    assert names(tmp_path) == {index.pointer.generation}


def test_a_pointer_survives_its_file(tmp_path: Path) -> None:
    pointer = fitted(tmp_path, random_documents(10, 4)).pointer

    assert Pointer.load(tmp_path) == pointer
