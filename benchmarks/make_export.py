#!/usr/bin/env python3
"""Generator of Grok-shaped exports (any size, constant memory) and of pictures, for benchmarks.

    make_export.py posts --parents 100000 --children 8.1 --out posts.json [--format ndjson]
    make_export.py posts ... --media HOME --media-ratio 0.01      writes tiny files for one post in a hundred
    make_export.py posts ... --generator OTHER.py                 another generator with these arguments does the work
    make_export.py pictures --count 500 --out DIR [--small]

The same arguments give the same bytes. Shape as measured on real
exports: children per parent 1 / 5 / 19 / 50 at the 10th / 50th / 90th / 99th percentile; child prompts of 3 to 10,489
characters with a median of 200, 9 % empty, half of them used more than once; 88 % of children in mode custom.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from media import Stamps, write_pictures
from shapes import (
    ADDRESSES,
    CHILD_LENGTHS,
    CHILD_MODELS,
    CHILDREN,
    MODES,
    PARENT_LENGTHS,
    PARENT_MODELS,
)
from texts import Clock, Texts, identity

BLOCK = 1000
START = 1_754_006_400_000_000
ASSETS = "https://assets.grok.com/users"
PUBLIC = "https://imagine-public.x.ai/imagine-public"
SMALL = "https://imagine-public.x.ai/cdn-cgi/image/width=500,fit=scale-down,format=auto/imagine-public"
OWN_PROMPTS = 1 << 40


@dataclass(frozen=True)
class Parent:
    """What of a parent its record and its children need."""

    id: str
    owner: str
    micros: int


class Export:
    """Records as JSON text, one parent with its children at a time; nothing grows with their number."""

    def __init__(self, seed: int, parents: int, children: float, days: float) -> None:
        self.seed, self.parents = seed, parents
        self.apart = days * 86400e6 / max(1, parents)
        self.scale = children / CHILDREN.mean()
        self.expected = children
        self.texts, self.clock = Texts(seed), Clock()
        rng = random.Random(f"{seed}/owners")
        self.owners = [identity(rng) for _ in range(5)]
        self.children = 0

    def records(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """For each parent its JSON and the (address, type) of its and its children's files."""
        for number in range(self.parents):
            if number % BLOCK == 0:
                rng = random.Random(f"{self.seed}/block/{number // BLOCK}")
            yield self._parent(rng, number)

    def _parent(self, rng: random.Random, number: int) -> tuple[str, list[tuple[str, str]]]:
        owner = self.owners[0] if rng.random() < 0.975 else rng.choice(self.owners)
        micros = START + int((number + rng.random()) * self.apart)
        parent = Parent(identity(rng), owner, micros)
        model = PARENT_MODELS.roll(rng)
        url, mime, kind = _address(rng, parent, model)
        prompt = self.texts.text(OWN_PROMPTS + number, PARENT_LENGTHS) if rng.random() < 0.5 else ""
        wanted = CHILDREN.at(rng.random()) * self.scale
        kids = int(wanted) + (rng.random() < wanted - int(wanted))
        self.children += kids
        files = [(url, mime)]
        own = [self._child(rng, parent, number, index, files) for index in range(kids)]
        likes = ',"userInteractionStatus":{"likeStatus":' + ("true" if rng.random() < 0.9 else "false") + "}"
        more = f',"modelName":"{model}"' if model else ""
        if url.startswith(PUBLIC) and mime != "video/mp4":
            small = url.replace(PUBLIC, SMALL)
            more += f',"thumbnailImageUrl":"{small}"'
        return (
            f'{{"id":"{parent.id}","userId":"{owner}","createTime":"{self.clock.text(micros)}","prompt":"{prompt}",'
            f'"mediaType":"MEDIA_POST_TYPE_{kind}","mediaUrl":"{url}","mimeType":"{mime}","audioUrls":[],'
            f'"childPosts":[{",".join(reversed(own))}],"originalPrompt":""{likes}{more}}}'
        ), files

    def _child(self, rng: random.Random, parent: Parent, number: int, index: int, files: list[tuple[str, str]]) -> str:
        own = identity(rng)
        micros = parent.micros + int(index * 90e6 + rng.random() ** 4 * 400e6)
        mode = MODES.roll(rng)
        model = "imagine_w_speech_1" if mode == "speech" else CHILD_MODELS.roll(rng)
        text, draw = "", rng.random()
        if draw > 0.09:
            fresh = int(number * self.expected) + index
            known = fresh if rng.random() < 0.8 else int((fresh + 1) * rng.random() ** 3)
            text = self.texts.text(known, CHILD_LENGTHS)
        machine = text if mode == "normal" or draw > 0.985 else ""
        typed = "" if mode == "normal" and draw < 0.9 else text
        url = f"{ASSETS}/{parent.owner}/generated/{own}/generated_video.mp4"
        files.append((url, "video/mp4"))
        sound = f'"{ASSETS}/{parent.owner}/generated/{identity(rng)}/generated_audio.flac"' if mode == "speech" else ""
        return (
            f'{{"id":"{own}","userId":"{parent.owner}","createTime":"{self.clock.text(micros)}","prompt":"{machine}",'
            f'"mediaType":"MEDIA_POST_TYPE_VIDEO","mediaUrl":"{url}","mimeType":"video/mp4","originalPostId":"{parent.id}",'
            f'"audioUrls":[{sound}],"childPosts":[],"originalPrompt":"{typed}","mode":"{mode}","modelName":"{model}"}}'
        )


def _address(rng: random.Random, parent: Parent, model: str) -> tuple[str, str, str]:
    if model == "imagine_w_1":
        return f"{PUBLIC}/share-videos/{parent.id}.mp4", "video/mp4", "VIDEO"
    family = ADDRESSES.roll(rng)
    if family == "content":
        mime = "image/png" if rng.random() < 0.2 else "image/jpeg"
        return f"{ASSETS}/{parent.owner}/{parent.id}/content", mime, "IMAGE"
    if family == "generated":
        return f"{ASSETS}/{parent.owner}/generated/{parent.id}/image.jpg", "image/jpeg", "IMAGE"
    folder, ending = ("images" if family.startswith("public") else "share-images"), family[-3:]
    return f"{PUBLIC}/{folder}/{parent.id}.{ending}", "image/png" if ending == "png" else "image/jpeg", "IMAGE"


def write_posts(wanted: argparse.Namespace) -> dict[str, object]:
    """Stream an export to a file; says how many posts and bytes it holds."""
    export = Export(wanted.seed, wanted.parents, wanted.children, wanted.days)
    stamps = Stamps(wanted.media) if wanted.media else None
    chance = random.Random(f"{wanted.seed}/media")
    digest, size = hashlib.sha256(), 0
    lines = wanted.format == "ndjson"
    with Path(wanted.out).open("wb", buffering=1 << 20) as out:
        for number, (record, files) in enumerate(export.records()):
            opening = b"" if lines else b"[" if number == 0 else b",\n"
            data = opening + record.encode() + (b"\n" if lines else b"")
            digest.update(data)
            size += out.write(data)
            if stamps is not None:
                for url, mime in files:
                    if chance.random() < wanted.media_ratio:
                        stamps.write(url, mime)
        if not lines:
            ending = b"]" if wanted.parents else b"[]"
            digest.update(ending)
            size += out.write(ending)
    return {"parents": wanted.parents, "children": export.children, "bytes": size, "sha256": digest.hexdigest()}


def _arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    posts = kinds.add_parser("posts", help="an export")
    posts.add_argument("--parents", type=int, default=10_000)
    posts.add_argument("--children", type=float, default=8.1, help="mean number of children of a parent")
    posts.add_argument("--days", type=float, default=460, help="the time over which the parents are spread")
    posts.add_argument("--format", choices=("json", "ndjson"), default="json")
    posts.add_argument("--media", type=Path, help="write files of posts below this home")
    posts.add_argument("--media-ratio", type=float, default=1.0, help="the share of posts that get their file")
    posts.add_argument("--generator", type=Path, help="a script with the same arguments that is run instead")
    pictures = kinds.add_parser("pictures", help="picture files")
    pictures.add_argument("--count", type=int, default=500)
    pictures.add_argument("--small", action="store_true", help="96 x 128 pixels")
    for one in (posts, pictures):
        one.add_argument("--seed", type=int, default=1)
        one.add_argument("--out", type=Path, required=True)
    return parser.parse_args(), sys.argv[1:]


def main() -> int:
    """Do what the command line says and print a line of JSON about it."""
    wanted, words = _arguments()
    if wanted.kind == "pictures":
        size = write_pictures(wanted.out, wanted.count, seed=wanted.seed, small=wanted.small)
        print(json.dumps({"pictures": wanted.count, "bytes": size}))
        return 0
    if wanted.generator is not None:
        place = words.index("--generator")
        return subprocess.run(
            [sys.executable, wanted.generator, *words[:place], *words[place + 2 :]], check=False
        ).returncode
    print(json.dumps(write_posts(wanted)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
