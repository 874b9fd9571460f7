"""Tables of incidents, their photos, fixes of field staff, and disputes. Lists of codes are JSON."""

from sqlalchemy import Column, Date, Double, ForeignKey, Index, Integer, LargeBinary, Table, Text

from gridsvc.store.column_types import CODE, ID, UtcDateTime
from gridsvc.store.tables import metadata


def _place() -> list[Column[object]]:
    """A location: degrees, accuracy, and the pair as it came in."""
    return [
        Column("lon", Double, nullable=False),
        Column("lat", Double, nullable=False),
        Column("accuracy_m", Double),
        Column("raw_x", Double, nullable=False),
        Column("raw_y", Double, nullable=False),
        Column("raw_datum", Text, nullable=False),
    ]


def _answer() -> list[Column[object]]:
    """A frozen answer: what is asked of it in queries, and its bytes.

    These columns come last: SQLite reads a row from its beginning, and queries should pass the bytes by.
    """
    return [
        Column("edition", Integer, nullable=False),
        Column("roster", Integer, nullable=False),
        Column("answered_at", Text, nullable=False),
        Column("areas", Text, nullable=False),
        Column("departments", Text, nullable=False),
        Column("lead", CODE, nullable=False),
        Column("cell_scheme", CODE),
        Column("cell_code", CODE),
        Column("segment_scheme", CODE),
        Column("segment_code", CODE),
        Column("flags", Text, nullable=False),
        Column("document", LargeBinary, nullable=False),
    ]


incident = Table(
    "incident",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", CODE, nullable=False, unique=True),
    Column("state", CODE, nullable=False),
    Column("source", CODE, nullable=False),
    *_place(),
    Column("district", CODE),
    Column("subdistrict", CODE),
    Column("community", CODE),
    Column("category_scheme", CODE),
    Column("category_code", CODE),
    Column("category_name", Text),
    Column("description", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("occurred_at", UtcDateTime),
    Column("made_by", CODE),
    Column("reporter", CODE),
    Column("contact_name", Text),
    Column("contact_phone", Text),
    Column("version", Integer, nullable=False),
    *_answer(),
    Index("ix_incident_newest", "reported_at", "id"),
    Index("ix_incident_district", "district", "reported_at", "id"),
    Index("ix_incident_subdistrict", "subdistrict", "reported_at", "id"),
    Index("ix_incident_community", "community", "reported_at", "id"),
    Index("ix_incident_made_by", "made_by", "reported_at", "id"),
    Index("ix_incident_lon_lat", "lon", "lat"),
)

incident_department = Table(
    "incident_department",
    metadata,
    Column("department", CODE, primary_key=True),
    Column("reported_at", UtcDateTime, primary_key=True),
    Column("incident", ID, ForeignKey("incident.id"), primary_key=True),
)
"""Every department that an incident concerns, so that each finds its own, newest first."""

day_count = Table(
    "day_count",
    metadata,
    Column("day", CODE, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How many incidents a local day (YYYYMMDD) has: the second half of the next number."""

photo = Table(
    "photo",
    metadata,
    Column("incident", CODE, ForeignKey("incident.number"), primary_key=True),
    Column("digest", CODE, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", CODE),
    Column("thumb", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

fix = Table(
    "fix",
    metadata,
    Column("login", CODE, primary_key=True),
    Column("device_at", UtcDateTime, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    *_place(),
    Column("areas", Text, nullable=False),
    Index("ix_fix_device_at", "device_at"),
)
"""One fix per person and device instant: a batch that is sent again adds nothing."""

dispute = Table(
    "dispute",
    metadata,
    Column("number", ID, primary_key=True),
    Column("state", CODE, nullable=False, index=True),
    *_place(),
    *_answer(),
    Column("category_scheme", CODE),
    Column("category_code", CODE),
    Column("component_scheme", CODE),
    Column("component_code", CODE),
    Column("incident", CODE),
    Column("reason", Text, nullable=False),
    Column("claimed", CODE),
    Column("made_by", CODE, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", CODE),
    Column("decided_on", Date),
    Column("determination", CODE),
    Column("decision", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
