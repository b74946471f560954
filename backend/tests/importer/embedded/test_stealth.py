"""Prompts hidden in the transparency of a PNG are found, packed or not, and only looked for where they may be."""

import io
import json
from typing import Any

import pytest
from importer.embedded.made import png, stealth

from sovia.importer.embedded.reading import read_media
from sovia.importer.embedded.stealth import searched

PARAMETERS = "a fox\nNegative prompt: dull\nSteps: 20, Seed: 7, Sampler: Euler"
NOVEL = {"Software": "NovelAI", "Comment": json.dumps({"prompt": "a fox", "uc": "dull", "seed": 7, "steps": 20})}


def found_in(content: bytes) -> dict[str, Any]:
    answer = searched(io.BytesIO(content))
    assert answer is not None
    return answer


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("size", [(64, 64), (7, 900), (900, 7), (40, 301)])
def test_a_hidden_text_is_found(packed: bool, size: tuple[int, int]) -> None:
    answer = found_in(stealth(PARAMETERS, packed=packed, size=size))

    assert answer["texts"] == {"parameters": PARAMETERS}
    assert (answer["generation"]["tool"], answer["generation"]["seed"]) == ("a1111", 7)


@pytest.mark.parametrize("packed", [True, False])
def test_novelai_hides_all_its_texts(packed: bool) -> None:
    answer = found_in(stealth(json.dumps(NOVEL), packed=packed))

    assert answer["texts"] == NOVEL
    generation = answer["generation"]
    assert (generation["tool"], generation["prompt"], generation["negative_prompt"]) == ("novelai", "a fox", "dull")


def may_hide(content: bytes) -> bool:
    found = read_media(content)
    assert found is not None
    return found.may_hide


def test_pixels_are_searched_only_when_nothing_else_says_anything() -> None:
    assert may_hide(stealth(PARAMETERS))
    assert not may_hide(png(mode="RGB"))
    assert not may_hide(png({"parameters": PARAMETERS}, mode="RGBA"))
