"""The segment that is chosen in bulk: by kernels, against the nearest one of shapely, and against numpy's arrays."""

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gridsvc.index import plain_kernels
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.territory import segment_choice
from gridsvc.index.territory.segment_choice import SegmentChoices, choose_segments
from tests.proofs.row import Row

Points = NDArray[np.float64]
EQUAL_M, APART_M = 1e-6, 1e-3
AT_ONCE = 250_000
BY_NUMPY = 10
"""Every tenth point is also asked of numpy, which is some dozen times slower."""


def compare_choices(name: str, edition: CompiledEdition, points: Points, radius_m: float) -> list[Row]:
    """Of no area, so that the distance decides; among those of one millimetre the lowest code, which shapely is not
    asked about.
    """
    project = pyproj.Transformer.from_crs("EPSG:4326", edition.crs, always_xy=True).transform
    shapes = np.array([segment.geometry for segment in edition.segments.items], object)
    lines = shapely.transform(shapes, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1])))
    tree, wrong, unlike, asked = shapely.STRtree(lines), 0, 0, 0
    for chunk in np.array_split(points, -(-len(points) // AT_ONCE)):
        ours = _choose(edition, chunk, radius_m)
        places = shapely.points(*project(chunk[:, 0], chunk[:, 1]))
        wrong += _differences(ours, lines, places, tree, radius_m)
        few = chunk[::BY_NUMPY]
        asked += len(few)
        unlike += _unlike(ours, _choose(edition, few, radius_m, plain=True))
    return [
        Row(f"segment chosen, {name}", "shapely", len(points), wrong, f"{len(lines)} segments"),
        Row(f"segment chosen, {name}", "the arrays of numpy", asked, unlike),
    ]


def _choose(edition: CompiledEdition, points: Points, radius_m: float, *, plain: bool = False) -> SegmentChoices:
    nowhere = np.full(len(points), -1, np.int32)
    engine = segment_choice.engine
    try:
        if plain:
            segment_choice.engine = lambda: plain_kernels
        return choose_segments(edition, points[:, 0], points[:, 1], nowhere, radius_m)
    finally:
        segment_choice.engine = engine


def _differences(
    ours: SegmentChoices,
    lines: NDArray[np.object_],
    places: NDArray[np.object_],
    tree: shapely.STRtree,
    radius_m: float,
) -> int:
    (point, winner), metres = tree.query_nearest(places, radius_m + APART_M, return_distance=True, all_matches=False)
    least, theirs = np.full(len(places), np.inf), np.full(len(places), -1)
    least[point], theirs[point] = metres, winner
    segment, told = ours.chosen.segment, ours.chosen.distance_m
    found = np.flatnonzero(segment >= 0)
    measured = shapely.distance(lines[segment[found]], places[found])
    is_wrong = np.zeros(len(places), np.bool_)
    # On the rim of the radius the last bit decides who sees a segment at all.
    is_wrong[(segment < 0) & (least < radius_m - EQUAL_M)] = True
    is_wrong[found] |= (np.abs(told[found] - measured) > EQUAL_M) | (measured - least[found] >= APART_M)
    is_wrong[found] |= (segment[found] == theirs[found]) & (np.abs(told[found] - least[found]) > EQUAL_M)
    return int(np.count_nonzero(is_wrong))


def _unlike(ours: SegmentChoices, slow: SegmentChoices) -> int:
    """Where any bit differs of what was chosen and of what was passed over."""
    unlike = ours.own[::BY_NUMPY] != slow.own
    for one, other in ((ours.chosen, slow.chosen), (ours.nearer, slow.nearer)):
        unlike |= one.segment[::BY_NUMPY] != other.segment
        unlike |= one.side[::BY_NUMPY] != other.side
        unlike |= one.distance_m[::BY_NUMPY].view(np.int64) != other.distance_m.view(np.int64)
    return int(np.count_nonzero(unlike))
