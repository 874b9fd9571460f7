"""Model objects ↔ GeoJSON (RFC 7946: lon, lat in WGS84). Only the fields listed here leave; anything else is left out."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely import Geometry
from shapely.geometry import mapping, shape

from gridsvc.errors import InvalidInput
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Feature, Layer

PUBLIC_FIELDS: dict[Layer, tuple[str, ...]] = {
    Layer.AREAS: ("scheme", "code", "name", "level", "parent"),
    Layer.CELLS: ("scheme", "code", "name", "area", "responsible_body", "land_use", "grade"),
    Layer.GROUPS: ("scheme", "code", "name", "kind", "cells"),
    Layer.SEGMENTS: ("scheme", "code", "name", "kind", "subdistrict"),
    Layer.COMPONENTS: ("scheme", "code", "name", "category", "competent", "owner", "maintainer", "state"),
}
"""What each layer shows. A field that is added to a feature stays inside until it is added here."""

SHAPES = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
MAX_VERTICES = 100_000


def feature_to_geojson(layer: Layer, feature: Feature) -> dict[str, Any]:
    """One feature with its public fields; `geometry` is null where there is none."""
    geometry: Geometry | None = getattr(feature, "geometry", None)
    return {
        "type": "Feature",
        "id": f"{feature.scheme}:{feature.code}",
        "geometry": None if geometry is None else mapping(geometry),
        "properties": {name: getattr(feature, name) for name in PUBLIC_FIELDS[layer]},
    }


def collection_to_geojson(layer: Layer, features: Iterable[Feature]) -> dict[str, Any]:
    """Features as one collection."""
    return {"type": "FeatureCollection", "features": [feature_to_geojson(layer, feature) for feature in features]}


def geometry_from_geojson(document: object) -> Geometry:
    """The line or polygon of a geometry or feature. Raises InvalidInput that says what was expected."""
    if not isinstance(document, Mapping):
        raise InvalidInput("The body is no GeoJSON: send a LineString, a Polygon, or a Feature with one of them.")
    inner = document.get("geometry") if document.get("type") == "Feature" else document
    kind = inner.get("type") if isinstance(inner, Mapping) else None
    if not isinstance(inner, Mapping) or kind not in SHAPES:
        raise InvalidInput(f"A geometry of type {kind!r} has no shares: send one of {', '.join(SHAPES)}.")
    try:
        geometry: Geometry = shape(inner)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise InvalidInput(f"The coordinates of the {kind} cannot be read: positions are [lon, lat] pairs.") from error
    return _check_shape(shapely.force_2d(geometry))


def _check_shape(geometry: Geometry) -> Geometry:
    vertices = shapely.get_coordinates(geometry)
    if not len(vertices) or not np.isfinite(vertices).all():
        raise InvalidInput("The geometry is empty or has a coordinate that is no number.")
    if len(vertices) > MAX_VERTICES:
        raise InvalidInput(f"The geometry has {len(vertices)} vertices; simplify it to {MAX_VERTICES} at most.")
    if not shapely.is_valid(geometry):
        raise InvalidInput(f"The geometry is not valid ({shapely.is_valid_reason(geometry)}): mend it first.")
    return geometry


def box_from_text(text: str) -> BoundingBox:
    """`w,s,e,n` in degrees. Raises InvalidInput for anything else, swapped corners included."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidInput(f"bbox: {text!r} is no box; write west,south,east,north in degrees.") from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidInput(f"bbox: {text!r} is no box on earth; write west,south,east,north with west ≤ east.")
    return BoundingBox(west, south, east, north)
