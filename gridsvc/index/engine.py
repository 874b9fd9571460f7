"""Which kernels answer: numba's where it is installed, else numpy's, which say the same more slowly."""

import hashlib
import os
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from gridsvc.datum.arrays import FloatArray, Int8Array, Int32Array, IntArray
from gridsvc.datum.plane import Affine
from gridsvc.index.layout import (
    Box,
    Choices,
    LineArrays,
    Look,
    Outlines,
    Place,
    Places,
    RasterArrays,
    RingArrays,
    Sight,
    TreeArrays,
)

_COMPILED_FROM = ("kernels.py", "sight_kernels.py", "layout.py")


class Engine(Protocol):
    """What both modules of kernels have."""

    NAME: str

    def rows_in_box(self, tree: TreeArrays, box: Box, /) -> IntArray:
        """Rows of a tree whose box meets the given one, in any order."""

    def box_pairs(self, tree: TreeArrays, boxes: FloatArray, /) -> tuple[IntArray, IntArray]:
        """(which of the boxes (n, 4), row of the tree) wherever the two meet, in any order; NaN meets nothing."""

    def walk_raster(self, raster: RasterArrays, lon: FloatArray, lat: FloatArray, /) -> Int32Array:
        """For each place the one polygon that covers it, NONE or DOUBT."""

    def locate(self, rings: RingArrays, polygon: IntArray, px: FloatArray, py: FloatArray, /) -> Int8Array:
        """For each pair of polygon and place 1 inside, 0 on the boundary, -1 outside: even-odd over all rings; UNSURE
        where rounding may decide.
        """

    def choose_segments(self, lines: LineArrays, places: Places, radius_m: float, /) -> Choices:
        """The segments within the radius (the rim included) that answer, by the rules of `segment_choice`."""


class Eyes(Protocol):
    """What both modules that look at single places have; `affine` is the matrix of the place's frame."""

    def look(self, sight: Sight, affine: Affine, place: Place, radii: tuple[float, float], /) -> Look:
        """One place at a glance: what is within the first radius, and the segment within the second, in metres."""

    def nearest_edges(
        self, outlines: Outlines, cells: IntArray, place: Place, affine: Affine, /
    ) -> tuple[FloatArray, IntArray, FloatArray]:
        """For each polygon the square metres to its boundary, the vertex where its nearest edge begins (the first of
        equals), and where along that, 0 to 1.
        """


def has_numba() -> bool:
    """Whether it is installed."""
    return find_spec("numba") is not None


@lru_cache
def engine() -> Engine:
    """The kernels of this process; the first call takes seconds where they are not in the cache yet."""
    name = "kernels" if has_numba() else "plain_kernels"
    return cast("Engine", import_module(f"gridsvc.index.{name}"))


@lru_cache
def eyes() -> Eyes:
    """What looks at single places in this process."""
    name = "sight_kernels" if has_numba() else "plain_sight"
    return cast("Eyes", import_module(f"gridsvc.index.{name}"))


def keep_compiled(folder: Path) -> None:
    """Keep compiled kernels in a folder; to be said before the first call of `engine`, after which it changes nothing.

    Who sets NUMBA_CACHE_DIR keeps them there.
    """
    if has_numba() and "NUMBA_CACHE_DIR" not in os.environ:
        os.environ["NUMBA_CACHE_DIR"] = str(folder_of_kernels(folder))


def folder_of_kernels(folder: Path) -> Path:
    """The folder in a folder that is for kernels of this source: numba looks at the time and size of one file alone,
    and a kernel is made of several, which another release may have put there with the same times.
    """
    own = Path(__file__).parent
    content = hashlib.sha256(b"".join((own / name).read_bytes() for name in _COMPILED_FROM))
    return folder / content.hexdigest()[:16]
