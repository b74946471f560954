"""What goes over the wire about relatives of a post; written for the documentation, answered as ready bytes."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Why(BaseModel):
    """Why a post is a relative: the shared words that weigh most, how many more there are, and the boosts in words.

    Words such as "the" are named only when no others are shared.
    """

    words: list[str]
    others: int
    boosts: list[str]


class Relative(BaseModel):
    """A post as `/api/media` lists it, with its resemblance: cosine times boosts, the reasons, and its card."""

    id: UUID
    user_id: str
    create_time: datetime | None
    prompt: str
    original_prompt: str
    media_type: str
    media_url: str
    mime_type: str | None
    model_name: str | None
    mode: str | None
    like_status: bool | None
    child_posts: list[dict[str, Any]]
    score: float
    why: Why
    card: dict[str, Any]


Weight = Annotated[float, Field(ge=0, le=1)]


class Weights(BaseModel):
    """How much each way counts in a mix."""

    model_config = ConfigDict(extra="forbid")

    prompt: Weight = 1.0
    picture: Weight = 1.0
    recipe: Weight = 0.5


class SimilarIn(BaseModel):
    """A question: what to resemble, what not, in which way, and where to look.

    `threshold` is the lowest score: from 0 to 1, by prompt up to 1.8 with both boosts. `filter` is the text of a filter
    whose stacks alone count. With `exclude_family`, the stacks of the posts asked with are left out.
    """

    model_config = ConfigDict(extra="forbid")

    anchors: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    rejected: Annotated[list[UUID], Field(max_length=200)] = []
    by: Literal["prompt", "picture", "recipe", "mix"] = "prompt"
    weights: Weights = Weights()
    threshold: Annotated[float, Field(ge=0, le=2)] = 0.0
    filter: Annotated[str, Field(max_length=10_000)] = ""
    tz: Annotated[str, Field(max_length=64)] = "UTC"
    exclude_family: bool = True
    limit: Annotated[int, Field(ge=1, le=200)] = 60


class SharedWord(BaseModel):
    """A word that both have, and what it adds to the cosine of the prompts."""

    word: str
    share: float


class OtherWords(BaseModel):
    """How many more words both have, and what they add to the cosine together; words that count against it are in."""

    count: int
    share: float


class Boost(BaseModel):
    """What the cosine of the prompts was multiplied by."""

    name: str
    factor: float


class Likeness(BaseModel):
    """How alike two pictures are, each from 0 to 1."""

    structure: float
    colours: float


class Reasons(BaseModel):
    """Why a post was found; the shares of the words and of the others are the cosine."""

    words: list[SharedWord]
    others: OtherWords
    boosts: list[Boost]
    picture: Likeness | None
    recipe: list[str]


class SimilarHit(BaseModel):
    """A post, the best of its stack, how much it resembles what was asked for, why, and its card."""

    id: UUID
    score: float
    why: Reasons
    card: dict[str, Any]


class IndexState(BaseModel):
    """Whether the index of prompts is there, and how many posts changed since it last looked."""

    state: Literal["ready", "building"]
    behind: int


class SimilarOut(BaseModel):
    """The cards of the anchors, and what was found, best first.

    `pictures_waiting` were not looked at yet; a thousand stands for more.
    """

    anchors: list[dict[str, Any]]
    hits: list[SimilarHit]
    index: IndexState
    pictures_waiting: int


class Family(BaseModel):
    """Other stacks with the prompt of a post: exactly, but for case and punctuation, or nearly.

    `count` is how many there are in all; for `normalised` and `near`, of those that were looked at.
    """

    kind: Literal["exact", "normalised", "near"]
    count: int
    hits: list[dict[str, Any]]
