"""Geometries one by one: whether they are valid, not empty, and lie where a city can lie."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, Point

from geodata.checks.context import CheckContext
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Area, Feature, Group, Layer

LATITUDE_LIMIT = 84.0
"""Where UTM ends: beyond it no projected CRS of a city measures within 0.1 %."""


def check_outlines(context: CheckContext) -> Iterator[Issue]:
    """Missing, empty, zero-length and invalid geometries, and those at the antimeridian or a pole."""
    for layer in Layer:
        features, geometries = drawn(context, layer)
        if len(features) < len(context.territory.layer(layer)):
            yield from _undrawn(context, layer)
        if len(features) == 0:
            continue
        yield from _empty(context, layer, features, geometries)
        is_finite = _are_finite(geometries)
        for feature in features[~is_finite]:
            yield _tell(context, "COORDINATES_NOT_FINITE", layer, feature, None, where=feature.code)
        features, geometries = features[is_finite], geometries[is_finite]
        yield from _invalid(context, layer, features, geometries)
        yield from _misplaced(context, layer, features, geometries)
    yield from _on_both_sides(context)


def drawn(context: CheckContext, layer: Layer) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """(features that have a geometry, their geometries); groups have none of their own."""
    pairs = [
        (feature, feature.geometry)
        for feature in context.territory.layer(layer)
        if not isinstance(feature, Group) and feature.geometry is not None
    ]
    both = np.empty((len(pairs), 2), dtype=object)
    for index, pair in enumerate(pairs):
        both[index] = pair
    return both[:, 0], both[:, 1]


def _tell(
    context: CheckContext, code: str, layer: Layer, feature: Feature, place: Geometry | None, **values: object
) -> Issue:
    return context.found(code, feature.scheme, layer.value, (feature.code,), place, **values)


def _undrawn(context: CheckContext, layer: Layer) -> Iterator[Issue]:
    """Only areas may do without a geometry, and groups are made of cells."""
    for feature in context.territory.layer(layer):
        if not isinstance(feature, Area | Group) and shapely.is_missing(feature.geometry):
            yield _tell(context, "EMPTY_OUTLINE", layer, feature, None)


def _are_finite(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    is_finite = np.ones(len(geometries), np.bool_)
    is_finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return is_finite


def _empty(
    context: CheckContext, layer: Layer, features: NDArray[np.object_], geometries: NDArray[np.object_]
) -> Iterator[Issue]:
    for feature in features[shapely.is_empty(geometries)]:
        yield _tell(context, "EMPTY_OUTLINE", layer, feature, None)
    if layer is Layer.SEGMENTS:
        for feature in features[~shapely.is_empty(geometries) & (shapely.length(geometries) == 0)]:
            place = Point(shapely.get_coordinates(feature.geometry)[0])
            yield _tell(context, "SEGMENT_ZERO_LENGTH", layer, feature, place)


def _invalid(
    context: CheckContext, layer: Layer, features: NDArray[np.object_], geometries: NDArray[np.object_]
) -> Iterator[Issue]:
    if layer is Layer.SEGMENTS:
        return
    broken = np.flatnonzero(~shapely.is_valid(geometries))
    for feature, reason in zip(features[broken], shapely.is_valid_reason(geometries[broken]), strict=True):
        place, why = _place_in(reason)
        yield _tell(context, "INVALID_OUTLINE", layer, feature, place, reason=why)


def _place_in(reason: str) -> tuple[Geometry | None, str]:
    """GEOS says "Ring Self-intersection[-0.5 48.9]": the place apart from the words."""
    words, _, place = reason.partition("[")
    try:
        x, y = (float(number) for number in place.rstrip("]").split())
    except ValueError:
        return None, words
    return (Point(x, y) if np.isfinite([x, y]).all() else None), words


def _misplaced(
    context: CheckContext, layer: Layer, features: NDArray[np.object_], geometries: NDArray[np.object_]
) -> Iterator[Issue]:
    _, south, _, north = shapely.bounds(geometries).T
    around = _go_around(geometries)
    polar = (south < -LATITUDE_LIMIT) | (north > LATITUDE_LIMIT)
    for feature in features[around]:
        yield _tell(context, "ANTIMERIDIAN", layer, feature, feature.geometry)
    for feature in features[polar & ~around]:
        yield _tell(context, "POLAR", layer, feature, feature.geometry)


def _go_around(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    west, _, east, _ = shapely.bounds(geometries).T
    is_around: NDArray[np.bool_] = (west <= -180) | (east >= 180) | (east - west > 180)
    return is_around


def _on_both_sides(context: CheckContext) -> Iterator[Issue]:
    """A territory half round the globe, none of whose features is: what lies at its two ends."""
    both = [drawn(context, layer) for layer in Layer]
    features, geometries = (np.concatenate(column) for column in zip(*both, strict=True))
    sound = np.flatnonzero(_are_finite(geometries) & ~shapely.is_empty(geometries))
    sound = sound[~_go_around(geometries[sound])]
    if not len(sound):
        return
    west, _, east, _ = shapely.bounds(geometries[sound]).T
    if east.max() - west.min() > 180:
        ends = tuple(features[sound[place]].code for place in (west.argmin(), east.argmax()))
        longitudes = {"west": round(float(west.min()), 6), "east": round(float(east.max()), 6)}
        yield context.found("ANTIMERIDIAN_BETWEEN", None, "territory", ends, None, **longitudes)
