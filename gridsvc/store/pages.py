"""Layers read page by page in order of (scheme, code): each page is a transaction of its own, however slow the reader.

Editions do not change, and neither does what a draft was at a revision, so pages fit together.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Row, Select, select

from gridsvc.model.edition import Draft
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Cell, Component, Feature, Group, Layer, Segment, Territory, key_of
from gridsvc.store.database import Database
from gridsvc.store.rows import decode_features
from gridsvc.store.selects import after_key, changes_of, features_of
from gridsvc.store.tables import draft_change, feature

PAGE = 5000
Change = tuple[Key, Feature | None]


def iter_edition(database: Database, number: int, layer: Layer) -> Iterator[Feature]:
    """One layer of an edition."""
    query = features_of(number, layer)
    for rows in _pages(database, query, feature.c.scheme, feature.c.code):
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


def load_layers(crs: str, layers: dict[Layer, Iterator[Any]]) -> Territory:
    """A territory of all its layers."""
    areas: tuple[Area, ...] = tuple(layers[Layer.AREAS])
    cells: tuple[Cell, ...] = tuple(layers[Layer.CELLS])
    groups: tuple[Group, ...] = tuple(layers[Layer.GROUPS])
    segments: tuple[Segment, ...] = tuple(layers[Layer.SEGMENTS])
    components: tuple[Component, ...] = tuple(layers[Layer.COMPONENTS])
    return Territory(crs, areas, cells, groups, segments, components)


def _iter_changes(database: Database, source: Draft, layer: Layer) -> Iterator[Change]:
    scheme, code = draft_change.c.scheme, draft_change.c.code
    query = (
        select(scheme, code, feature.c.id, feature.c.name, feature.c.attributes, feature.c.geometry)
        .select_from(draft_change)
        .outerjoin(feature, feature.c.id == draft_change.c.feature_id)
        .where(changes_of(source.number, source.revision, layer))
    )
    for rows in _pages(database, query, scheme, code):
        present = iter(decode_features(layer, [row for row in rows if row.id is not None]))
        for row in rows:
            yield Key(row.scheme, row.code), None if row.id is None else next(present)


def _pages(database: Database, query: Select[Any], scheme: Column[str], code: Column[str]) -> Iterator[list[Row[Any]]]:
    last: Key | None = None
    while True:
        page = query.where(after_key(scheme, code, last)).order_by(scheme, code).limit(PAGE)
        with database.read() as connection:
            rows = list(connection.execute(page))
        yield rows
        if len(rows) < PAGE:
            return
        last = Key(rows[-1].scheme, rows[-1].code)
