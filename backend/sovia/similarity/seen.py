"""A post as likeness by picture and by recipe see it; pure."""

from dataclasses import dataclass

from sovia.similarity.collecting import Document
from sovia.similarity.vectors import Recipe


@dataclass(frozen=True)
class Shape:
    """How large a picture is, and the byte of its shape (0 for unknown)."""

    width: int | None
    height: int | None
    ratio: int

    @property
    def is_known(self) -> bool:
        """Whether it can be compared."""
        return bool((self.width and self.height) or self.ratio)


@dataclass(frozen=True)
class Seen:
    """A post with its picture's name and its size."""

    post: Document
    thumbnail: str | None
    shape: Shape


def common_shape(shapes: list[Shape]) -> Shape:
    """The size that several posts have alike; unknown when they differ."""
    first = shapes[0]
    return first if all(same_shape(first, other) for other in shapes[1:]) else Shape(None, None, 0)


def same_shape(mine: Shape, other: Shape) -> bool:
    """Whether two posts have the same size; when mine is not known in pixels, the same shape."""
    if mine.width and mine.height:
        return (mine.width, mine.height) == (other.width, other.height)
    return mine.ratio > 0 and mine.ratio == other.ratio


def same_recipe(mine: Recipe, shape: Shape, other: Seen) -> tuple[float, list[str]]:
    """How much of model, mode and size is the same, of what is known of mine, and which."""
    of = other.post.recipe
    parts = [("same model", bool(mine.model), mine.model == of.model)]
    parts.append(("same mode", bool(mine.modes), bool(mine.modes & of.modes)))
    parts.append(("same size", shape.is_known, same_shape(shape, other.shape)))
    known = [(name, same) for name, is_known, same in parts if is_known]
    shared = [name for name, same in known if same]
    return (len(shared) / len(known) if known else 0.0), shared
