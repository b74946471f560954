"""The scenes the demo can paint: which code, which shapes and colours suit it, and how its clips move."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sovia.ops.demo.art import (
    attractors,
    botanic,
    city,
    cosmos,
    flow,
    fractals,
    glass,
    ink,
    land,
    marched,
    stone,
    tilings,
    turing,
    waves,
)
from sovia.ops.demo.canvas import grain, vignette
from sovia.ops.demo.colour import PALETTES, Array, Palette
from sovia.ops.demo.noise import Random

Paint = Callable[[Random, int, int, Palette], Array]

SQUARE, TALL, WIDE = ((1024, 1024),), ((832, 1248), (864, 1152), (720, 1280)), ((1248, 832), (1152, 864), (1280, 720))
ANY = SQUARE + TALL + WIDE
UPRIGHT = SQUARE + TALL
LYING = (*WIDE, (1456, 624))


@dataclass(frozen=True)
class Scene:
    """One kind of picture. `flat` ones have clean areas and are kept as PNG; `grain` is the film grain's strength."""

    name: str
    paint: Paint
    shapes: tuple[tuple[int, int], ...]
    palettes: tuple[str, ...]
    motions: tuple[str, ...]
    overlays: tuple[str, ...] = ("none",)
    flat: bool = False
    grain: float = 0.018
    vignette: float = 0.18


def _scene(
    name: str,
    paint: Paint,
    shapes: tuple[tuple[int, int], ...],
    palettes: str,
    motions: str,
    overlays: str = "none",
    *,
    flat: bool = False,
    grain: float = 0.018,
    vignette: float = 0.18,
) -> Scene:
    return Scene(
        name,
        paint,
        shapes,
        tuple(palettes.split()),
        tuple(motions.split()),
        tuple(overlays.split()),
        flat,
        grain,
        vignette,
    )


_ALL = (
    _scene("silk", flow.silk, ANY, "ember lagoon dusk jade gilded indigo sakura", "drift push breathe", "none dust"),
    _scene(
        "ribbons",
        flow.ribbons,
        ANY,
        "candy porcelain ink rosso meadow saffron",
        "pan orbit",
        flat=True,
        grain=0.008,
        vignette=0.04,
    ),
    _scene("whirl", flow.whirl, SQUARE + WIDE, "gilded ember lagoon neon", "orbit push", "none embers"),
    _scene(
        "clifford",
        attractors.clifford,
        SQUARE + TALL,
        "dusk gilded lagoon neon rosso jade",
        "orbit breathe",
        "none dust",
    ),
    _scene(
        "de_jong", attractors.de_jong, SQUARE + WIDE, "lagoon ember indigo copper aurora", "orbit push", "none dust"
    ),
    _scene(
        "penrose",
        tilings.penrose,
        ANY,
        "porcelain jade saffron dusk opal",
        "orbit pan",
        flat=True,
        grain=0.006,
        vignette=0.1,
    ),
    _scene("truchet", tilings.truchet, ANY, "copper rosso candy lagoon", "pan drift", flat=True, grain=0.01),
    _scene(
        "hyperbolic",
        tilings.hyperbolic,
        SQUARE + WIDE[:1],
        "jade porcelain gilded dusk rosso",
        "orbit breathe",
        flat=True,
        grain=0.008,
        vignette=0.08,
    ),
    _scene(
        "kaleidoscope",
        tilings.kaleidoscope,
        SQUARE + TALL[:1],
        "rosso opal lagoon gilded saffron sakura",
        "evolve orbit",
        grain=0.01,
    ),
    _scene("zellige", tilings.zellige, ANY, "porcelain jade saffron lagoon", "pan push", grain=0.012),
    _scene("window", glass.window, ANY, "dusk lagoon ember copper saffron sakura meadow", "push breathe", "none dust"),
    _scene("rose", glass.rose, SQUARE + TALL[1:2], "candy indigo ember jade", "orbit push", "dust none"),
    _scene("coral", turing.coral, ANY, "lagoon ember jade sakura", "evolve ripple"),
    _scene("spots", turing.spots, ANY, "saffron neon moss", "evolve breathe"),
    _scene("nebula", cosmos.nebula, ANY, "dusk copper aurora ember lagoon neon", "push drift", "none"),
    _scene("planet", cosmos.planet, ANY, "desert lagoon gilded glacier dusk moss", "push pan", "none"),
    _scene("galaxy", cosmos.galaxy, ANY, "indigo copper dusk gilded", "orbit push", "none"),
    _scene("marble", stone.marble, ANY, "glacier jade indigo rosso ink", "drift pan", grain=0.008, vignette=0.06),
    _scene("agate", stone.agate, ANY, "jade lagoon dusk saffron copper", "push breathe", grain=0.01),
    _scene("liquid", stone.liquid, ANY, "opal candy indigo rosso lagoon", "drift breathe", grain=0.008),
    _scene(
        "spheres",
        marched.spheres,
        ANY,
        "dusk lagoon copper saffron glacier sakura",
        "ripple push parallax",
        "none dust",
    ),
    _scene("drops", marched.drops, ANY, "opal neon candy jade", "breathe drift", grain=0.006, vignette=0.05),
    _scene(
        "ranges",
        land.ranges,
        TALL + WIDE,
        "sakura moss dusk copper glacier saffron porcelain",
        "parallax push",
        "none snow dust",
        grain=0.014,
    ),
    _scene("aurora", land.aurora, TALL[:1] + LYING, "aurora neon indigo lagoon jade", "ripple parallax", "none snow"),
    _scene("dunes", land.dunes, TALL[:2] + LYING, "desert saffron ember dusk", "parallax push", "dust none"),
    _scene(
        "ridges",
        waves.ridges,
        SQUARE + TALL,
        "neon gilded glacier ember porcelain",
        "breathe push",
        flat=True,
        grain=0.008,
    ),
    _scene("moire", waves.moire, ANY, "copper lagoon gilded indigo", "evolve ripple", grain=0.01),
    _scene(
        "paper_sea", waves.paper_sea, ANY, "lagoon dusk sakura porcelain", "parallax ripple", grain=0.008, vignette=0.06
    ),
    _scene(
        "tree",
        botanic.tree,
        ANY,
        "sakura saffron copper glacier dusk meadow",
        "push parallax",
        "petals fireflies snow",
        vignette=0.1,
    ),
    _scene(
        "blossom", botanic.blossom, SQUARE + TALL[:1], "dusk rosso neon lagoon saffron", "orbit breathe", "none dust"
    ),
    _scene("fern", botanic.fern, ANY, "jade copper lagoon aurora", "parallax drift", "fireflies dust"),
    _scene(
        "blocks", city.blocks, ANY, "dusk copper gilded indigo neon", "pan push", "none snow", flat=True, grain=0.008
    ),
    _scene("rain", city.rain, ANY, "neon copper ember dusk", "ripple pan"),
    _scene("lanterns", city.lanterns, TALL + WIDE, "gilded ember dusk copper", "ripple parallax", "embers none"),
    _scene(
        "wash",
        ink.wash,
        TALL + WIDE[:1] + ((624, 1456),),
        "ink",
        "parallax pan",
        "none snow",
        grain=0.008,
        vignette=0.06,
    ),
    _scene("ring", ink.ring, SQUARE, "ink", "breathe push", grain=0.008, vignette=0.06),
    _scene("bamboo", ink.bamboo, (*TALL, (624, 1456)), "ink", "parallax push", "none snow", grain=0.008, vignette=0.06),
    _scene("julia", fractals.julia, ANY, "lagoon ember neon gilded aurora glacier", "evolve orbit"),
)

SCENES: dict[str, Scene] = {scene.name: scene for scene in _ALL}


def painted(name: str, palette: str, seed: int, width: int, height: int) -> Array:
    """The finished picture (sRGB 0..1) of a scene; the same arguments give the same picture."""
    scene = SCENES[name]
    rng = np.random.default_rng(seed)
    image = scene.paint(rng, width, height, PALETTES[palette])
    image = vignette(np.clip(image, 0, 1).astype(np.float32), scene.vignette)
    result: Array = np.clip(grain(rng, image, scene.grain), 0, 1).astype(np.float32)
    return result
