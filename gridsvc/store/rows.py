"""Rows of the tables ↔ objects of the model, and nothing else: no query, no decision."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from sys import intern
from typing import Any, TypedDict

import numpy as np
import orjson
import shapely
from sqlalchemy import Row as SqlRow

from gridsvc.errors import InvalidInput
from gridsvc.model.edition import Draft, DraftState, Edition
from gridsvc.model.places import BoundingBox
from gridsvc.model.roster import ROSTER_TABLES, RosterChange, Row
from gridsvc.model.territory import FEATURE_TYPES, Feature, Layer
from gridsvc.store.codec import Codec

_AT_ONCE = 1000
_FEATURE_CODECS: dict[Layer, Codec[Feature]] = {
    layer: Codec(cls, frozenset({"scheme", "code", "name", "geometry"})) for layer, cls in FEATURE_TYPES.items()
}
_ROW_CODECS: dict[str, Codec[Row]] = {name: Codec(cls, frozenset({"geometry"})) for name, cls in ROSTER_TABLES.items()}


class FeatureRow(TypedDict):
    """A row of `feature`, without its id."""

    layer: str
    scheme: str
    code: str
    content_hash: bytes
    name: str
    attributes: str
    geometry: bytes | None
    west: float | None
    south: float | None
    east: float | None
    north: float | None


def encode_features(layer: Layer, features: Iterable[Feature]) -> Iterator[FeatureRow]:
    """Rows of features, in their order; never more than a thousand are held."""
    source = iter(features)
    while chunk := list(islice(source, _AT_ONCE)):
        geometries = np.array([getattr(feature, "geometry", None) for feature in chunk], dtype=object)
        blobs = _to_wkb(geometries)
        boxes = shapely.bounds(geometries).tolist()
        for feature, blob, box in zip(chunk, blobs, boxes, strict=True):
            yield _encode_feature(layer, feature, blob, box)


def _encode_feature(layer: Layer, feature: Feature, blob: bytes | None, box: list[float]) -> FeatureRow:
    _check_text(feature.scheme, feature.code, feature.name)
    attributes = _FEATURE_CODECS[layer].encode(feature)
    content = b"\0".join((feature.name.encode(), attributes.encode(), blob or b""))
    west, south, east, north = (None if side != side else side for side in box)  # noqa: PLR0124 - NaN: no box
    return FeatureRow(
        layer=layer.value,
        scheme=feature.scheme,
        code=feature.code,
        content_hash=sha256(content).digest(),
        name=feature.name,
        attributes=attributes,
        geometry=blob,
        west=west,
        south=south,
        east=east,
        north=north,
    )


def decode_features(layer: Layer, rows: Sequence[SqlRow[Any]]) -> list[Feature]:
    """Features of rows with the columns scheme, code, name, attributes, geometry."""
    codec = _FEATURE_CODECS[layer]
    if "geometry" not in FEATURE_TYPES[layer].__slots__:
        return [codec.decode(row.attributes, scheme=intern(row.scheme), code=row.code, name=row.name) for row in rows]
    geometries = shapely.from_wkb([row.geometry for row in rows])
    return [
        codec.decode(row.attributes, scheme=intern(row.scheme), code=row.code, name=row.name, geometry=geometry)
        for row, geometry in zip(rows, geometries, strict=True)
    ]


def _to_wkb(geometries: Any) -> list[bytes | None]:
    """Little-endian WKB of an array of geometries (or None); heights are refused, since the map is flat."""
    if shapely.has_z(geometries).any():
        raise InvalidInput("a geometry has heights; drop the third coordinate first")
    blobs: list[bytes | None] = shapely.to_wkb(geometries, byte_order=1, include_srid=False).tolist()
    return blobs


def _check_text(*texts: str) -> None:
    """Refuse what a text column cannot hold: NUL on PostgreSQL, halves of surrogate pairs on both."""
    joined = "".join(texts)
    if "\0" in joined or (not joined.isascii() and any("\ud800" <= sign <= "\udfff" for sign in joined)):
        raise InvalidInput("a text holds a NUL or half a character; correct the source file")


def encode_changes(changes: Iterable[RosterChange]) -> list[dict[str, Any]]:
    """Columns table_name, key, row, geometry of roster entries; of several with one key only the last remains."""
    return list({(change.table, change.key): _encode_change(change) for change in changes}.values())


def _encode_change(change: RosterChange) -> dict[str, Any]:
    if change.table not in ROSTER_TABLES:
        msg = f"there is no roster table {change.table!r}; known are {', '.join(ROSTER_TABLES)}"
        raise InvalidInput(msg)
    _check_text(change.key)
    row = None if change.row is None else _ROW_CODECS[change.table].encode(change.row)
    shape = getattr(change.row, "geometry", None)
    geometry = None if shape is None else _to_wkb(np.array([shape], dtype=object))[0]
    return {"table_name": change.table, "key": change.key, "row": row, "geometry": geometry}


def decode_change(row: SqlRow[Any]) -> RosterChange:
    """A roster entry from its columns."""
    if row.row is None:
        return RosterChange(row.table_name, row.key, None)
    columns = {}
    if "geometry" in ROSTER_TABLES[row.table_name].__slots__:
        columns["geometry"] = None if row.geometry is None else shapely.from_wkb(row.geometry)
    return RosterChange(row.table_name, row.key, _ROW_CODECS[row.table_name].decode(row.row, **columns))


def encode_edition(edition: Edition) -> dict[str, Any]:
    """A row of `edition`."""
    box = edition.bbox
    return {
        "number": edition.number,
        "effective_from": edition.effective_from,
        "published_at": edition.published_at,
        "crs": edition.crs,
        "west": box.west,
        "south": box.south,
        "east": box.east,
        "north": box.north,
        "counts": orjson.dumps(edition.counts).decode(),
        "digest": edition.digest,
        "restored_from": edition.restored_from,
        "comment": edition.comment,
    }


def decode_edition(row: SqlRow[Any]) -> Edition:
    """An edition from its row."""
    return Edition(
        row.number,
        row.effective_from,
        row.published_at,
        row.crs,
        BoundingBox(row.west, row.south, row.east, row.north),
        orjson.loads(row.counts),
        row.digest,
        row.restored_from,
        row.comment,
    )


def decode_draft(row: SqlRow[Any]) -> Draft:
    """A draft from its row."""
    return Draft(
        number=row.number,
        based_on=row.based_on,
        revision=row.revision,
        state=DraftState(row.state),
        created_at=row.created_at,
        crs=row.crs,
        comment=row.comment,
        edition=row.edition,
        replay_of=row.replay_of,
        replayed_revision=row.replayed_revision,
    )
