"""What the file of an edition looks like: Arrow IPC, one record batch of one row, a list for each array.

The schema's metadata says the version of the format, the digest of the content, the CRS and the SHA-256 of the arrays;
that of each field how long its list is and, of an array of two dimensions, how wide. Number and dates of an edition are
not in it: they stand in the database, and an edition that was restored has the file of its source.
"""

import hashlib
from collections.abc import Iterator

import numpy as np

from gridsvc.datum.arrays import FloatArray
from gridsvc.index.columns.runs import GroupsOfCells
from gridsvc.index.compiled import AreaTable, CellTable, CompiledEdition, ComponentTable, SegmentTable
from gridsvc.index.file.arrays import AnyArray, arrays_of
from gridsvc.model.places import BoundingBox

VERSION = "1"
"""Of the names, types and meaning of the arrays: one more whenever any of them changes."""

TABLES: dict[str, type] = {
    "areas": AreaTable,
    "cells": CellTable,
    "groups_of_cell": GroupsOfCells,
    "segments": SegmentTable,
    "components": ComponentTable,
}
BBOX = "bbox"


def named_arrays(edition: CompiledEdition) -> Iterator[tuple[str, AnyArray]]:
    """All that an edition holds, in the order of the file."""
    yield BBOX, np.array(edition.bbox.as_list() if edition.bbox is not None else [], np.float64)
    for name in TABLES:
        yield from arrays_of(getattr(edition, name), name)


def bbox_of(sides: FloatArray) -> BoundingBox | None:
    """None for an edition in which nothing is drawn."""
    return BoundingBox(*(float(side) for side in sides)) if len(sides) else None


class ArraysHash:
    """SHA-256 over arrays by name, type, shape and bytes, and over the CRS that their metres are in."""

    def __init__(self, crs: str) -> None:
        self._sha = hashlib.sha256(f"{VERSION}\n{crs}\n".encode())

    def add(self, name: str, array: AnyArray) -> None:
        """The next array."""
        self._sha.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        self._sha.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)

    def hexdigest(self) -> str:
        """Of all that were added."""
        return self._sha.hexdigest()
