"""Incidents, photos, fixes and disputes; and who made a revision of the roster."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gridsvc.store.column_types import CODE, ID, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _create_incident()
    _index_incident()
    _create_incident_department()
    _create_day_count()
    _create_photo()
    _create_fix()
    _create_dispute()
    op.add_column("roster_revision", sa.Column("made_by", CODE))


def downgrade() -> None:
    op.drop_column("roster_revision", "made_by")
    for table in ("dispute", "fix", "photo", "day_count", "incident_department", "incident"):
        op.drop_table(table)


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", ID),
        sa.Column("number", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("source", CODE, nullable=False),
        *_place(),
        sa.Column("district", CODE),
        sa.Column("subdistrict", CODE),
        sa.Column("community", CODE),
        sa.Column("category_scheme", CODE),
        sa.Column("category_code", CODE),
        sa.Column("category_name", sa.Text),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("reported_at", UtcDateTime, nullable=False),
        sa.Column("occurred_at", UtcDateTime),
        sa.Column("made_by", CODE),
        sa.Column("reporter", CODE),
        sa.Column("contact_name", sa.Text),
        sa.Column("contact_phone", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        *_answer(),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("number", name="uq_incident"),
    )


def _index_incident() -> None:
    op.create_index("ix_incident_newest", "incident", ["reported_at", "id"])
    for column in ("district", "subdistrict", "community", "made_by"):
        op.create_index(f"ix_incident_{column}", "incident", [column, "reported_at", "id"])
    op.create_index("ix_incident_lon_lat", "incident", ["lon", "lat"])


def _create_incident_department() -> None:
    op.create_table(
        "incident_department",
        sa.Column("department", CODE),
        sa.Column("reported_at", UtcDateTime),
        sa.Column("incident", ID),
        sa.PrimaryKeyConstraint("department", "reported_at", "incident", name="pk_incident_department"),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name="fk_incident_department_incident"),
    )


def _create_day_count() -> None:
    op.create_table(
        "day_count",
        sa.Column("day", CODE),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_day_count"),
    )


def _create_photo() -> None:
    op.create_table(
        "photo",
        sa.Column("incident", CODE),
        sa.Column("digest", CODE),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Column("added_by", CODE),
        sa.Column("thumb", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("incident", "digest", name="pk_photo"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_photo_incident"),
    )


def _create_fix() -> None:
    op.create_table(
        "fix",
        sa.Column("login", CODE),
        sa.Column("device_at", UtcDateTime),
        sa.Column("at", UtcDateTime, nullable=False),
        *_place(),
        sa.Column("areas", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("login", "device_at", name="pk_fix"),
    )
    op.create_index("ix_fix_at", "fix", ["at"])
    op.create_index("ix_fix_device_at", "fix", ["device_at"])


def _create_dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("number", ID),
        sa.Column("state", CODE, nullable=False),
        *_place(),
        *_answer(),
        sa.Column("category_scheme", CODE),
        sa.Column("category_code", CODE),
        sa.Column("component_scheme", CODE),
        sa.Column("component_code", CODE),
        sa.Column("incident", CODE),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("claimed", CODE),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("decided_by", CODE),
        sa.Column("decided_on", sa.Date),
        sa.Column("determination", CODE),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_dispute"),
    )
    op.create_index("ix_dispute_state", "dispute", ["state"])


def _place() -> list[sa.Column[Any]]:
    return [
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("accuracy_m", sa.Double),
        sa.Column("raw_x", sa.Double, nullable=False),
        sa.Column("raw_y", sa.Double, nullable=False),
        sa.Column("raw_datum", sa.Text, nullable=False),
    ]


def _answer() -> list[sa.Column[Any]]:
    return [
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("roster", sa.Integer, nullable=False),
        sa.Column("answered_at", sa.Text, nullable=False),
        sa.Column("areas", sa.Text, nullable=False),
        sa.Column("departments", sa.Text, nullable=False),
        sa.Column("lead", CODE, nullable=False),
        sa.Column("cell_scheme", CODE),
        sa.Column("cell_code", CODE),
        sa.Column("segment_scheme", CODE),
        sa.Column("segment_code", CODE),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    ]
