"""Small exports and tiny media for tests: quick, deterministic, and broken in every way that is asked for."""

import io
import random
import struct
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
from hostile import hostile_documents, hostile_records, hostile_values
from PIL import Image, ImageDraw

__all__ = [
    "bomb_png", "broken_files", "hostile_documents", "hostile_records", "hostile_values", "place_of", "sample_export",
    "tiny_clip", "tiny_picture", "tiny_sound", "walk", "write_library", "write_media",
]  # fmt: skip

Record = dict[str, Any]

ASSETS = "https://assets.grok.com/users"
PUBLIC = "https://imagine-public.x.ai/imagine-public"
SUBJECTS = (
    "a red fox asleep in tall grass",
    "lighthouse above a storm",
    "an old clockmaker at work",
    "paper boats on a canal",
    "glass city at dawn",
    "a whale made of constellations",
    "kitchen table with peaches",
    "snow falling on a bamboo grove",
    "مدينة قديمة عند الغروب",
    "قارب صغير في بحر هادئ",
    "一只橘猫在窗台上晒太阳",
    "竹林中的小屋，晨雾",
    "雨の夜の路地とネオン",
)
STYLES = ("watercolour", "35mm film", "oil on canvas", "soft light", "wide angle", "low key", "pastel colours", "macro")
MOVES = (
    "slow push in",
    "camera circles once",
    "leaves drift past",
    "she turns and smiles",
    "اقتراب بطيء",
    "镜头缓缓推进",
)
SHAPES = ((96, 144), (144, 96), (120, 120), (90, 160), (200, 112), (64, 200))
START = datetime(2025, 9, 8, 7, 30, tzinfo=UTC)


def place_of(url: str) -> str:
    """Where the file of an address lies below the library's home."""
    parts = urlsplit(url)
    return f"{parts.scheme}_/{parts.netloc}{parts.path}"


def sample_export(posts: int = 20, children: int = 3, seed: int = 1, *, owner: str | None = None) -> list[Record]:
    """An export of so many root posts; the mean number of children is `children`, the first root has that many."""
    rng = random.Random(f"{seed}/export")
    owner = owner or _id(rng)
    return [
        _root(rng, number, owner, children if number == 0 else rng.randint(0, 2 * children)) for number in range(posts)
    ]


def walk(records: list[Record]) -> Iterator[Record]:
    """All posts, children after their parent."""
    for record in records:
        yield record
        yield from walk(record.get("childPosts") or [])


def write_library(home: Path, *, posts: int = 12, children: int = 1, seed: int = 1, clips: bool = True) -> list[Record]:
    """Write the media of a sample export at their places below `home`; returns the export."""
    records = sample_export(posts, children, seed)
    for record in walk(records):
        if record["mimeType"] == "video/mp4" and not clips:
            continue
        write_media(home, record)
    return records


def write_media(home: Path, record: Record) -> Path:
    """Write the file (and the sounds) of one record; returns the path of its main file."""
    path = home / place_of(record["mediaUrl"])
    path.parent.mkdir(parents=True, exist_ok=True)
    key = str(record["id"])
    if record["mimeType"] == "video/mp4":
        path.write_bytes(tiny_clip(key, sound=bool(record["audioUrls"])))
    else:
        path.write_bytes(tiny_picture(key, {"image/png": "PNG", "image/webp": "WEBP"}.get(record["mimeType"], "JPEG")))
    for url in record["audioUrls"]:
        sound = home / place_of(url)
        sound.parent.mkdir(parents=True, exist_ok=True)
        sound.write_bytes(tiny_sound(key))
    return path


def tiny_picture(key: str, kind: str = "JPEG", size: tuple[int, int] | None = None) -> bytes:
    """A picture of 64 to 200 pixels a side; equal keys give equal bytes, other keys other pictures."""
    rng = random.Random(f"{key}/picture")
    width, height = size or rng.choice(SHAPES)
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    tint = Image.new("RGB", (width, height), (rng.randrange(256), rng.randrange(256), rng.randrange(256)))
    image = Image.blend(image, tint, 0.6)
    pen = ImageDraw.Draw(image)
    for _ in range(5):
        x, y, reach = rng.randrange(width), rng.randrange(height), rng.randrange(5, 40)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)
    data = io.BytesIO()
    image.save(data, kind)
    return data.getvalue()


def tiny_clip(key: str, *, seconds: float = 0.5, size: tuple[int, int] = (96, 64), sound: bool = False) -> bytes:
    """Half a second of H.264 in MP4, 24 frames a second, with a tone when asked."""
    rng = random.Random(f"{key}/clip")
    colour = np.array([rng.randrange(256) for _ in range(3)], np.uint8)
    data = io.BytesIO()
    with av.open(data, "w", format="mp4", options={"fflags": "+bitexact"}) as box:
        video = box.add_stream("libx264", rate=24, options={"preset": "ultrafast", "threads": "1"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio = box.add_stream("aac", rate=22_050, layout="mono") if sound else None
        for number in range(int(seconds * 24)):
            pixels = np.broadcast_to(colour, (size[1], size[0], 3)).copy()
            pixels[:, : 4 * number + 4] = 255 - colour
            box.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        box.mux(video.encode(None))
        if audio is not None:
            part = av.AudioFrame.from_ndarray(_tone(rng, seconds)[None, :].astype(np.float32), "fltp", "mono")
            part.sample_rate = 22_050
            box.mux(audio.encode(part))
            box.mux(audio.encode(None))
    return data.getvalue()


def tiny_sound(key: str, *, seconds: float = 0.5) -> bytes:
    """A short tone as FLAC."""
    data = io.BytesIO()
    with av.open(data, "w", format="flac") as box:
        stream = box.add_stream("flac", rate=22_050, layout="mono")
        tone = (_tone(random.Random(f"{key}/sound"), seconds) * 20_000).astype(np.int16)
        part = av.AudioFrame.from_ndarray(tone[None, :], "s16", "mono")
        part.sample_rate = 22_050
        box.mux(stream.encode(part))
        box.mux(stream.encode(None))
    return data.getvalue()


def broken_files() -> dict[str, bytes]:
    """Bytes that are not what their name says, by what is wrong with them."""
    clip, picture = tiny_clip("broken"), tiny_picture("broken", "JPEG", (200, 200))
    return {
        "empty": b"",
        "html_as_mp4": b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>",
        "truncated_mp4": clip[: len(clip) // 2],
        "truncated_jpeg": picture[: len(picture) * 2 // 3],
        "access_denied_xml": b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'
        b"<Message>Access Denied</Message></Error>",
        "svg_as_png": b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "run"</script></svg>',
        "bomb_png": bomb_png(),
        "zeros": bytes(4096),
        "text": b"not a picture at all\n" * 20,
    }


def bomb_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes whose header promises more pixels than any machine has memory for."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _tone(rng: random.Random, seconds: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    time = np.arange(int(seconds * 22_050)) / 22_050
    return 0.4 * np.asarray(np.sin(2 * np.pi * rng.choice((220, 277, 330, 440)) * time))


def _id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def _root(rng: random.Random, number: int, owner: str, children: int) -> Record:
    identity, family = _id(rng), number % 5
    url, mime = (
        (f"{ASSETS}/{owner}/{identity}/content", "image/jpeg"),
        (f"{PUBLIC}/share-images/{identity}.png", "image/png"),
        (f"{ASSETS}/{owner}/generated/{identity}/image.jpg", "image/jpeg"),
        (f"{ASSETS}/{owner}/{identity}/content", "image/webp" if number % 2 else "image/png"),
        (f"{PUBLIC}/images/{identity}.jpg", "image/jpg"),
    )[family]
    moment = START + timedelta(hours=7 * number, seconds=rng.randrange(3600))
    prompt = f"{rng.choice(SUBJECTS)}, {rng.choice(STYLES)}, {rng.choice(STYLES)}" if rng.random() < 0.8 else ""
    record: Record = {
        "id": identity, "userId": owner, "createTime": _time(moment), "prompt": prompt, "originalPrompt": "",
        "mediaType": "MEDIA_POST_TYPE_IMAGE", "mediaUrl": url, "mimeType": mime, "audioUrls": [],
        "childPosts": [_child(rng, identity, owner, moment, index) for index in range(children)],
        "userInteractionStatus": {"likeStatus": rng.random() < 0.9},
    }  # fmt: skip
    if number % 9 != 8:
        record["modelName"] = rng.choice(("imagine_h_1", "imagine_h_1", "imagine_x_1"))
    return record


def _child(rng: random.Random, parent: str, owner: str, moment: datetime, index: int) -> Record:
    identity, speech = _id(rng), rng.random() < 0.05
    mode = "speech" if speech else rng.choice(("custom", "custom", "custom", "normal", "extremely-crazy"))
    words = f"{rng.choice(MOVES)}, {rng.choice(STYLES)}"
    return {
        "id": identity,
        "userId": owner,
        "createTime": _time(moment + timedelta(minutes=3 * index + 1)),
        "prompt": f"The video shows the scene coming alive: {words}." if mode == "normal" else "",
        "originalPrompt": words if mode == "custom" else "",
        "mediaType": "MEDIA_POST_TYPE_VIDEO",
        "mimeType": "video/mp4",
        "mode": mode,
        "mediaUrl": f"{ASSETS}/{owner}/generated/{identity}/generated_video.mp4",
        "originalPostId": parent,
        "audioUrls": [f"{ASSETS}/{owner}/generated/{_id(rng)}/generated_audio.flac"] if speech else [],
        "childPosts": [],
        "modelName": "imagine_w_speech_1" if speech else rng.choice(("imagine_w_1", "imagine_xdit_1")),
    }
