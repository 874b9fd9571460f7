"""How much work a line or polygon makes, estimated before it is done: no request is to compute for minutes."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.datum.arrays import FloatArray
from gridsvc.errors import TooLarge
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.shape import check_shape
from gridsvc.index.shape.ground import cells_met
from gridsvc.index.shape.segments import segments_met

MAX_MET = 10_000
"""Cells and segments. A subdistrict has a thousand or two; 10,000 take some seconds."""

MAX_CUTS = 10_000
"""A day's patrol on foot makes a thousand, the outline of a city of 1,500 cells some hundred; 1,000 vertices thrown at
random over that city 140,000, which took a minute and 300 MB."""


def check_work(edition: CompiledEdition, shape: BaseGeometry) -> None:
    """Raise TooLarge for a shape that meets too much, or passes from cell to cell, and a line over itself, too often;
    InvalidInput for one that is none. Degrees in WGS84.

    The limit on vertices alone does not bound it: a line of n vertices may cross itself n² / 2 times, each edge may run
    through the whole city, and four corners may hold all of it.
    """
    shape = check_shape(shape)
    met = len(cells_met(edition, shape)) + len(segments_met(edition, shape, 0.0)[0])
    if met > MAX_MET:
        raise TooLarge(
            f"The shape meets about {met} cells and segments: {MAX_MET} at most. Send it in parts.",
            zh=f"图形涉及约 {met} 个单元网格和街巷段，上限 {MAX_MET}：请分块提交。",
            limit=MAX_MET,
        )
    starts, ends = _edges(shape)
    cuts = _passages(edition, starts, ends)
    if shapely.get_dimensions(shape) == 1:
        cuts += _crossings(starts, ends)
    if cuts > MAX_CUTS:
        raise TooLarge(
            f"The shape passes from cell to cell and over itself about {cuts} times: {MAX_CUTS} at most. "
            "Simplify it or send it in parts.",
            limit=MAX_CUTS,
        )


def _edges(shape: BaseGeometry) -> tuple[FloatArray, FloatArray]:
    """Both ends of every edge, as rows of lon, lat."""
    parts = shapely.get_parts(shape)
    lines = shapely.get_rings(parts) if shapely.get_dimensions(shape) == 2 else parts
    places, line = shapely.get_coordinates(lines, return_index=True)
    is_edge = line[1:] == line[:-1]
    return places[:-1][is_edge], places[1:][is_edge]


def _passages(edition: CompiledEdition, starts: FloatArray, ends: FloatArray) -> int:
    """About how many borders of cells the edges cross inside the city, from the mean width and height of a cell."""
    boxes = edition.cells.polygons.boxes
    if not len(boxes):
        return 0
    city = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    edges = shapely.clip_by_rect(shapely.linestrings(np.stack([starts, ends], axis=1)), *city)
    inside = shapely.bounds(edges)  # NaN for one that lies wholly outside
    size = np.maximum((boxes[:, 2:] - boxes[:, :2]).mean(axis=0), 1e-9)
    return int(np.nansum((inside[:, 2:] - inside[:, :2]) / size))


def _crossings(starts: FloatArray, ends: FloatArray) -> int:
    """How many pairs of edges cross: the ends of each lie on both sides of the other."""
    (dx, dy), x0, y0 = (ends - starts).T[:, :, None], starts[:, :1], starts[:, 1:]
    sides = [np.sign(dx * (place[:, 1] - y0) - dy * (place[:, 0] - x0)) for place in (starts, ends)]
    apart = sides[0] * sides[1] < 0
    return int((apart & apart.T).sum()) // 2
