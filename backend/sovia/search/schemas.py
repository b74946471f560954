"""What the language of filters says over the wire."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator


class FilterIn(BaseModel):
    """A filter to be read: its text, or its document; with `spelling`, words that no prompt has are told, too."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    document: Any = None
    spelling: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) is (self.document is None):
            raise ValueError("Either the text or the document is wanted.")
        return self


class ProblemOut(BaseModel):
    """A mistake in a text: `length` characters (code points) from `start`; `fix` is to be put in their place."""

    start: int
    length: int
    message: str
    fix: str | None


class ChipOut(BaseModel):
    """One of the things that must all hold; `without` is the text of the filter when it is dropped.

    `field` is None for words and for what speaks of several fields.
    """

    text: str
    field: str | None
    negated: bool
    without: str


class HintOut(BaseModel):
    """A value that stands for nothing, and what may have been meant."""

    field: str
    value: str
    message: str
    fix: str | None


class FilterOut(BaseModel):
    """A filter in both forms; with `errors`, both are None."""

    text: str | None
    document: dict[str, Any] | None
    errors: list[ProblemOut]
    hints: list[HintOut]
    chips: list[ChipOut]
    words: list[str]


class FieldOut(BaseModel):
    """A field that filters know. `scope` is `root` when the stack's first post decides, `post` when any of it does."""

    name: str
    also: list[str]
    scope: str
    operators: list[str]
    help: str
    examples: list[str]
    values: list[str]
    counted: bool


class OfferOut(BaseModel):
    """A text to put in place of what is typed; `complete` unless it still wants a value."""

    text: str
    field: str | None
    value: str
    count: int | None
    complete: bool


class Suggestions(BaseModel):
    """Offers for the `length` characters from `start`. Counts are of the newest stacks when there are very many."""

    start: int
    length: int
    suggestions: list[OfferOut]
