"""The demo: a library of pictures and clips made by code, with an export that the importer takes in; no tables."""

from sovia.ops.demo.making import build

__all__ = ["build"]
