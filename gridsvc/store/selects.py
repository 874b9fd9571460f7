"""Queries that several parts of the store share: what an edition holds, and what a draft changes of it."""

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, exists, func, or_, select, tuple_

from gridsvc.errors import NotFound
from gridsvc.model.edition import Draft, Edition
from gridsvc.model.places import Key
from gridsvc.model.territory import Layer
from gridsvc.store.rows import decode_draft, decode_edition
from gridsvc.store.tables import draft, draft_change, edition, feature, span

FEATURE_COLUMNS = (feature.c.scheme, feature.c.code, feature.c.name, feature.c.attributes, feature.c.geometry)


def held_by(number: int, spans: FromClause = span) -> ColumnElement[bool]:
    """Spans that cover an edition. An open end alone says nothing: a killed publish may have closed it too early."""
    return and_(spans.c.first_edition <= number, or_(spans.c.last_edition.is_(None), spans.c.last_edition >= number))


def features_of(number: int, layer: Layer) -> Select[tuple[str, str, str, str, bytes]]:
    """One layer of an edition."""
    return (
        select(*FEATURE_COLUMNS)
        .join(span, span.c.feature_id == feature.c.id)
        .where(feature.c.layer == layer.value, held_by(number))
    )


def changes_of(number: int, revision: int, layer: Layer) -> ColumnElement[bool]:
    """The last change of each key of a layer, up to a revision of a draft."""
    newer = draft_change.alias("newer")
    return and_(
        draft_change.c.draft == number,
        draft_change.c.layer == layer.value,
        draft_change.c.revision <= revision,
        ~exists().where(
            newer.c.draft == draft_change.c.draft,
            newer.c.layer == draft_change.c.layer,
            newer.c.scheme == draft_change.c.scheme,
            newer.c.code == draft_change.c.code,
            newer.c.revision > draft_change.c.revision,
            newer.c.revision <= revision,
        ),
    )


def differences(source: Draft, layer: Layer) -> Select[tuple[str, str, int | None, int | None]]:
    """Columns scheme, code, old_id, new_id of what a draft really changes in a layer of its base."""
    base = feature.alias("base")
    old = (
        select(base.c.id)
        .join(span, span.c.feature_id == base.c.id)
        .where(
            base.c.layer == draft_change.c.layer,
            base.c.scheme == draft_change.c.scheme,
            base.c.code == draft_change.c.code,
            held_by(source.based_on),
        )
        .correlate(draft_change)
        .scalar_subquery()
    )
    changes = (
        select(
            draft_change.c.scheme,
            draft_change.c.code,
            old.label("old_id"),
            draft_change.c.feature_id.label("new_id"),
        )
        .where(changes_of(source.number, source.revision, layer))
        .subquery()
    )
    return select(changes).where(changes.c.old_id.is_distinct_from(changes.c.new_id))


def last_rows(log: Table, revision: int, *conditions: ColumnElement[bool]) -> Select[tuple[str, str, str, bytes]]:
    """The last row of each table and key in a roster log, up to a revision, by table and key."""
    place = func.row_number().over(partition_by=(log.c.table_name, log.c.key), order_by=log.c.revision.desc())
    known = (
        select(log.c.table_name, log.c.key, log.c.row, log.c.geometry, place.label("place"))
        .where(log.c.revision <= revision, *conditions)
        .subquery()
    )
    columns = (known.c.table_name, known.c.key, known.c.row, known.c.geometry)
    return select(*columns).where(known.c.place == 1).order_by(known.c.table_name, known.c.key)


def after_key(scheme: ColumnElement[str], code: ColumnElement[str], key: Key | None) -> ColumnElement[bool]:
    """Where the next page begins: pages are cut by key, so no transaction stays open between them."""
    return tuple_(scheme, code) > tuple_(*(key or Key("", "")))


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
