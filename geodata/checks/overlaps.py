"""Places that two cells of one scheme, or two areas of one level, both claim."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.checks.context import CheckContext
from geodata.checks.grouping import indices_by_group
from geodata.checks.measure import NOISE_M, SLIVER_M, rounded
from geodata.checks.sheets import Sheet
from gridsvc.model.issue import Issue


def check_overlaps(context: CheckContext, sheet: Sheet) -> Iterator[Issue]:
    """One finding per pair of features: the same outline twice, an overlap, or a sliver of one."""
    if not (sheet.depth > 1).any():
        return
    parts, pairs = sheet.coverage.overlaps(sheet.faces[sheet.depth > 1])
    parts = context.local.unscale(parts)
    areas, widths = context.ruler.measure(parts)
    distinct, of_pair = np.unique(pairs, axis=0, return_inverse=True)
    for pair, shared in zip(distinct, indices_by_group(of_pair, len(distinct)), strict=True):
        width = float(widths[shared].max())
        if width <= NOISE_M:
            continue
        place = shapely.union_all(parts[shared])
        yield context.found(
            _code(sheet, pair, place, width),
            sheet.scheme,
            sheet.layer.value,
            sheet.codes(pair),
            place,
            area_m2=rounded(float(areas[shared].sum())),
            width_m=rounded(width),
        )


def _code(sheet: Sheet, pair: NDArray[np.int64], place: shapely.Geometry, width: float) -> str:
    if width <= SLIVER_M:
        return "OVERLAP_SLIVER"
    smallest = min(shapely.area(sheet.features[index].geometry) for index in pair)
    largest = max(shapely.area(sheet.features[index].geometry) for index in pair)
    twice = shapely.area(place) > 0.999999 * largest and smallest > 0.999999 * largest
    return "SAME_OUTLINE" if twice else "OVERLAP"
