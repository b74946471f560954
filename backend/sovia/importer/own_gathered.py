"""Collections and presets as an export of this product carries them; what is wrong with one is no harm to others."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, ValidationError

from sovia.library.text import storable
from sovia.search.language.parser import parse
from sovia.search.language.wire import BadDocument
from sovia.search.smart import document_of

# A larger number is not kept as one in JSON.
BEYOND_JSON = 2**53
MOST_SETTINGS = 30
LONGEST_SETTING = 200


def _named(text: str) -> str:
    found = " ".join(storable(text)[0].split())
    if not found:
        raise ValueError("A name is missing.")
    return found


Kept = AfterValidator(lambda text: storable(text)[0])
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_named)]
Long = Annotated[str, Field(max_length=10_000), Kept]
Short = Annotated[str, Field(max_length=50), Kept]
Position = Annotated[int, Field(ge=-(2**62), le=2**62)]


class Item(BaseModel):
    """A place in a collection."""

    collection: UUID
    position: Position
    added_at: AwareDatetime


class _Dated(BaseModel):
    id: UUID
    created_at: AwareDatetime
    updated_at: AwareDatetime


class _Collection(_Dated):
    name: Name
    description: Long = ""
    notes: Long = ""
    color: Short | None = None
    icon: Short | None = None
    is_smart: bool = False
    smart_filters: dict[str, Any] | None = None
    parent_id: UUID | None = None
    position: Position = 0
    pinned: bool = False
    alert: bool = False
    sort: Annotated[str, Field(max_length=20, pattern="^[a-z_]+$")] = "manual"
    cover_id: UUID | None = None
    seen_at: AwareDatetime


class _Preset(_Dated):
    name: Annotated[Name, Field(max_length=50)]
    filter: Annotated[str, Field(max_length=10_000), Kept] = ""
    view: dict[Short, Any] = Field(default_factory=dict)
    is_default: bool = False


Model = TypeVar("Model", bound=BaseModel)


def valid(model: type[Model], given: Sequence[object]) -> Iterator[Model]:
    """Those that are as they should be."""
    for one in given:
        try:
            yield model.model_validate(one)
        except ValidationError:
            continue


def collections_of(given: Sequence[object]) -> list[dict[str, Any]]:
    """The collections, by the names of our columns; one whose filter can not be read is left out."""
    found = []
    for one in valid(_Collection, given):
        values = one.model_dump()
        values["smart_filters"] = _storable(one.smart_filters) if one.is_smart else None
        if _readable(values["smart_filters"]):
            found.append(values)
    return found


def presets_of(given: Sequence[object]) -> list[dict[str, Any]]:
    """The presets, by the names of our columns; one whose filter can not be read is left out."""
    found = []
    for one in valid(_Preset, given):
        if not parse(one.filter).problems:
            view = {name: _setting(value) for name, value in list(one.view.items())[:MOST_SETTINGS]}
            found.append(one.model_dump() | {"view": view})
    return found


def _readable(filters: object) -> bool:
    try:
        document_of(filters)
    except BadDocument:
        return False
    return True


def _setting(value: object) -> object:
    if isinstance(value, str):
        return storable(value)[0][:LONGEST_SETTING]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, bool) or (isinstance(value, int) and abs(value) < BEYOND_JSON) else None


def _storable(value: object) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {storable(str(name))[0]: _storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= BEYOND_JSON:
        return str(value)
    return storable(value)[0] if isinstance(value, str) else value
