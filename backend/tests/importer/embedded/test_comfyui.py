"""ComfyUI's graphs are followed to prompts, model and numbers, in every kind of file."""

import json
from pathlib import Path
from typing import Any

import pytest
from importer.embedded.made import (
    MAKE,
    MODEL,
    USER_COMMENT,
    graph,
    jpeg,
    mp4,
    png,
    said,
    user_comment,
    webp,
)

COMFY = {
    "tool": "comfyui",
    "prompt": "a glass bottle",
    "negative_prompt": "watermark",
    "model": "base_1.0",
    "seed": 156680208700286,
    "steps": 20,
    "sampler": "euler",
    "scheduler": "normal",
    "cfg": 8.0,
}


def test_comfyui_is_followed_through_its_links() -> None:
    assert said(png({"prompt": graph(), "workflow": "{}"})) == COMFY


@pytest.mark.parametrize("content", [
    pytest.param(lambda _: webp({MODEL: "prompt:" + graph(), MAKE: 'workflow:{"nodes": []}'}), id="webp"),
    pytest.param(lambda _: jpeg(fields={USER_COMMENT: user_comment(f'{{"prompt": {graph()}}}')}), id="jpeg"),
    pytest.param(lambda folder: mp4({"prompt": graph()}, folder), id="mp4 keys"),
    pytest.param(lambda to: mp4({"comment": json.dumps({"prompt": graph()})}, to, keyed=False), id="mp4 comment"),
])  # fmt: skip
def test_comfyui_in_other_files(content: Any, tmp_path: Path) -> None:
    assert said(content(tmp_path)) == COMFY


def test_comfyui_writes_nan() -> None:
    broken = graph().replace('"class_type": "SaveImage"', '"is_changed": [NaN], "class_type": "SaveImage"')

    assert said(png({"prompt": broken})) == COMFY


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def test_comfyui_with_custom_sampling() -> None:
    nodes = {
        "1": node("UNETLoader", unet_name="flux1-dev.safetensors"),
        "2": node("CLIPTextEncode", text=["3", 0], clip=["9", 0]),
        "3": node("StringConcatenate", string_a="a fox", string_b=["4", 0], delimiter=", "),
        "4": node("PrimitiveString", value="in snow"),
        "5": node("FluxGuidance", conditioning=["2", 0], guidance=3.5),
        "6": node("BasicGuider", conditioning=["5", 0], model=["1", 0]),
        "7": node("RandomNoise", noise_seed=42),
        "8": node("KSamplerSelect", sampler_name="heun"),
        "9": node("BasicScheduler", scheduler="simple", steps=28, model=["1", 0]),
        "10": node("SamplerCustomAdvanced", noise=["7", 0], guider=["6", 0], sampler=["8", 0], sigmas=["9", 0]),
        "11": node("VAEDecode", samples=["10", 0]),
        "12": node("SaveImage", images=["11", 0]),
    }
    assert said(png({"prompt": json.dumps(nodes)})) == {
        "tool": "comfyui",
        "prompt": "a fox\nin snow",
        "model": "flux1-dev",
        "seed": 42,
        "steps": 28,
        "sampler": "heun",
        "scheduler": "simple",
    }


def test_comfyui_passes_both_conditionings_through_one_node() -> None:
    nodes = json.loads(graph())
    nodes["3"]["inputs"] |= {"positive": ["20", 0], "negative": ["20", 1], "seed": ["21", 0]}
    nodes["20"] = node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0], control_net=["22", 0])
    nodes["21"] = node("Seed (rgthree)", seed=77)

    found = said(png({"prompt": json.dumps(nodes)}))

    assert (found["prompt"], found["negative_prompt"], found["seed"]) == ("a glass bottle", "watermark", 77)


def test_comfyui_takes_the_first_pass_of_two() -> None:
    nodes = json.loads(graph())
    nodes["30"] = node("KSampler", seed=2, steps=9, cfg=1, positive=["6", 0], negative=["7", 0], latent_image=["3", 0])
    nodes["8"]["inputs"]["samples"] = ["30", 0]

    assert said(png({"prompt": json.dumps(nodes)}))["steps"] == 20


def test_comfyui_with_a_drawn_workflow_alone() -> None:
    drawn = {
        "nodes": [
            {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["base_1.0.safetensors"]},
            {
                "id": 6,
                "type": "CLIPTextEncode",
                "widgets_values": ["a glass bottle"],
                "inputs": [{"name": "clip", "link": 3}],
            },
            {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["watermark"], "inputs": []},
            {
                "id": 3,
                "type": "KSampler",
                "widgets_values": [156680208700286, "randomize", 20, 8.0, "euler", "normal", 1],
                "inputs": [
                    {"name": "model", "link": 1},
                    {"name": "positive", "link": 4},
                    {"name": "negative", "link": 6},
                ],
            },
            {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "link": 9}]},
        ],
        "links": [[1, 4, 0, 3, 0, "MODEL"], [3, 4, 1, 6, 0, "CLIP"], [4, 6, 0, 3, 1, "C"], [6, 7, 0, 3, 2, "C"]],
    }
    drawn["links"].append([9, 3, 0, 9, 0, "IMAGE"])

    assert said(png({"workflow": json.dumps(drawn)})) == COMFY
