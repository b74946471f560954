"""ComfyUI: the graph of nodes that made the picture, followed from the sampler to its prompts, model and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sovia.importer.embedded.generation import Generation, json_of, model_of, name_of, number_of, seed_of, whole_of
from sovia.importer.embedded.tools import canvas

COMMENTS = ("exif:UserComment", "comment", "Comment", "description", "exif:ImageDescription", "parameters")
MOST_NODES = 5000
# Nodes and links looked at for one question; a graph may be made to be walked for ever.
MOST_STEPS = 4000
MOST_TEXTS = 64
SEEDS = ("seed", "noise_seed", "rand_seed")
MODELS = ("ckpt_name", "unet_name", "model_name", "base_ckpt_name", "gguf_name", "model_path", "checkpoint")
# Where a sampler's model may come from, as opposed to the model of an upscaler or of another sampler before it.
TO_MODELS = (
    "model",
    "unet",
    "guider",
    "sigmas",
    "pipe",
    "basic_pipe",
    "base_model",
    "model_high_noise",
    "models",
    "lora",
)
TO_SETTINGS = (
    "noise",
    "sampler",
    "sigmas",
    "guider",
    "seed",
    "noise_seed",
    "steps",
    "cfg",
    "sampler_name",
    "scheduler",
)
ENDS = ("save", "preview", "videocombine", "output")
WORDS = ("text", "prompt", "string", "wildcard", "t5xxl", "clip_l", "positive", "negative", "value", "caption")
NOT_WORDS = ("delimiter", "separator", "filename", "prefix", "_name", "path", "mode", "type", "weight_interpretation")
# Links that lead to pictures, weights and other samplers, never to words.
NOT_TO_WORDS = (
    *("clip", "vae", "model", "image", "images", "pixels", "samples", "latent", "latent_image", "control_net", "mask"),
    *("clip_vision", "clip_vision_output", "style_model", "init_image", "reference_image", "start_image", "end_image"),
)


@dataclass(slots=True)
class _Graph:
    """The nodes by their ids, each with its `class_type` and `inputs`; a link is `[id, number of the output]`."""

    nodes: dict[str, dict[str, Any]]

    def target(self, value: object) -> str | None:
        """The node that a link leads to."""
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int):
            found = str(value[0])
            return found if found in self.nodes else None
        return None

    def inputs(self, node_id: str) -> dict[str, Any]:
        return self.nodes[node_id]["inputs"]  # type: ignore[no-any-return]

    def kind(self, node_id: str) -> str:
        return str(self.nodes[node_id].get("class_type", "")).lower()

    def reached(self, starts: list[str], along: tuple[str, ...] | None = None) -> Iterator[str]:
        """Nodes by their distance from the first, along all links or the named ones; each once."""
        seen, waiting = set(starts), list(starts)
        for node_id in waiting:
            yield node_id
            for name, value in self.inputs(node_id).items():
                following = self.target(value)
                if following and following not in seen and (along is None or name in along):
                    seen.add(following)
                    waiting.append(following)
            if len(waiting) > MOST_STEPS:
                return


def recognise(texts: dict[str, str]) -> Generation | None:
    """What the graph says, wherever it is kept; the graph as it was run counts more than the one on the canvas."""
    run, drawn = _graphs(texts)
    found = _from_run(run) if run else None
    if (found is None or not found.prompt) and drawn:
        other = _from_run(canvas.as_run(drawn))
        if found is not None and other is not None:
            found.fill(other)
        found = found or other
    return found


def _graphs(texts: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    run, drawn = _object(texts.get("prompt", "")), _object(texts.get("workflow", ""))
    for name in COMMENTS:
        text = texts.get(name, "")
        if _is_run(run) or ("prompt" not in text and "workflow" not in text):
            continue
        around = _object(text)
        run, drawn = _object(around.get("prompt")), drawn or _object(around.get("workflow"))
    return (run if _is_run(run) else {}), (drawn if isinstance(drawn.get("nodes"), list) else {})


def _object(value: object) -> dict[str, Any]:
    found = json_of(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}


def _is_run(value: dict[str, Any]) -> bool:
    return any(isinstance(node, dict) and "class_type" in node for node in list(value.values())[:20])


def _from_run(run: dict[str, Any]) -> Generation | None:
    nodes = {
        str(node_id): node
        for node_id, node in list(run.items())[:MOST_NODES]
        if isinstance(node, dict) and isinstance(node.get("inputs"), dict)
    }
    graph = _Graph(nodes)
    found = Generation("comfyui")
    sampler = _sampler(graph)
    if sampler is None:
        found.prompt = _longest_words(graph)
        found.model = _model(graph, list(nodes)[:1])
        return found if nodes else None
    _prompts(graph, sampler, found)
    _settings(graph, sampler, found)
    return found


def _sampler(graph: _Graph) -> str | None:
    """The first sampler of the chain that ends in the saved picture: later ones only refine it."""
    ends = [node_id for node_id in graph.nodes if any(word in graph.kind(node_id) for word in ENDS)]
    candidates = [node_id for node_id in graph.reached(ends) if _samples(graph, node_id)]
    if not candidates:
        candidates = [node_id for node_id in graph.nodes if _samples(graph, node_id)][:1]
    return candidates[-1] if candidates else None


def _samples(graph: _Graph, node_id: str) -> bool:
    inputs, kind = graph.inputs(node_id), graph.kind(node_id)
    random = any(name in inputs for name in (*SEEDS, "noise"))
    worded = any(name in inputs for name in ("positive", "guider", "prompt", "text", "positive_prompt"))
    return random and worded and ("sampl" in kind or "positive" in inputs or "guider" in inputs or "prompt" in inputs)


def _prompts(graph: _Graph, sampler: str, found: Generation) -> None:
    inputs = graph.inputs(sampler)
    guider = graph.target(inputs.get("guider"))
    around = graph.inputs(guider) if guider else inputs
    positive = next(
        (around[name] for name in ("positive", "conditioning", "cond1", "positive_prompt") if name in around), None
    )
    if positive is None:
        positive = around.get("prompt", around.get("text"))
    negative = next((around[name] for name in ("negative", "negative_prompt") if name in around), None)
    found.prompt = "\n".join(_words(graph, positive))
    found.negative_prompt = "\n".join(_words(graph, negative))
    if found.negative_prompt == found.prompt:
        # One text encoder for both, or its zeroed copy: nothing was left out on purpose.
        found.negative_prompt = ""


def _words(graph: _Graph, start: object) -> list[str]:
    """The texts that a conditioning or a text is made of, in the order of the links, each once."""
    found: dict[str, None] = {}
    waiting: list[tuple[object, str]] = [(start, "text")]
    seen: set[tuple[str, str]] = set()
    steps = 0
    while waiting and steps < MOST_STEPS and len(found) < MOST_TEXTS:
        steps += 1
        value, name = waiting.pop()
        if isinstance(value, str):
            if value.strip():
                found.setdefault(value.strip())
            continue
        node_id = graph.target(value)
        if node_id is None or (node_id, name) in seen:
            continue
        seen.add((node_id, name))
        waiting += reversed(_leading_on(graph, node_id, value[1] if isinstance(value, list) else 0))
    return list(found)


def _leading_on(graph: _Graph, node_id: str, output: object) -> list[tuple[object, str]]:
    """The inputs of a node that may hold words or lead to them."""
    inputs = graph.inputs(node_id)
    if "zeroout" in graph.kind(node_id):
        return []
    if "positive" in inputs and "negative" in inputs:
        # A node that passes both on, such as a control net, has them in this order at its outputs.
        name = "negative" if output == 1 else "positive"
        return [(inputs[name], name)]
    found: list[tuple[object, str]] = []
    for name, value in inputs.items():
        plain = name.lower()
        if isinstance(value, str):
            if any(word in plain for word in WORDS) and not any(word in plain for word in NOT_WORDS):
                found.append((value, name))
        elif isinstance(value, list) and plain not in NOT_TO_WORDS:
            found.append((value, name))
    return found


def _settings(graph: _Graph, sampler: str, found: Generation) -> None:
    found.seed = seed_of(_scalar(graph, sampler, (*SEEDS, "value", "int")))
    found.steps = whole_of(_scalar(graph, sampler, ("steps",)))
    found.cfg = number_of(_scalar(graph, sampler, ("cfg", "guidance_scale", "guidance")))
    found.sampler = name_of(_scalar(graph, sampler, ("sampler_name", "sampler")))
    found.scheduler = name_of(_scalar(graph, sampler, ("scheduler",)))
    found.model = _model(graph, [sampler])


def _scalar(graph: _Graph, start: str, names: tuple[str, ...]) -> object:
    """The nearest value of one of these names; `value` of a node counts when a link of another name led there."""
    for node_id in graph.reached([start], TO_SETTINGS):
        inputs = graph.inputs(node_id)
        for name in names:
            value = inputs.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                return value
    return None


def _model(graph: _Graph, starts: list[str]) -> str | None:
    for node_id in graph.reached(starts, TO_MODELS):
        name = _named_model(graph.inputs(node_id), MODELS)
        if name:
            return name
    for node_id in graph.nodes:
        name = _named_model(graph.inputs(node_id), ("ckpt_name", "unet_name"))
        if name:
            return name
    return None


def _named_model(inputs: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((model_of(inputs[name]) for name in names if isinstance(inputs.get(name), str)), None)


def _longest_words(graph: _Graph) -> str:
    texts = [
        value
        for node_id in graph.nodes
        if "encode" in graph.kind(node_id) or "prompt" in graph.kind(node_id)
        for name, value in graph.inputs(node_id).items()
        if isinstance(value, str) and name in ("text", "prompt", "text_g", "clip_l", "t5xxl", "positive")
    ]
    return max(texts, key=len, default="").strip()
