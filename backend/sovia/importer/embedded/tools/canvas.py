"""ComfyUI's drawn workflow turned into the form in which graphs are run, as far as a description needs it."""

from typing import Any

MOST_NODES = 5000
MOST_WIDGETS = 200
# Older files do not name the values of a node; these are the names of the usual ones, in their order.
VALUES = {
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"),
    "SamplerCustom": ("add_noise", "noise_seed", "", "cfg"),
    "RandomNoise": ("noise_seed", ""),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "FluxGuidance": ("guidance",),
    "CFGGuider": ("cfg",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "PrimitiveNode": ("value",),
    "PrimitiveStringMultiline": ("value",),
    "EmptyLatentImage": ("width", "height"),
}
SEEDS = ("seed", "noise_seed")
# Behind a seed stands what becomes of it after each run; that is no input.
AFTERWARDS = ("fixed", "increment", "decrement", "randomize")
MUTED = (2, 4)


def as_run(drawn: dict[str, Any]) -> dict[str, Any]:
    """The nodes of a drawn workflow by id, with their links and named values as inputs; muted ones are left out."""
    sources = _sources(drawn.get("links"))
    found: dict[str, Any] = {}
    for node in drawn["nodes"][:MOST_NODES]:
        if isinstance(node, dict) and node.get("mode") not in MUTED and isinstance(node.get("id"), int | str):
            kind = str(node.get("type", ""))
            found[str(node["id"])] = {"class_type": kind, "inputs": {**_values(node, kind), **_links(node, sources)}}
    return found


def _sources(links: object) -> dict[Any, list[Any]]:
    """Where each link comes from: `[node, output]`."""
    found: dict[Any, list[Any]] = {}
    for link in links if isinstance(links, list) else ():
        if isinstance(link, list) and len(link) >= 5 and isinstance(link[0], int | str):
            found[link[0]] = [link[1], link[2]]
        elif isinstance(link, dict) and isinstance(link.get("id"), int | str):
            found[link["id"]] = [link.get("origin_id"), link.get("origin_slot")]
    return found


def _inputs(node: dict[str, Any]) -> list[dict[str, Any]]:
    inputs = node.get("inputs")
    several = inputs[:MOST_WIDGETS] if isinstance(inputs, list) else []
    return [one for one in several if isinstance(one, dict) and isinstance(one.get("name"), str)]


def _links(node: dict[str, Any], sources: dict[Any, list[Any]]) -> dict[str, Any]:
    return {
        one["name"]: sources[one["link"]]
        for one in _inputs(node)
        if isinstance(one.get("link"), int | str) and one["link"] in sources
    }


def _values(node: dict[str, Any], kind: str) -> dict[str, Any]:
    values = node.get("widgets_values")
    if isinstance(values, dict):
        return {name: value for name, value in list(values.items())[:MOST_WIDGETS] if _is_plain(value)}
    if not isinstance(values, list):
        return {}
    if kind in VALUES:
        named = zip(VALUES[kind], values, strict=False)
        return {name: value for name, value in named if name and _is_plain(value)}
    return _by_widgets([one["name"] for one in _inputs(node) if one.get("widget")], values)


def _by_widgets(names: list[str], values: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    left = iter(values[:MOST_WIDGETS])
    for name in names:
        value = next(left, None)
        if found and isinstance(value, str) and value in AFTERWARDS and list(found)[-1] in SEEDS:
            value = next(left, None)
        if _is_plain(value):
            found[name] = value
    return found


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)
