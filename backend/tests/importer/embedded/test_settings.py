"""Tools that write their settings as JSON: InvokeAI, NovelAI, Fooocus, SwarmUI and others."""

import json
from typing import Any

import pytest
from importer.embedded.made import (
    MAKER_NOTE,
    USER_COMMENT,
    chunk,
    jpeg,
    png,
    png_of,
    said,
    user_comment,
    webp,
    xmp,
)


def test_invokeai_of_today() -> None:
    metadata = {
        "positive_prompt": "a fox",
        "negative_prompt": "dull",
        "seed": 5,
        "steps": 30,
        "cfg_scale": 7.5,
        "scheduler": "dpmpp_2m_k",
        "width": 512,
        "height": 640,
        "app_version": "5.4.2",
        "model": {"key": "0a1b", "name": "Juggernaut XL", "base": "sdxl"},
    }
    assert said(png({"invokeai_metadata": json.dumps(metadata), "invokeai_graph": "{}"})) == {
        "tool": "invokeai",
        "prompt": "a fox",
        "negative_prompt": "dull",
        "model": "Juggernaut XL",
        "seed": 5,
        "steps": 30,
        "cfg": 7.5,
        "scheduler": "dpmpp_2m_k",
        "width": 512,
        "height": 640,
        "version": "5.4.2",
    }


def test_invokeai_of_2023() -> None:
    image = {"prompt": [{"prompt": "a fox [dull]", "weight": 1}], "steps": 50, "seed": 7, "sampler": "k_lms"}
    metadata = {"model_weights": "stable-diffusion-1.5", "app_version": "2.3", "image": image | {"cfg_scale": 7.5}}

    found = said(png({"sd-metadata": json.dumps(metadata), "Dream": '"x" -s 1'}))

    assert (found["prompt"], found["negative_prompt"], found["steps"], found["seed"]) == ("a fox", "dull", 50, 7)
    assert (found["model"], found["sampler"]) == ("stable-diffusion-1.5", "k_lms")


def test_invokeai_of_2022() -> None:
    assert said(png({"Dream": '"a \\"red\\" fox [dull]" -s 50 -S 1234 -W 512 -H 640 -C 7.5 -A k_lms'})) == {
        "tool": "invokeai",
        "prompt": 'a \\"red\\" fox',
        "negative_prompt": "dull",
        "steps": 50,
        "seed": 1234,
        "width": 512,
        "height": 640,
        "cfg": 7.5,
        "sampler": "k_lms",
    }


NOVEL = {
    "prompt": "1girl, fox",
    "uc": "lowres",
    "steps": 28,
    "scale": 5.0,
    "seed": 3,
    "sampler": "k_euler",
    "height": 1216,
    "width": 832,
    "noise_schedule": "karras",
    "signed_hash": "x",
}
NOVEL_TEXTS = {
    "Title": "NovelAI generated image",
    "Description": "1girl, fox",
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V4.5 4BDE2A90",
    "Comment": json.dumps(NOVEL),
}
NOVEL_SAID = {
    "tool": "novelai",
    "prompt": "1girl, fox",
    "negative_prompt": "lowres",
    "steps": 28,
    "cfg": 5.0,
    "seed": 3,
    "sampler": "k_euler",
    "scheduler": "karras",
    "width": 832,
    "height": 1216,
    "model": "NovelAI Diffusion V4.5 4BDE2A90",
}


@pytest.mark.parametrize("content", [
    pytest.param(lambda: png(NOVEL_TEXTS), id="png"),
    pytest.param(lambda: webp({USER_COMMENT: user_comment(json.dumps(NOVEL_TEXTS))}), id="webp"),
])  # fmt: skip
def test_novelai(content: Any) -> None:
    assert said(content()) == NOVEL_SAID


def test_novelai_with_a_prompt_for_each_character() -> None:
    captions = {"base_caption": "forest", "char_captions": [{"char_caption": "girl"}, {"char_caption": "fox"}]}
    settings = NOVEL | {"v4_prompt": {"caption": captions}, "v4_negative_prompt": {"caption": {"base_caption": "bad"}}}

    found = said(png(NOVEL_TEXTS | {"Comment": json.dumps(settings)}))

    assert (found["prompt"], found["negative_prompt"]) == ("forest\ngirl\nfox", "bad")


FOOOCUS = {
    "prompt": "a fox",
    "negative_prompt": "dull",
    "steps": 30,
    "resolution": "(896, 1152)",
    "guidance_scale": 4.0,
    "base_model": "juggernautXL_v8.safetensors",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "9",
    "version": "Fooocus v2.5.5",
}
FOOOCUS_SAID = {
    "tool": "fooocus",
    "prompt": "a fox",
    "negative_prompt": "dull",
    "steps": 30,
    "width": 896,
    "height": 1152,
    "cfg": 4.0,
    "model": "juggernautXL_v8",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": 9,
    "version": "Fooocus v2.5.5",
}


@pytest.mark.parametrize("content", [
    pytest.param(lambda: png({"fooocus_scheme": "fooocus", "parameters": json.dumps(FOOOCUS)}), id="png"),
    pytest.param(lambda: png({"parameters": json.dumps(FOOOCUS)}), id="without its scheme"),
    pytest.param(
        lambda: jpeg(fields={USER_COMMENT: user_comment(json.dumps(FOOOCUS)), MAKER_NOTE: b"fooocus"}), id="jpeg"
    ),
])  # fmt: skip
def test_fooocus(content: Any) -> None:
    assert said(content()) == FOOOCUS_SAID


def test_fooocus_in_the_form_of_a1111() -> None:
    found = said(png({"fooocus_scheme": "a1111", "parameters": "a fox\nSteps: 30, Seed: 9, Version: Fooocus v2.5"}))

    assert (found["tool"], found["prompt"], found["seed"]) == ("fooocus", "a fox", 9)


SWARM = {
    "sui_image_params": {
        "prompt": "a fox",
        "negativeprompt": "dull",
        "model": "Flux/flux1-dev-fp8",
        "seed": 8,
        "steps": 25,
        "cfgscale": 1.0,
        "sampler": "euler",
        "scheduler": "normal",
        "width": 1024,
        "height": 768,
        "swarm_version": "0.9.1.1",
    },
    "sui_extra_data": {"date": "2024-08-07", "prompt": "not this"},
}


@pytest.mark.parametrize("content", [
    pytest.param(lambda: png({"parameters": json.dumps(SWARM)}), id="png"),
    pytest.param(lambda: jpeg(fields={USER_COMMENT: user_comment(json.dumps(SWARM))}), id="jpeg"),
])  # fmt: skip
def test_swarmui(content: Any) -> None:
    assert said(content()) == {
        "tool": "swarmui",
        "prompt": "a fox",
        "negative_prompt": "dull",
        "model": "flux1-dev-fp8",
        "seed": 8,
        "steps": 25,
        "cfg": 1.0,
        "sampler": "euler",
        "scheduler": "normal",
        "width": 1024,
        "height": 768,
        "version": "0.9.1.1",
        "created_at": "2024-08-07",
    }


def test_draw_things_keeps_json_in_xmp() -> None:
    settings = {"c": "a fox", "uc": "dull", "steps": 8, "seed": 4, "sampler": "UniPC", "scale": 2, "model": "sd3.ckpt"}
    packet = xmp(exif_UserComment=json.dumps(settings), xmp_CreatorTool="Draw Things")

    found = said(png_of(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode())))

    assert (found["tool"], found["prompt"], found["negative_prompt"], found["model"]) == (
        "drawthings",
        "a fox",
        "dull",
        "sd3",
    )


def test_easy_diffusion_writes_each_setting_by_itself() -> None:
    texts = {"prompt": "a fox", "negative_prompt": "dull", "seed": "4", "num_inference_steps": "25"}
    found = said(png(texts | {"use_stable_diffusion_model": "models/sd-v1-4.ckpt", "guidance_scale": "7.5"}))

    assert found == {
        "tool": "easydiffusion",
        "prompt": "a fox",
        "negative_prompt": "dull",
        "seed": 4,
        "steps": 25,
        "model": "sd-v1-4",
        "cfg": 7.5,
    }
