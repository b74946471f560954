"""Which texts belong to which media, told by names alone."""

import pytest

from sovia.importer.embedded.naming import beside, speaks_for_another, time_in_name

ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


@pytest.mark.parametrize(
    ("medium", "text"),
    [
        ("a.png", "a.txt"),
        ("a.PNG", "a.txt"),
        ("a.png", "a_prompt.txt"),
        ("Grok_20251001_120000_prompt.mp4", "Grok_20251001_120000_prompt.txt"),
        ("a.png", "a.png.txt"),
        ("a.webp", "a.json"),
        ("a.mp4", "a.mp4.json"),
        ("a.b.png", "a.b.txt"),
    ],
)
def test_a_text_and_its_medium_know_each_other(medium: str, text: str) -> None:
    names = {medium, text, "other.txt", "other.mp4.bak"}

    assert beside(medium, names) == [text]
    assert speaks_for_another(text, names)
    assert not speaks_for_another(medium, names)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("a.txt", {"b.png"}),
        ("export.json", {"a.png"}),
        (f"{ID}.json", {f"{ID}.mp4"}),
        ("a.txt", {"a.zip"}),
        ("a.csv", {"a.png"}),
    ],
)
def test_other_texts_stand_for_themselves(name: str, others: set[str]) -> None:
    assert not speaks_for_another(name, others | {name})


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("Grok_20251001_120000_prompt.mp4", "2025-10-01T12:00:00"),
        ("in/2025-10-01T12-33-11_x.jpg", "2025-10-01T12:33:11"),
        ("00001-3141592653.png", None),
        ("120251001120000.png", None),
    ],
)
def test_times_in_names(name: str, moment: str | None) -> None:
    assert time_in_name(name) == moment
