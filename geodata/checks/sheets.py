"""Sheets: the sets of polygons that must not overlap — the cells of one scheme, the areas of one level."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from geodata.checks.context import CheckContext
from geodata.checks.coverage import Coverage
from gridsvc.model.territory import Area, Cell, Layer


@dataclass(frozen=True)
class Sheet:
    """Features of one layer and scheme with their coverage; `faces` (local plane) have `depth` features over them."""

    layer: Layer
    scheme: str
    features: tuple[Area, ...] | tuple[Cell, ...]
    coverage: Coverage
    faces: NDArray[np.object_]
    depth: NDArray[np.int64]

    def codes(self, indices: NDArray[np.int64]) -> tuple[str, ...]:
        """Codes of features by index."""
        return tuple(self.features[index].code for index in indices)


def make_sheets(context: CheckContext) -> Iterator[Sheet]:
    """All sheets of a territory, areas first, widest level first."""
    drawn = sorted((a for a in context.territory.areas if a.geometry is not None), key=_level_and_scheme)
    for (_, scheme), level in groupby(drawn, key=_level_and_scheme):
        yield _sheet(context, Layer.AREAS, scheme, tuple(level))
    for scheme, cells in groupby(context.territory.cells, key=lambda cell: cell.scheme):
        yield _sheet(context, Layer.CELLS, scheme, tuple(cells))


def _level_and_scheme(area: Area) -> tuple[int, str]:
    return area.level.rank, area.scheme


def _sheet(context: CheckContext, layer: Layer, scheme: str, features: tuple[Area, ...] | tuple[Cell, ...]) -> Sheet:
    coverage = Coverage.of(context.local, context.polygons_of(features))
    faces, depth = coverage.faces()
    return Sheet(layer, scheme, features, coverage, faces, depth)
