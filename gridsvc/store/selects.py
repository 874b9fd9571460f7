"""Queries that several parts of the store share: what an edition holds, and what a draft changes of it."""

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from gridsvc.errors import NotFound
from gridsvc.model.edition import Draft, Edition
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Layer
from gridsvc.store.box_index import meets_box
from gridsvc.store.rows import decode_draft, decode_edition
from gridsvc.store.tables import draft, draft_change, edition, feature, roster_log, roster_revision, span

FEATURE_COLUMNS = (feature.c.scheme, feature.c.code, feature.c.name, feature.c.attributes, feature.c.geometry)


def held_by(number: int) -> ColumnElement[bool]:
    """Spans that cover an edition. An open end alone says nothing: a killed publish may have closed it too early."""
    return and_(span.c.first_edition <= number, or_(span.c.last_edition.is_(None), span.c.last_edition >= number))


def features_of(number: int, layer: Layer) -> Select[tuple[str, str, str, str, bytes]]:
    """One layer of an edition."""
    return _versions_of(number).where(feature.c.layer == layer.value)


def features_in_box(
    number: int, layer: Layer, box: BoundingBox, *, sqlite: bool
) -> Select[tuple[str, str, str, str, bytes]]:
    """Features of a layer of an edition whose bounding box meets a box."""
    # SQLite knows no figures of its R*Tree and would walk the whole layer by key; an expression hides that index.
    of_layer = (feature.c.layer.concat("") if sqlite else feature.c.layer) == layer.value
    return _versions_of(number).where(of_layer, meets_box(box, sqlite=sqlite))


def _versions_of(number: int) -> Select[tuple[str, str, str, str, bytes]]:
    """Everything that an edition holds."""
    return select(*FEATURE_COLUMNS).join(span, span.c.feature_id == feature.c.id).where(held_by(number))


def changes_of(source: Draft, layer: Layer) -> Select[tuple[str, str, int, int | None]]:
    """All changes of a layer of a draft, older ones of the same key too: the last one of a key counts.

    Which one is last is found by reading in order: PostgreSQL without statistics plans an anti-join disastrously.
    """
    return select(draft_change.c.scheme, draft_change.c.code, draft_change.c.revision, draft_change.c.feature_id).where(
        draft_change.c.draft == source.number,
        draft_change.c.layer == layer.value,
        draft_change.c.revision <= source.revision,
    )


def version_in_base(source: Draft) -> ColumnElement[int | None]:
    """Id of the version that the base of a draft holds of a changed feature."""
    return (
        select(feature.c.id)
        .join(span, span.c.feature_id == feature.c.id)
        .where(
            feature.c.layer == draft_change.c.layer,
            feature.c.scheme == draft_change.c.scheme,
            feature.c.code == draft_change.c.code,
            held_by(source.based_on),
        )
        .correlate(draft_change)
        .scalar_subquery()
    )


def roster_rows(revision: int, after: int = 0) -> Select[tuple[str, str, str, bytes]]:
    """The last row of each table and key that the roster's log has after one revision and up to another one."""
    log = roster_log.c
    place = func.row_number().over(partition_by=(log.table_name, log.key), order_by=roster_revision.c.revision.desc())
    known = (
        select(log.table_name, log.key, log.row, log.geometry, place.label("place"))
        .join(roster_revision, roster_revision.c.batch == log.batch)
        .where(roster_revision.c.revision > after, roster_revision.c.revision <= revision)
        .subquery()
    )
    columns = (known.c.table_name, known.c.key, known.c.row, known.c.geometry)
    return select(*columns).where(known.c.place == 1).order_by(known.c.table_name, known.c.key)


def highest_edition(connection: Connection) -> int:
    """0 where nothing is published."""
    return connection.scalar(select(func.max(edition.c.number))) or 0


def get_edition(connection: Connection, number: int) -> Edition:
    """One edition, else NotFound."""
    row = connection.execute(select(edition).where(edition.c.number == number)).one_or_none()
    if row is None:
        msg = f"there is no edition {number}"
        raise NotFound(msg)
    return decode_edition(row)


def get_draft(connection: Connection, number: int, *, for_update: bool = False) -> Draft:
    """One draft, else NotFound; `for_update` keeps others from changing its row in this transaction."""
    query = select(draft).where(draft.c.number == number)
    row = connection.execute(query.with_for_update() if for_update else query).one_or_none()
    if row is None:
        msg = f"there is no draft {number}"
        raise NotFound(msg)
    return decode_draft(row)
