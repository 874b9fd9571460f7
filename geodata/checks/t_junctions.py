"""A vertex on a neighbour's edge that the neighbour lacks: in doubles always a sliver of gap or overlap."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.checks.context import CheckContext
from geodata.checks.coverage import Rim
from geodata.checks.measure import SLIVER_M, rounded
from geodata.checks.sheets import Sheet
from gridsvc.model.issue import Issue

REACH_M = 0.1
"""A vertex farther from the edge than this was not meant to lie on it; what opens there is a gap or an overlap."""

PARALLEL = 0.2
"""Sine of the angle up to which two edges are taken to run along each other."""


@dataclass(frozen=True)
class _Meetings:
    """Vertices beside edges: vertex numbers, edge numbers, polygon of the vertex, distance in metres."""

    vertex: NDArray[np.int64]
    edge: NDArray[np.int64]
    owner: NDArray[np.int64]
    distance: NDArray[np.float64]


def check_t_junctions(context: CheckContext, sheet: Sheet) -> Iterator[Issue]:
    """One finding per pair (feature that lacks vertices, feature that has them)."""
    rim = sheet.coverage.rim
    if len(rim.start) == 0:
        return
    meetings = _meetings(context, rim)
    lacks = rim.owner[meetings.edge]
    pairs, of_pair = np.unique(np.stack([lacks, meetings.owner], axis=1), axis=0, return_inverse=True)
    if len(pairs) == 0:
        return
    offsets = np.zeros(len(pairs))
    np.maximum.at(offsets, of_pair, meetings.distance)
    spots = np.unique(np.stack([of_pair, meetings.vertex], axis=1), axis=0)
    points = context.local.unscale(np.asarray(shapely.points(rim.vertices[spots[:, 1]]), dtype=object))
    places = np.atleast_1d(np.asarray(shapely.multipoints(points, indices=spots[:, 0]), dtype=object))
    counts = np.bincount(spots[:, 0])
    for pair, offset, count, place in zip(pairs, offsets.tolist(), counts.tolist(), places, strict=True):
        yield context.found(
            "T_JUNCTION" if offset <= SLIVER_M else "T_JUNCTION_WIDE",
            sheet.scheme,
            sheet.layer.value,
            sheet.codes(pair),
            place if count > 1 else place.geoms[0],
            width_m=rounded(offset),
            count=count,
        )


def _meetings(context: CheckContext, rim: Rim) -> _Meetings:
    """Vertices within reach of a foreign edge that they do not end and whose polygon lacks them.

    `leg` is an edge of the vertex's own polygon; it runs along the foreign edge.
    """
    legs = np.arange(len(rim.start))
    vertex, leg = np.concatenate([rim.start, rim.end]), np.concatenate([legs, legs])
    spots, spot_of = np.unique(vertex, return_inverse=True)
    tree = shapely.STRtree(rim.lines())
    near, edge = tree.query(shapely.points(rim.vertices[spots]), predicate="dwithin", distance=REACH_M)
    keep = (rim.start[edge] != spots[near]) & (rim.end[edge] != spots[near])
    near, edge = near[keep], edge[keep]
    near, edge, leg = _with_legs(near, edge, spot_of, leg)
    meets = (rim.owner[leg] != rim.owner[edge]) & ~rim.has_vertex(rim.owner[edge], spots[near])
    near, edge, leg = near[meets], edge[meets], leg[meets]
    distance, beside = _beside(context, rim, spots[near], edge, leg)
    return _Meetings(spots[near][beside], edge[beside], rim.owner[leg][beside], distance[beside])


def _with_legs(
    near: NDArray[np.int64], edge: NDArray[np.int64], spot_of: NDArray[np.int64], leg: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each (spot, foreign edge) once for every rim edge that starts or ends at the spot."""
    order = np.argsort(spot_of, kind="stable")
    first = np.searchsorted(spot_of[order], np.arange(spot_of.max() + 2))
    count = (first[1:] - first[:-1])[near]
    place = np.repeat(first[near], count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(near, count), np.repeat(edge, count), leg[order[place]]


def _beside(
    context: CheckContext, rim: Rim, vertex: NDArray[np.int64], edge: NDArray[np.int64], leg: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(distance in metres, whether the vertex lies beside the edge and its leg runs along the edge).

    Longitudes are scaled at the vertex itself: the local plane is right only in the middle of the territory.
    """
    latitude = np.radians(rim.vertices[vertex, 1] / context.local.per_lat)
    stretch = np.stack([np.cos(latitude) * context.local.per_lat / context.local.per_lon, np.ones(len(vertex))], axis=1)
    a, b = ((rim.vertices[end[edge]] - rim.vertices[vertex]) * stretch for end in (rim.start, rim.end))
    along = b - a
    length = np.hypot(*along.T)
    distance = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / length
    foot = -(a * along).sum(axis=1) / length
    own = (rim.vertices[rim.end[leg]] - rim.vertices[rim.start[leg]]) * stretch
    turn = np.abs(own[:, 0] * along[:, 1] - own[:, 1] * along[:, 0]) / (length * np.hypot(*own.T))
    return distance, (distance <= REACH_M) & (foot > 0) & (foot < length) & (turn < PARALLEL)
