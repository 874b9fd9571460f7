"""The raster of polygons: squares that borders cross are cut, and every face gets the polygon that covers it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gridsvc.datum.arrays import FloatArray, Int32Array, IntArray, make_read_only
from gridsvc.index.geometry.exact import locate_pairs
from gridsvc.index.geometry.polygons import PolygonTable
from gridsvc.index.layout import DOUBT, FIRST_NODE, NONE, RasterArrays
from gridsvc.index.raster.cutting import Cuts, cut_squares
from gridsvc.index.raster.squares import Pieces, pieces_in_squares

SQUARES_PER_POLYGON = 36
_SHRUNK = 1 - 1e-12  # so that the eastern and northern rim lie in the last squares
_LEAST_DEG = 1e-6
"""No square is narrower: neighbouring doubles are then less than 1e-7 of its side apart, far less than a strip."""
_LEAST_COSINE = 0.01
_PLACES_AT_ONCE, _SQUARES_AT_ONCE = 500_000, 2_000_000

_Label = Callable[[IntArray, FloatArray, FloatArray], IntArray]
"""(square, u, v) to the polygon that covers each place, NONE or DOUBT."""


def compile_raster(
    table: PolygonTable,
    squares_per_polygon: float = SQUARES_PER_POLYGON,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> RasterArrays:
    """Squares over the box of all polygons, band by band from the south; the same polygons give the same arrays."""
    if not len(table):
        return _raster(np.array([0.0, 0.0, 1.0, 1.0]), 0, 0, [np.zeros(0, np.int32)], [np.zeros(0, np.int32)])
    frame, columns, rows = _lay_out(table, squares_per_polygon * len(table))
    height = max(1, _SQUARES_AT_ONCE // columns)
    codes, nodes, count = [], [], 0
    for first in range(0, rows, height):
        band = _Band(table, frame, columns, first, min(height, rows - first))
        band_codes, band_nodes = _cut_band(band, count)
        codes.append(band_codes)
        nodes.append(band_nodes)
        count += len(band_nodes) // 4
        progress(first + band.rows, rows)
    return _raster(frame, columns, rows, codes, nodes)


def _raster(
    frame: FloatArray, columns: int, rows: int, codes: list[Int32Array], nodes: list[Int32Array]
) -> RasterArrays:
    raster = RasterArrays(frame, columns, rows, np.concatenate(codes), np.concatenate(nodes))
    make_read_only(raster.frame, raster.codes, raster.nodes)
    return raster


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """Rows of squares from `first` on."""

    table: PolygonTable
    frame: FloatArray
    columns: int
    first: int
    rows: int

    def label(self, square: IntArray, u: FloatArray, v: FloatArray) -> IntArray:
        """The polygon that covers each place, NONE or DOUBT; squares are counted from the first of the band."""
        west, south, per_lon, per_lat = self.frame
        lon = (square % self.columns + u) / per_lon + west
        return _labels(self.table, lon, (square // self.columns + self.first + v) / per_lat + south)

    def borders(self) -> FloatArray:
        """Ends (n, 4) of every different edge in the band, in sides of squares from its corner."""
        south, north = (self.frame[1] + (self.first + k) / self.frame[3] for k in (-1, self.rows + 1))
        polygons = np.flatnonzero((self.table.boxes[:, 1] <= north) & (self.table.boxes[:, 3] >= south))
        ends = _different_edges(self.table, self.table.edges_of(polygons), self.frame)
        # a whole number taken away leaves the places in their squares as they are, to the bit
        ends[:, [1, 3]] -= self.first
        near = (ends[:, [1, 3]].max(axis=1) >= -1) & (ends[:, [1, 3]].min(axis=1) <= self.rows + 1)
        return np.asarray(ends[near], np.float64)


def _cut_band(band: _Band, before: int) -> tuple[Int32Array, Int32Array]:
    """Codes of the band's squares, and their nodes, of which there are so many before."""
    pieces = pieces_in_squares(band.borders(), band.columns, band.rows)
    crossed, owner = np.unique(pieces.owner, return_inverse=True)
    cuts = cut_squares(Pieces(owner, pieces.u0, pieces.v0, pieces.u1, pieces.v1), len(crossed))
    cuts.codes[cuts.leaf_slot] = band.label(crossed[cuts.leaf_square], cuts.leaf_u, cuts.leaf_v)
    codes = np.full(band.rows * band.columns, NONE, np.int64)
    _fill_uncrossed(codes, crossed, band.columns, band.label)
    nodes = _ordered_nodes(cuts, codes, crossed, before)
    return codes.astype(np.int32), nodes


def _lay_out(table: PolygonTable, squares: float) -> tuple[FloatArray, int, int]:
    """The frame, columns and rows of about so many squares, which are squares on the ground."""
    low, high = table.boxes[:, :2].min(axis=0), table.boxes[:, 2:].max(axis=0)
    (west, south), (width, height) = low, np.maximum(high - low, _LEAST_DEG)
    shape = width * max(math.cos(math.radians((low[1] + high[1]) / 2)), _LEAST_COSINE) / height
    rows = max(1, round(min(math.sqrt(squares / shape), squares, height / _LEAST_DEG)))
    columns = max(1, round(min(squares / rows, width / _LEAST_DEG)))
    return np.array([west, south, columns / width * _SHRUNK, rows / height * _SHRUNK]), columns, rows


def _different_edges(table: PolygonTable, a: IntArray, frame: FloatArray) -> FloatArray:
    """Ends (n, 4) of every different edge in sides of squares; one that two polygons share comes once.

    Edges without a length are kept: they may be all that is left of a polygon a few doubles wide.
    """
    (x0, x1), (y0, y1) = (
        [(values[k] - frame[way]) * frame[way + 2] for k in (a, a + 1)] for way, values in enumerate((table.x, table.y))
    )
    ends = np.stack([x0, y0, x1, y1], axis=-1)
    backwards = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[backwards] = ends[backwards][:, [2, 3, 0, 1]]
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


def _ordered_nodes(cuts: Cuts, codes: IntArray, crossed: IntArray, before: int) -> Int32Array:
    """Nodes by square, so that those of one lie side by side; codes of squares and nodes are told the new numbers."""
    order = np.argsort(cuts.node_square, kind="stable")
    renumbered = np.empty(len(order), np.int64)
    renumbered[order] = before + np.arange(len(order))
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
