"""Which tool made a file, told by its texts: the surest signs first, a plain description last."""

from collections.abc import Callable

from sovia.importer.embedded.generation import Generation
from sovia.importer.embedded.tools import a1111, comfyui, described, flat, novelai

Recognise = Callable[[dict[str, str]], Generation | None]
# Texts that prove one tool come before those that several tools use.
TOOLS: tuple[Recognise, ...] = (
    flat.swarm,
    flat.fooocus,
    flat.invoke,
    novelai.recognise,
    a1111.recognise,
    comfyui.recognise,
    described.midjourney,
    flat.others,
    described.described,
)
# `parameters` without settings is a prompt in its own right, but a graph beside it knows more.
ENOUGH = ("prompt", "seed", "model", "steps")


def recognised(texts: dict[str, str]) -> Generation | None:
    """How the picture was made, from the first tool that knows its texts; what it leaves open, the others fill."""
    found: Generation | None = None
    for recognise in TOOLS:
        said = recognise(texts) if texts else None
        if said is None:
            continue
        if found is None:
            found = said
        else:
            found.fill(said)
        if all(getattr(found, name) for name in ENOUGH):
            break
    if found is not None:
        found.made_storable()
    return found
