"""Layers read page by page in order of (scheme, code): each page is a transaction of its own, however slow the reader.

Editions do not change, and neither does what a draft was at a revision, so pages fit together.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Column, Row, Select, select, tuple_

from gridsvc.model.edition import Draft
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Component, Feature, Group, Layer, Place, Segment, Territory, key_of
from gridsvc.store.database import Database
from gridsvc.store.rows import decode_features
from gridsvc.store.selects import changes_of, features_of, version_in_base
from gridsvc.store.tables import draft_change, draft_roster, feature

_PAGE = 5000
_CHANGE_ORDER = (draft_change.c.scheme, draft_change.c.code, draft_change.c.revision)
_first = itemgetter(0)


class Difference(NamedTuple):
    """What a draft changes of its base: ids of the versions before and after, None where there is none."""

    key: Key
    before: int | None
    after: int | None


def iter_edition(database: Database, number: int, layer: Layer) -> Iterator[Feature]:
    """One layer of an edition."""
    for rows in iter_pages(database, features_of(number, layer), feature.c.scheme, feature.c.code):
        yield from decode_features(layer, rows)


def iter_draft(database: Database, source: Draft, layer: Layer) -> Iterator[Feature]:
    """One layer of a draft: its base with the changes laid over it."""
    base = iter_edition(database, source.based_on, layer)
    changes = _iter_changes(database, source, layer)
    below, above = next(base, None), next(changes, None)
    while below is not None or above is not None:
        if above is None or (below is not None and key_of(below) < above[0]):
            if below is not None:
                yield below
            below = next(base, None)
            continue
        if below is not None and key_of(below) == above[0]:
            below = next(base, None)
        if above[1] is not None:
            yield above[1]
        above = next(changes, None)


def iter_differences(database: Database, source: Draft, layer: Layer) -> Iterator[Difference]:
    """What is really different from the base: a feature changed there and back is passed over."""
    query = changes_of(source, layer).add_columns(version_in_base(source).label("before"))
    rows = (
        Difference(Key(row.scheme, row.code), row.before, row.feature_id)
        for page in iter_pages(database, query, *_CHANGE_ORDER)
        for row in page
    )
    for _, changes in groupby(rows, key=_first):
        *_, last = changes
        if last.before != last.after:
            yield last


def iter_draft_roster(database: Database, source: Draft) -> Iterator[Row[Any]]:
    """The last entry of each table and key among the roster changes of a draft, by table and key."""
    order = (draft_roster.c.table_name, draft_roster.c.key, draft_roster.c.revision)
    query = select(*order, draft_roster.c.row, draft_roster.c.geometry).where(
        draft_roster.c.draft == source.number, draft_roster.c.revision <= source.revision
    )
    rows = (row for page in iter_pages(database, query, *order) for row in page)
    for _, entries in groupby(rows, key=itemgetter(0, 1)):
        *_, last = entries
        yield last


def load_layers(crs: str, layers: dict[Layer, Iterator[Any]]) -> Territory:
    """A territory of all its layers."""
    areas: tuple[Area, ...] = tuple(layers[Layer.AREAS])
    cells: tuple[Cell, ...] = tuple(layers[Layer.CELLS])
    groups: tuple[Group, ...] = tuple(layers[Layer.GROUPS])
    segments: tuple[Segment, ...] = tuple(layers[Layer.SEGMENTS])
    components: tuple[Component, ...] = tuple(layers[Layer.COMPONENTS])
    places: tuple[Place, ...] = tuple(layers[Layer.PLACES])
    return Territory(crs, areas, cells, groups, segments, components, places)


def iter_pages(database: Database, query: Select[Any], *order: Column[Any]) -> Iterator[list[Row[Any]]]:
    """The rows of a query in the order of columns that it selects and that no two rows share."""
    page = query.order_by(*order).limit(_PAGE)
    with database.read() as connection:
        rows = list(connection.execute(page))
    while rows:
        yield rows
        if len(rows) < _PAGE:
            return
        last = (getattr(rows[-1], column.name) for column in order)
        with database.read() as connection:
            rows = list(connection.execute(page.where(tuple_(*order) > tuple_(*last))))


def _iter_changes(database: Database, source: Draft, layer: Layer) -> Iterator[tuple[Key, Feature | None]]:
    query = (
        changes_of(source, layer)
        .add_columns(feature.c.name, feature.c.attributes, feature.c.geometry)
        .outerjoin(feature, feature.c.id == draft_change.c.feature_id)
    )
    changes = (change for rows in iter_pages(database, query, *_CHANGE_ORDER) for change in _decode(layer, rows))
    for _, versions in groupby(changes, key=_first):
        *_, last = versions
        yield last


def _decode(layer: Layer, rows: list[Row[Any]]) -> Iterator[tuple[Key, Feature | None]]:
    present = iter(decode_features(layer, [row for row in rows if row.feature_id is not None]))
    for row in rows:
        yield Key(row.scheme, row.code), None if row.feature_id is None else next(present)
