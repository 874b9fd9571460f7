"""GeoJSON by RFC 7946, read strictly: GDAL accepts and silently bends most of what is wrong with such files.

Also read: a bare geometry or feature, and newline-delimited features. Doubles are the nearest to the written numbers.
"""

import codecs
from pathlib import Path
from typing import Any

import orjson

from geodata.formats.geojson_geometry import GEOMETRY_TYPES, BadGeometry, build_geometry
from geodata.formats.table import SourceTable, geometry_array
from geodata.issues import found
from geodata.safety import check_file, clean_message, refuse
from gridsvc.model.issue import Issue

_NO_STATEMENT = ("CRS84", "EPSG::4326", "EPSG:4326")


def _load(data: bytes, encoding: str | None, layer: str, file: str) -> Any:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and encoding is None:
        refuse("JSON_UNREADABLE", layer, file, why="it is UTF-16, not UTF-8")
    try:
        text = data.decode(encoding) if encoding else data.removeprefix(codecs.BOM_UTF8)
    except (UnicodeDecodeError, LookupError):
        refuse("ENCODING_WRONG", layer, file, encoding=encoding)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        refuse("JSON_UNREADABLE", layer, file, why=clean_message(error))


def _list_features(document: Any, layer: str, file: str) -> list[Any]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            refuse("GEOJSON_STRUCTURE", layer, file, why='"features" is not a list')
        return features
    if kind == "Feature":
        return [document]
    if isinstance(kind, str) and kind in GEOMETRY_TYPES:
        return [{"type": "Feature", "properties": None, "geometry": document}]
    return refuse("GEOJSON_STRUCTURE", layer, file, why='"type" is none of FeatureCollection, Feature or a geometry')


def named_crs(document: Any) -> str | None:
    """The CRS of an old "crs" member; writers put CRS84 there without thinking, which says nothing about the datum."""
    member = document.get("crs") if isinstance(document, dict) else None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.endswith(_NO_STATEMENT):
        return None
    return name


def why_no_feature(feature: Any) -> str | None:
    """Why it is no feature, or None."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return 'it is no object with "type": "Feature"'
    if not isinstance(feature.get("properties", {}), dict | None):
        return '"properties" is neither an object nor null'
    if "geometry" not in feature:
        return 'it has no member "geometry" (write null where there is none)'
    if not isinstance(feature["geometry"], dict | None):
        return '"geometry" is neither an object nor null'
    return None


def _read_features(features: list[Any], layer: str, file: str) -> tuple[list[Any], list[dict[str, Any]], list[Issue]]:
    geometries: list[Any] = []
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    for number, feature in enumerate(features, start=1):
        why = why_no_feature(feature)
        geometry = None
        if why is None:
            try:
                geometry = build_geometry(feature["geometry"])
            except BadGeometry as error:
                why = str(error)
        if why is not None:
            issues.append(found("GEOJSON_FEATURE", layer, (), None, file=file, where=f"{file} #{number}", why=why))
            continue
        geometries.append(geometry)
        properties = feature.get("properties") or {}
        rows.append(properties if "id" in properties else {"id": feature.get("id"), **properties})
    return geometries, rows, issues


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    if all(value is None for value in columns.get("id", [])):
        columns.pop("id", None)
    return columns


def read_geojson(path: Path, layer: str, encoding: str | None, *, by_line: bool = False) -> SourceTable:
    """One table; features that cannot be read are findings in it. The CRS said in the file is not binding."""
    check_file(path, "GeoJSON", layer)
    data = path.read_bytes()
    if by_line:
        documents = [
            _load(line.lstrip(b"\x1e"), encoding, layer, path.name) for line in data.splitlines() if line.strip()
        ]
        features = [feature for document in documents for feature in _list_features(document, layer, path.name)]
        crs = None
    else:
        document = _load(data, encoding, layer, path.name)
        features, crs = _list_features(document, layer, path.name), named_crs(document)
    geometries, rows, issues = _read_features(features, layer, path.name)
    bad = {issue.values["where"] for issue in issues}
    numbers = [n for n in range(1, len(features) + 1) if f"{path.name} #{n}" not in bad]
    return SourceTable(
        path.name,
        _columns(rows),
        numbers,
        geometry_array(geometries),
        crs,
        crs_is_binding=False,
        outer_rings_ccw=True,
        issues=issues,
    )
