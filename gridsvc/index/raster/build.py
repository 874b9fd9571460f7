"""The raster of polygons: squares that borders cross are cut, and every face gets the polygon that covers it."""

import math
from collections.abc import Callable

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int32Array, IntArray
from gridsvc.index.geometry.exact import locate_pairs
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.layout import DOUBT, FIRST_NODE, NONE, RasterArrays
from gridsvc.index.raster.cutting import Cuts, cut_squares
from gridsvc.index.raster.squares import Pieces, pieces_in_squares

SQUARES_PER_POLYGON = 36
_SHRUNK = 1 - 1e-12  # so that the eastern and northern rim lie in the last squares
_LEAST_DEG = 1e-9
_PLACES_AT_ONCE = 500_000

_Label = Callable[[IntArray, FloatArray, FloatArray], IntArray]
"""(square, u, v) to the polygon that covers each place, NONE or DOUBT."""


def compile_raster(table: PolygonTable, squares_per_polygon: float = SQUARES_PER_POLYGON) -> RasterArrays:
    """Squares over the box of all polygons; the same polygons give the same arrays."""
    if not len(table):
        return RasterArrays(np.array([0.0, 0.0, 1.0, 1.0]), 0, 0, np.zeros(0, np.int32), np.zeros(0, np.int32))
    frame, columns, rows = _lay_out(table, squares_per_polygon * len(table))
    west, south, per_lon, per_lat = frame

    def label(square: IntArray, u: FloatArray, v: FloatArray) -> IntArray:
        return _labels(table, (square % columns + u) / per_lon + west, (square // columns + v) / per_lat + south)

    pieces = pieces_in_squares(_borders(table, frame), columns, rows)
    crossed, owner = np.unique(pieces.owner, return_inverse=True)
    cuts = cut_squares(Pieces(owner, pieces.u0, pieces.v0, pieces.u1, pieces.v1), len(crossed))
    cuts.codes[cuts.leaf_slot] = label(crossed[cuts.leaf_square], cuts.leaf_u, cuts.leaf_v)
    codes = np.full(rows * columns, NONE, np.int64)
    _fill_uncrossed(codes, crossed, columns, label)
    nodes = _ordered_nodes(cuts, codes, crossed)
    return RasterArrays(frame, columns, rows, codes.astype(np.int32), nodes)


def _lay_out(table: PolygonTable, squares: float) -> tuple[FloatArray, int, int]:
    """The frame, columns and rows of about so many squares, which are squares on the ground."""
    west, south = table.boxes[:, :2].min(axis=0)
    width, height = np.maximum(table.boxes[:, 2:].max(axis=0) - (west, south), _LEAST_DEG)
    shape = width * math.cos(math.radians(south + height / 2)) / height
    rows = max(1, round(math.sqrt(squares / shape)))
    columns = max(1, round(squares / rows))
    return np.array([west, south, columns / width * _SHRUNK, rows / height * _SHRUNK]), columns, rows


def _borders(table: PolygonTable, frame: FloatArray) -> FloatArray:
    """Ends (n, 4) of every different edge in sides of squares; one that two polygons share comes once."""
    a = table.edges
    x, y = (table.x - frame[0]) * frame[2], (table.y - frame[1]) * frame[3]
    ends = np.stack([x[a], y[a], x[a + 1], y[a + 1]], axis=-1)
    backwards = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[backwards] = ends[backwards][:, [2, 3, 0, 1]]
    ends = ends[(ends[:, 0] != ends[:, 2]) | (ends[:, 1] != ends[:, 3])]
    ends = ends[np.lexsort(ends.T[::-1])]
    is_new = np.ones(len(ends), np.bool_)
    is_new[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    different: FloatArray = ends[is_new]
    return different


def _labels(table: PolygonTable, lon: FloatArray, lat: FloatArray) -> IntArray:
    labels = np.empty(len(lon), np.int64)
    for start in range(0, len(lon), _PLACES_AT_ONCE):
        part = slice(start, start + _PLACES_AT_ONCE)
        point, polygon = table.at_points(lon[part], lat[part])
        covers = locate_pairs(table, polygon, lon[part][point], lat[part][point]) >= 0
        point, polygon = point[covers], polygon[covers]
        found = np.full(len(lon[part]), NONE)
        found[point] = polygon
        found[np.bincount(point, minlength=len(found)) > 1] = DOUBT
        labels[part] = found
    return labels


def _fill_uncrossed(codes: IntArray, crossed: IntArray, columns: int, label: _Label) -> None:
    """Squares without a border: neighbours in a row with none between them are of one face, asked about once."""
    free = np.ones(len(codes), np.bool_)
    free[crossed] = False
    begins = free.copy()
    begins[1:] &= ~free[:-1] | (np.arange(1, len(codes)) % columns == 0)
    first = np.flatnonzero(begins)
    half = np.full(len(first), 0.5)
    run = np.cumsum(begins) - 1
    codes[free] = label(first, half, half)[run[free]]


def _ordered_nodes(cuts: Cuts, codes: IntArray, crossed: IntArray) -> Int32Array:
    """Nodes by square, so that those of one lie side by side; codes of squares and nodes are told the new numbers."""
    order = np.argsort(cuts.node_square, kind="stable")
    renumbered = np.empty(len(order), np.int64)
    renumbered[order] = np.arange(len(order))
    inner = cuts.codes <= FIRST_NODE
    cuts.codes[inner] = FIRST_NODE - renumbered[FIRST_NODE - cuts.codes[inner]]
    codes[crossed] = cuts.codes[: len(crossed)]
    sides = cuts.codes[len(crossed) :].reshape(-1, 2)[order]
    nodes = np.empty((len(order), 4), np.int32)
    nodes[:, 0] = cuts.lines.m[order].astype(np.float32).view(np.int32)
    nodes[:, 1] = cuts.lines.c[order].astype(np.float32).view(np.int32)
    nodes[:, 2] = sides[:, 0]
    nodes[:, 3] = 2 * sides[:, 1] + cuts.lines.steep[order]
    return nodes.ravel()
