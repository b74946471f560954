"""Makers of rows that tests need; everything not given is ordinary."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.arrivals import prompt_hash
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.library.service.wording import learn
from sovia.library.text import effective_prompt, searchable, words_in

NOON = datetime(2025, 9, 29, 12, tzinfo=UTC)
MODELS = ("imagine_h_1", "imagine_x_1", None)
MODES = ("custom", "normal", "extremely-crazy", None)
WORDS = ["lighthouse", "dusk", "red", "fox", "海", "灯台", "قطة", "café", "storm", "glass"]


async def make_post(session: AsyncSession, user_id: UUID, **given: Any) -> Post:
    """A root post, or with `parent` its child; the parent's summary of its stack is kept right."""
    post = new_post(user_id, **given)
    session.add(post)
    await session.flush()
    await learn(await asyncpg_connection(session), user_id, post.words)
    return post


def new_post(user_id: UUID, **given: Any) -> Post:
    """The same, not yet written."""
    parent: Post | None = given.pop("parent", None)
    post_id = given.pop("id", None) or uuid4()
    values: dict[str, Any] = {
        "kind": "video" if parent else "image",
        "created_at": NOON,
        "prompt": "a lighthouse at dusk",
        "model": "imagine_w_1" if parent else "imagine_h_1",
        "mode": "custom" if parent else None,
        "media_url": f"https://assets.grok.com/users/u/{post_id}/content",
        "media_state": "missing",
        "ratio": 105,
    } | given
    values.setdefault("search_text", searchable(f"{values.get('original_prompt', '')}\n{values['prompt']}"))
    values["words"] = sorted(words_in(values["search_text"]))
    said = effective_prompt(values.get("original_prompt", ""), values["prompt"], values.get("inherited_prompt", ""))
    values.setdefault("prompt_hash", prompt_hash(said))
    post = Post(user_id=user_id, id=post_id, parent_id=parent and parent.id, root_id=post_id, **values)
    post.child_count, post.stack_kinds = 0, [post.kind]
    post.stack_models, post.stack_modes = _named(post.model), _named(post.mode)
    if parent is not None:
        post.root_id = parent.root_id
        parent.child_count += 1
        parent.stack_kinds = sorted({*parent.stack_kinds, post.kind})
        parent.stack_models = sorted({*parent.stack_models, *_named(post.model)})
        parent.stack_modes = sorted({*parent.stack_modes, *_named(post.mode)})
    return post


async def make_library(session: AsyncSession, user_id: UUID, size: int, seed: int = 8) -> list[Post]:
    """Many different posts in stacks; the same ones for the same seed. Some lack a date, a model or a prompt."""
    rng = random.Random(seed)
    posts: list[Post] = []
    for _ in range(size):
        root = new_post(
            user_id,
            id=UUID(int=rng.getrandbits(128), version=4),
            kind=rng.choice(("image", "image", "video", "audio")),
            created_at=_moment(rng),
            prompt=" ".join(rng.sample(WORDS, rng.randrange(4))),
            model=rng.choice(MODELS),
            liked=rng.choice((True, False, None)),
            media_state=rng.choice(("present", "missing", "wanted", "corrupt")),
            ratio=rng.randrange(256),
            duration_seconds=rng.choice((None, 2.0, 5.5, 70.25)),
            added_at=NOON + timedelta(days=rng.randrange(5)),
        )
        posts.append(root)
        for _ in range(rng.choice((0, 0, 1, 3))):
            child = {"prompt": " ".join(rng.sample(WORDS, rng.randrange(4))), "mode": rng.choice(MODES)}
            child_id = UUID(int=rng.getrandbits(128), version=4)
            posts.append(new_post(user_id, id=child_id, parent=root, created_at=_moment(rng), **child))
    session.add_all(posts)
    await session.flush()
    await learn(await asyncpg_connection(session), user_id, {word for post in posts for word in post.words})
    return posts


async def set_liked(session: AsyncSession, user_id: UUID, post_id: UUID, liked: bool | None) -> None:
    """What a person does who likes a post, or takes the like away."""
    mine = (Post.user_id == user_id, Post.id == post_id)
    await session.execute(update(Post).where(*mine).values(liked=liked, liked_here=True))
    await touch(session, user_id)


def _moment(rng: random.Random) -> datetime | None:
    # A coarse grid, so that many posts share a moment and ties must be broken.
    return None if rng.random() < 0.1 else NOON - timedelta(hours=6 * rng.randrange(40))


def _named(value: str | None) -> list[str]:
    return [value] if value else []
