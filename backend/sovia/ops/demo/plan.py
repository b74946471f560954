"""What the demo library will hold: every picture and clip decided before the first pixel is painted."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from sovia.ops.demo.noise import Random
from sovia.ops.demo.scenes import SCENES, Scene
from sovia.ops.demo.words import Prompts, motion_prompts

FIRST_DAY = datetime(2025, 9, 8, tzinfo=UTC)
DAYS = 428
ASSETS = "https://assets.grok.com/users/{owner}/{id}/content"
GENERATED = "https://assets.grok.com/users/{owner}/generated/{id}/image.jpg"
SHARED = "https://imagine-public.x.ai/imagine-public/share-images/{id}.{ext}"
PUBLIC = "https://imagine-public.x.ai/imagine-public/images/{id}.{ext}"
VIDEO = "https://assets.grok.com/users/{owner}/generated/{id}/generated_video.mp4"
SHARED_VIDEO = "https://imagine-public.x.ai/imagine-public/share-videos/{id}.mp4"
SCENIC = frozenset(
    [
        "nebula",
        "spheres",
        "aurora",
        "tree",
        "lanterns",
        "ranges",
        "planet",
        "liquid",
        "kaleidoscope",
        "dunes",
        "julia",
        "paper_sea",
        "fern",
    ]
)
STACKS = (8, 6, 5, 5, 4, 4, 3, 3, 3)


@dataclass(frozen=True)
class Clip:
    """A clip made from a picture (or from another clip: an extension)."""

    id: str
    parent_id: str
    owner: str
    url: str
    prompt: str
    original_prompt: str
    created_at: datetime
    model: str
    mode: str
    motion: str
    overlay: str
    seconds: float
    sound: bool
    missing: bool
    seed: int
    extension: "Clip | None" = None


@dataclass(frozen=True)
class Picture:
    """A picture with everything made from it; `edits` are pictures too, the same scene in other colours."""

    id: str
    owner: str
    url: str
    scene: str
    palette: str
    seed: int
    width: int
    height: int
    png: bool
    prompt: str
    created_at: datetime
    model: str | None
    liked: bool | None
    missing: bool
    clips: tuple[Clip, ...] = ()
    edits: tuple["Picture", ...] = ()
    shared_clip: Clip | None = None


def make_plan(pictures: int, clips: int, seed: int) -> list[Picture]:
    """Root pictures with their clips, in the order of an export (about newest first)."""
    rng = np.random.default_rng([seed, 1])
    edits = pictures // 50
    roots = _roots(rng, pictures - edits)
    for index in range(edits):
        place = (index * 37 + 11) % len(roots)
        roots[place] = _with_edit(rng, roots[place])
    counts = _counts(len(roots), clips)
    spread = dict(zip(_homes(rng, roots), counts, strict=False))
    roots = [_with_clips(rng, root, spread.get(index, 0), index) for index, root in enumerate(roots)]
    jitter = rng.normal(0, 6, len(roots))
    order = sorted(
        range(len(roots)), key=lambda i: roots[i].created_at + timedelta(hours=float(jitter[i])), reverse=True
    )
    return [roots[index] for index in order]


def _counts(roots: int, clips: int) -> list[int]:
    counts: list[int] = []
    for size in STACKS:
        if sum(counts) + size <= clips * 0.72 and len(counts) < roots:
            counts.append(size)
    rest = clips - sum(counts)
    while rest > 0 and len(counts) < roots:
        counts.append(min(rest, 1))
        rest -= counts[-1]
    if rest > 0:
        counts[0] += rest
    return counts


def _homes(rng: Random, roots: list[Picture]) -> list[int]:
    """Roots in the order in which they get clips: every kind of scene once, the most scenic first, then the rest."""
    order = [int(index) for index in rng.permutation(len(roots))]
    seen: set[str] = set()
    first: list[int] = []
    rest: list[int] = []
    for index in order:
        (rest if roots[index].scene in seen or roots[index].missing else first).append(index)
        seen.add(roots[index].scene)
    return sorted(first, key=lambda index: roots[index].scene not in SCENIC) + rest


def _id(rng: Random) -> str:
    return str(uuid.UUID(bytes=rng.bytes(16), version=4))


def _moments(rng: Random, count: int) -> list[datetime]:
    """Evenings on which many were made, and single ones in between."""
    bursts = np.sort(rng.uniform(0, DAYS, max(3, count // 7)))
    moments = []
    for _ in range(count):
        if rng.random() < 0.74:
            day, hour = float(np.floor(rng.choice(bursts))), 18.5 + float(rng.exponential(1.4))
        else:
            day, hour = float(np.floor(rng.uniform(0, DAYS))), float(rng.uniform(6, 23))
        moments.append(FIRST_DAY + timedelta(days=day, hours=hour, microseconds=int(rng.integers(0, 999_999))))
    return moments


def _roots(rng: Random, count: int) -> list[Picture]:
    prompts = Prompts(rng)
    owner, stranger = _id(rng), _id(rng)
    names: list[str] = []
    while len(names) < count:
        names += [list(SCENES)[index] for index in rng.permutation(len(SCENES))]
    used: dict[str, int] = {}
    found = []
    for number, moment in enumerate(_moments(rng, count)):
        scene = SCENES[names[number]]
        turn = used.setdefault(scene.name, int(rng.integers(0, 60)))
        used[scene.name] += 1
        width, height = scene.shapes[(turn * 5 + number) % len(scene.shapes)]
        palette = scene.palettes[turn % len(scene.palettes)]
        _, text = prompts.next(scene.name, palette)
        kind = rng.random()
        liked = True if kind < 0.86 else False if kind < 0.95 else None
        who = stranger if rng.random() < 0.05 else owner
        found.append(
            Picture(
                id=_id(rng),
                owner=who,
                url="",
                scene=scene.name,
                palette=palette,
                seed=int(rng.integers(2**31)),
                width=width,
                height=height,
                png=False,
                prompt=text,
                created_at=moment,
                model=str(rng.choice(["imagine_h_1", "imagine_x_1"], p=[0.7, 0.3])),
                liked=liked,
                missing=number % 53 == 31,
            )
        )
    return [_addressed(rng, picture, scene=SCENES[picture.scene]) for picture in found]


def _addressed(rng: Random, picture: Picture, *, scene: Scene) -> Picture:
    """The picture with an address of one of the families that exports have, and the file type that goes with it."""
    kind = float(rng.random())
    png = scene.flat and kind < 0.85
    ext = "png" if png else "jpg"
    if kind < 0.52:
        url = ASSETS.format(owner=picture.owner, id=picture.id)
    elif kind < 0.78 or (png and kind < 0.92):
        url = SHARED.format(id=picture.id, ext=ext)
    elif kind < 0.88:
        url = PUBLIC.format(id=picture.id, ext=ext)
    else:
        url, png = GENERATED.format(owner=picture.owner, id=picture.id), False
    return replace(picture, url=url, png=png)


def _with_edit(rng: Random, root: Picture) -> Picture:
    others = [name for name in SCENES[root.scene].palettes if name != root.palette]
    if not others:
        return root
    palette = str(rng.choice(others))
    edit = replace(
        root,
        id=_id(rng),
        palette=palette,
        png=False,
        prompt=f"the same picture in other colours: {palette}",
        missing=False,
        created_at=root.created_at + timedelta(minutes=float(rng.uniform(2, 40))),
        model="imagine_x_1",
    )
    return replace(root, edits=(replace(edit, url=GENERATED.format(owner=root.owner, id=edit.id)),))


def _with_clips(rng: Random, root: Picture, count: int, index: int) -> Picture:
    if not count:
        return root
    moment = root.created_at
    clips: list[Clip] = []
    for number in range(count):
        moment += timedelta(seconds=40 + float(rng.exponential(400)))
        clips.append(_clip(rng, root, moment, root.id, number))
    if count == 6 or (count >= 3 and index < 3):
        tail = _clip(rng, root, moment + timedelta(minutes=3), clips[-2].id, 9)
        clips[-2:] = [replace(clips[-2], extension=tail)]
    elif count == 1 and rng.random() < 0.1:
        lone = clips.pop()
        shared = replace(lone, url=SHARED_VIDEO.format(id=lone.id), model="imagine_w_1", missing=False)
        return replace(root, shared_clip=shared)
    return replace(root, clips=tuple(clips))


def _clip(rng: Random, root: Picture, moment: datetime, parent_id: str, number: int) -> Clip:
    scene, identity = SCENES[root.scene], _id(rng)
    mode = str(rng.choice(["custom", "normal", "extremely-crazy"], p=[0.76, 0.17, 0.07]))
    motion = scene.motions[number % len(scene.motions)]
    overlay = str(rng.choice(scene.overlays)) if motion != "evolve" else "none"
    prompt, original = motion_prompts(rng, motion, overlay, mode, root.prompt)
    return Clip(
        id=identity,
        parent_id=parent_id,
        owner=root.owner,
        url=VIDEO.format(owner=root.owner, id=identity),
        prompt=prompt,
        original_prompt=original,
        created_at=moment,
        model=str(rng.choice(["imagine_w_1", "imagine_xdit_1"])),
        mode=mode,
        motion=motion,
        overlay=overlay,
        seconds=float(rng.choice([3.0, 4.0, 5.0, 6.0], p=[0.4, 0.35, 0.15, 0.1])),
        sound=bool(rng.random() < 0.4),
        missing=bool(rng.random() < 0.03),
        seed=int(rng.integers(2**31)),
    )
