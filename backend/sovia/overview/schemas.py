"""What goes over the wire about prompts; written for the documentation, answered as ready bytes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class Prompt(BaseModel):
    """A distinct prompt and what it made.

    `mode_type` is `custom` when every use is in custom mode, `parent` when none is. `id` is the newest post with it,
    `filter` what finds all stacks with it in the gallery, `sample_posts` the cards of the newest few posts.
    """

    prompt: str
    usage_count: int
    mode_type: Literal["parent", "custom", "both"]
    first_used: datetime | None
    last_used: datetime | None
    id: UUID
    filter: str
    sample_posts: list[dict[str, Any]]


class Prompts(BaseModel):
    """A page of distinct prompts, and how many there are."""

    prompts: list[Prompt]
    total: int
    next_cursor: str | None


class FoundPrompts(BaseModel):
    """The most used prompts with the words; `total` is how many prompts have them, `count` how many are shown."""

    query: str
    prompts: list[Prompt]
    count: int
    total: int


class PromptStats(BaseModel):
    """Distinct prompts and modes of a library in numbers."""

    total_unique_prompts: int
    total_custom_prompts: int
    total_parent_prompts: int
    custom_mode_count: int
    normal_mode_count: int
    custom_mode_percentage: float
    most_used_prompts: list[Prompt]


class PostsByPrompt(BaseModel):
    """Stacks with a clip made from a prompt, in the documented shape; `count` is how many there are in all."""

    prompt: str
    exact_match: bool
    posts: list[dict[str, Any]]
    count: int
    next_cursor: str | None
