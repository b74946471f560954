"""What goes over the wire about collections."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sovia.library.text import storable, tag_of

MOST_IDS = 100_000
Written = AfterValidator(lambda text: storable(text)[0])


def named(text: str) -> str:
    """A name without white space around it; not empty."""
    found = " ".join(storable(text)[0].split())
    if not found:
        raise ValueError("A name is missing.")
    return found


def tagged(text: str) -> str:
    """A tag as it is kept; not empty, and not the word for having none."""
    found = tag_of(text)
    if not found or found == "none":
        raise ValueError("This can not be a tag.")
    return found


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(named)]
Long = Annotated[str, Field(max_length=10_000), Written]
Short = Annotated[str, Field(max_length=50), Written]
FilterText = Annotated[str, Field(max_length=10_000)]
Ids = Annotated[list[UUID], Field(max_length=MOST_IDS)]


class Strict(BaseModel):
    """A body whose every key is known."""

    model_config = ConfigDict(extra="forbid")


class CollectionChange(Strict):
    """What of a collection shall change; what is not given stays."""

    name: Name | None = None
    description: Long | None = None
    notes: Long | None = None
    color: Short | None = None
    icon: Short | None = None
    is_smart: bool | None = None
    smart_filters: dict[str, Any] | None = None
    filter: FilterText | None = None
    pinned: bool | None = None
    alert: bool | None = None
    sort: Annotated[str, Field(max_length=20, pattern="^[a-z_]+$")] | None = None
    cover_id: UUID | None = None


class NewCollection(CollectionChange):
    """A collection to be made; with `ids`, these posts are put into it."""

    name: Name
    parent_id: UUID | None = None
    ids: Ids | None = None


class ItemsIn(Strict):
    """Posts: one, several, or all stacks that a filter finds."""

    media_post_id: UUID | None = None
    ids: Ids | None = None
    filter: FilterText | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(one is not None for one in (self.media_post_id, self.ids, self.filter)) != 1:
            raise ValueError("One of media_post_id, ids and filter is wanted.")
        return self


class OrderIn(Strict):
    """These posts are to stand before that one, or at the end."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_IDS)]
    before: UUID | None = None


class PlaceIn(Strict):
    """A collection is to stand in this one (or at the top), before that one (or at the end)."""

    parent_id: UUID | None = None
    before: UUID | None = None


class NameIn(Strict):
    """The name of something to be made; one is found when none is given."""

    name: Name | None = None


class CombineIn(Strict):
    """Collections to be made one."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    how: Literal["merge", "intersect", "subtract"]
    name: Name


class SomeIds(Strict):
    """Posts that are asked about."""

    ids: Annotated[list[UUID], Field(max_length=10_000)]


class FewIds(Strict):
    """Posts of one screen."""

    ids: Annotated[list[UUID], Field(max_length=256)]


class SmartIn(Strict):
    """The filter of a smart collection that is being made, in one of its forms."""

    smart_filters: dict[str, Any] | None = None
    filter: FilterText | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


Tag = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(tagged)]
Tags = Annotated[list[Tag], Field(max_length=100)]
Status = Literal["approved", "rejected", "review", "select", "edit"]


class Marks(Strict):
    """Marks that posts shall have; what is not given stays. A null takes a like or a status away."""

    liked: bool | None = None
    rating: Annotated[int, Field(ge=0, le=5)] | None = None
    status: Status | None = None
    add_tags: Tags = []
    remove_tags: Tags = []

    def wanted(self) -> dict[str, Any]:
        """What was given, as an operation keeps it."""
        given = self.model_fields_set & {"liked", "rating", "status"}
        found: dict[str, Any] = {name: getattr(self, name) for name in sorted(given)}
        if "rating" in found:
            found["rating"] = found["rating"] or 0
        for name in ("add_tags", "remove_tags"):
            if tags := list(dict.fromkeys(getattr(self, name))):
                found[name] = tags
        return found


class PostsIn(Strict):
    """Several posts, or the roots of all stacks that a filter finds."""

    ids: Ids | None = None
    filter: FilterText | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ids is None) is (self.filter is None):
            raise ValueError("One of ids and filter is wanted.")
        return self


class RestoreIn(Strict):
    """Posts in the trash; without ids everything in it is meant, which must be said."""

    ids: Ids | None = None
    all: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ids is None) is not self.all:
            raise ValueError("One of ids and all is wanted.")
        return self


class EmptyIn(Strict):
    """How many posts are to go, as somebody has typed it."""

    count: Annotated[int, Field(ge=1, le=2**53)]


class MarksOfMany(Marks, PostsIn):
    """Marks for several posts, or for the roots of all stacks that a filter finds."""


PresetName = Annotated[str, Field(min_length=1, max_length=50), AfterValidator(named)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
Setting = Annotated[str, Field(max_length=200), Written] | bool | Whole | float | None
View = Annotated[dict[Annotated[str, Field(max_length=50), Written], Setting], Field(max_length=30)]


class PresetChange(Strict):
    """What of a preset shall change; what is not given stays."""

    name: PresetName | None = None
    filter: FilterText | None = None
    view: View | None = None
    is_default: bool | None = None


class NewPreset(PresetChange):
    """A filter and a view of it, to be kept under a name."""

    name: PresetName


class PresetOut(BaseModel):
    """A kept filter with the view of what it finds."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    filter: str
    view: dict[str, Any]
    is_default: bool
    created_at: datetime
    updated_at: datetime
