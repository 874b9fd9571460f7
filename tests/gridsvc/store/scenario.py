"""Steps that the store's scenarios share: the tiny city published, small changes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from gridsvc.model.edition import Draft, Edition
from gridsvc.model.people import Person
from gridsvc.model.places import BoundingBox
from gridsvc.model.roster import Roster, RosterChange, row_key
from gridsvc.model.territory import Cell, Feature, Layer, Territory, key_of
from gridsvc.store import SqlStore
from tests.fixtures.tiny_city import tiny_rows, tiny_territory

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def edition_of(number: int, effective_from: datetime | None = None) -> Edition:
    """An edition row as the publisher would make it; later numbers take effect on later days."""
    begins = effective_from or NOW + timedelta(days=number)
    box = BoundingBox(116.4, 39.9, 116.403, 39.903)
    return Edition(number, begins, NOW, "EPSG:4548", box, {"cells": 9}, f"{number:064x}", comment=f"no. {number}")


def draft_of(store: SqlStore, territory: Territory) -> Draft:
    """A new draft that holds the territory."""
    draft = store.create_draft(NOW, crs=territory.crs)
    for layer in Layer:
        draft = store.put_features(draft.number, layer, territory.layer(layer), [], silent)
    return draft


def publish_tiny(store: SqlStore) -> Territory:
    """The tiny city as edition 1."""
    territory = tiny_territory()
    store.publish_draft(draft_of(store, territory).number, edition_of(1), silent)
    return territory


def put(store: SqlStore, draft: Draft, *features: Feature, remove: tuple[Feature, ...] = ()) -> Draft:
    """Change cells of a draft."""
    return store.put_features(draft.number, Layer.CELLS, features, [key_of(gone) for gone in remove], silent)


def publish_cells(store: SqlStore, *cells: Cell, remove: tuple[Cell, ...] = ()) -> Edition:
    """A further edition with these cells changed."""
    draft = put(store, store.create_draft(NOW), *cells, remove=remove)
    return store.publish_draft(draft.number, edition_of(draft.based_on + 1), silent)


def renamed(cell: Cell, name: str) -> Cell:
    """The same place under another name."""
    return replace(cell, name=name)


def with_cells(territory: Territory, *cells: Cell, remove: tuple[Cell, ...] = ()) -> Territory:
    """What a territory is after a change of cells."""
    kept = {key_of(cell): cell for cell in territory.cells}
    kept |= {key_of(cell): cell for cell in cells}
    for gone in remove:
        del kept[key_of(gone)]
    return replace(territory, cells=tuple(kept[key] for key in sorted(kept)))


def roster_changes() -> list[RosterChange]:
    """The whole tiny roster as entries for the log."""
    return [RosterChange(table, row_key(row), row) for table, rows in tiny_rows().items() for row in rows]


def person(code: str, name: str, **more: Any) -> RosterChange:
    """One person as an entry for the log."""
    return RosterChange("people", code, Person(code=code, name=name, **more))


def names_of(roster: Roster) -> list[str]:
    """Names of the people of a roster, by key."""
    return [row.name for row in roster.tables.get("people", {}).values() if isinstance(row, Person)]
