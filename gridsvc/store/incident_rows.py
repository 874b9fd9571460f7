"""Incidents, photos and fixes as rows."""

from typing import Any

import orjson
from sqlalchemy import Row as SqlRow

from gridsvc.model.incidents import Contact, Fix, Incident, IncidentState, Photo, Source
from gridsvc.model.territory import COMMUNITY_RANK, DISTRICT_RANK, SUBDISTRICT_RANK, Level
from gridsvc.store.answers import (
    decode_answer,
    decode_codes,
    decode_place,
    encode_answer,
    encode_codes,
    encode_place,
    key_columns,
    key_of_columns,
)

_PLAIN = ("number", "category_name", "description", "address", "reported_at", "occurred_at", "made_by", "reporter")
_LEVELS = {DISTRICT_RANK: "district", SUBDISTRICT_RANK: "subdistrict", COMMUNITY_RANK: "community"}
_PIXELS = ("data", "thumb")
_PHOTO = ("digest", "incident", "media_type", "width", "height", "added_at", "added_by", *_PIXELS)
_FIX = ("login", "at", "device_at")


def encode_incident(incident: Incident) -> dict[str, Any]:
    """All columns but the id."""
    contact = incident.contact
    return {
        **{name: getattr(incident, name) for name in _PLAIN},
        "state": incident.state.value,
        "source": incident.source.value,
        **encode_place(incident.location),
        **encode_answer(incident.answer),
        **_area_columns(incident.answer.document),
        **key_columns("category", incident.category),
        "contact_name": contact.name if contact else None,
        "contact_phone": contact.phone if contact else None,
        "version": incident.version,
    }


def list_departments(number: int, incident: Incident) -> list[dict[str, Any]]:
    """A line for each department that an incident (by its id) concerns."""
    codes = dict.fromkeys(incident.answer.departments)
    return [{"department": code, "reported_at": incident.reported_at, "incident": number} for code in codes]


def decode_incident(row: SqlRow[Any]) -> Incident:
    """An incident out of a row of its table."""
    has_contact = row.contact_name is not None or row.contact_phone is not None
    return Incident(
        **{name: getattr(row, name) for name in _PLAIN},
        state=IncidentState(row.state),
        source=Source(row.source),
        location=decode_place(row),
        answer=decode_answer(row),
        category=key_of_columns(row.category_scheme, row.category_code),
        contact=Contact(row.contact_name, row.contact_phone) if has_contact else None,
        version=row.version,
    )


def encode_photo(photo: Photo) -> dict[str, Any]:
    """All columns."""
    return {name: getattr(photo, name) for name in _PHOTO}


def decode_photo(row: SqlRow[Any], **data: bytes) -> Photo:
    """A photo out of a row of its table, with what was read of its data."""
    plain = {name: getattr(row, name) for name in _PHOTO if name not in _PIXELS}
    return Photo(**(plain | data))


def encode_fix(fix: Fix) -> dict[str, Any]:
    """All columns."""
    plain = {name: getattr(fix, name) for name in _FIX}
    return {**plain, **encode_place(fix.location), "areas": encode_codes(fix.areas)}


def decode_fix(row: SqlRow[Any]) -> Fix:
    """A fix out of a row of its table."""
    plain = {name: getattr(row, name) for name in _FIX}
    return Fix(**plain, location=decode_place(row), areas=decode_codes(row.areas))


def _area_columns(document: bytes) -> dict[str, str | None]:
    """The codes by level, out of the answer itself."""
    columns: dict[str, str | None] = dict.fromkeys(_LEVELS.values())
    for area in orjson.loads(document)["areas"]:
        columns[_LEVELS[Level(area["level"]).rank]] = area["code"]
    return columns
