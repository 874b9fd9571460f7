"""What every reader hands over: columns of plain values and, maybe, geometries as the file has them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridsvc.model.issue import Issue

Geometries = NDArray[np.object_]


@dataclass(slots=True)
class SourceTable:
    """One table of one file.

    `file` is a name without folders. `numbers` name the rows as the file's user counts them (features from 1, lines of
    a text file). `crs` is what the file says; where `crs_is_binding` is false, its format says one without meaning it.
    `geometry` is None where the file has no column for it; rows without one hold None.
    """

    file: str
    columns: dict[str, list[Any]]
    numbers: Sequence[int]
    geometry: Geometries | None = None
    crs: str | None = None
    crs_is_binding: bool = True
    outer_rings_ccw: bool = False
    issues: list[Issue] = field(default_factory=list)

    def where(self, row: int) -> str:
        """A row, for a message: "cells.geojson #3"."""
        return f"{self.file} #{self.numbers[row]}"


def geometry_array(geometries: Sequence[Any]) -> Geometries:
    """A one-dimensional object array (numpy would take a list of multi-part geometries apart)."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array
