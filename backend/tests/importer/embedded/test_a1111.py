"""The parameters of Automatic1111 and its relatives, wherever they are written and however."""

from typing import Any

import pytest
from importer.embedded.made import (
    DESCRIPTION,
    USER_COMMENT,
    chunk,
    jpeg,
    png,
    png_of,
    said,
    user_comment,
    webp,
)

PROMPT = "a lighthouse at dusk, (masterpiece:1.2)\nsecond line, 灯台"
SETTINGS = (
    "Steps: 30, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 3141592653, Size: 832x1216, "
    'Model hash: 31e35c80fc, Model: sd_xl_base, Lora hashes: "detail: 1a2b, light: 3c4d", '
    'Hashes: {"model": "31e3", "vae": "63"}, Version: v1.10.1'
)
A1111 = f"{PROMPT}\nNegative prompt: blurry, watermark\n{SETTINGS}"


FULL = {
    "tool": "a1111",
    "prompt": PROMPT,
    "negative_prompt": "blurry, watermark",
    "model": "sd_xl_base",
    "seed": 3141592653,
    "steps": 30,
    "sampler": "DPM++ 2M",
    "scheduler": "Karras",
    "cfg": 5.5,
    "width": 832,
    "height": 1216,
    "version": "v1.10.1",
}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: png({"parameters": A1111}), id="png"),
        pytest.param(lambda: png_of(chunk(b"tEXt", b"parameters\0" + A1111.encode())), id="utf-8 in tEXt"),
        pytest.param(
            lambda: png_of(behind=chunk(b"iTXt", b"parameters\0\0\0\0\0" + A1111.encode())), id="behind pixels"
        ),
        pytest.param(lambda: jpeg(fields={USER_COMMENT: user_comment(A1111)}, order=">"), id="jpeg big endian"),
        pytest.param(lambda: jpeg(fields={USER_COMMENT: user_comment(A1111, "le")}), id="jpeg little endian"),
        pytest.param(lambda: jpeg(fields={USER_COMMENT: user_comment(A1111, "le")}, order=">"), id="jpeg mixed"),
        pytest.param(lambda: jpeg(fields={USER_COMMENT: b"ASCII\0\0\0" + A1111.encode()}), id="utf-8 called ascii"),
        pytest.param(lambda: jpeg(fields={USER_COMMENT: A1111.encode("utf-16-le")}), id="no charset"),
        pytest.param(lambda: jpeg(fields={DESCRIPTION: A1111}), id="description"),
        pytest.param(lambda: webp({USER_COMMENT: user_comment(A1111)}), id="webp"),
        pytest.param(lambda: webp({USER_COMMENT: user_comment(A1111)}, lossless=True), id="webp lossless"),
    ],
)
def test_a1111_is_read_wherever_it_is_written(content: Any) -> None:
    assert said(content()) == FULL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("only a prompt", {"tool": "a1111", "prompt": "only a prompt"}),
        ("Negative prompt: bad\nSteps: 4, Seed: 1", {"negative_prompt": "bad", "steps": 4, "seed": 1}),
        ("x\nSteps: 4, Seed: 1, Version: f2.0.1v1.10.1-previous-1", {"tool": "forge", "prompt": "x"}),
        ("x\nSteps: 4, Seed: 1, App: SD.Next", {"tool": "sdnext"}),
        ("x\nSteps: 4, Seed: 1, Version: ComfyUI", {"tool": "comfyui"}),
        ('x\nSteps: 4, Created Date: 2025-01-02T03:04:05Z, Civitai resources: [{"a": 1, "b": 2}]', {"tool": "civitai"}),
        ("x\nSteps: 4, Seed: 1\nTemplate: {a|b}\nNegative Template: c", {"prompt": "x", "steps": 4}),
        ("Steps: 3 is how many there are\nSteps: 4, Seed: 1", {"prompt": "Steps: 3 is how many there are"}),
        ("x\nSampler: Euler, Seed: 18446744073709551615, CFG scale: 7", {"seed": 18446744073709551615}),
        ("x\r\nNegative prompt: y\r\nSteps: 4, Seed: 99999999999999999999", {"seed": "99999999999999999999"}),
        ('x\nSteps: 4, Model: "a, b", Seed: 1', {"model": "a, b", "seed": 1}),
        ("x\nSteps: 4, Model: models\\sub\\name.safetensors", {"model": "name"}),
    ],
)
def test_variants_of_a1111(text: str, expected: dict[str, Any]) -> None:
    found = said(png({"parameters": text}))

    assert {name: found.get(name) for name in expected} == expected
