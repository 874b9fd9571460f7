"""Fill drafts of a store, and publish them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from geodata.publishing import publish
from geodata.schemes import Schemes, load_schemes
from gridsvc.model.edition import Draft, Edition
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Feature, Layer, Territory, key_of
from gridsvc.ports import Store
from tests.fixtures.layers import SCHEME

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


@cache
def shipped() -> Schemes:
    """The schemes of the distribution."""
    return load_schemes(None)


def fill(store: Store, number: int, features: Iterable[Feature], remove: Sequence[Key] = ()) -> None:
    """Put cells into a draft."""
    store.put_features(number, Layer.CELLS, features, remove, no_progress)


def draft_of(store: Store, cells: Iterable[Cell], remove: Sequence[str] = (), crs: str | None = "EPSG:4548") -> Draft:
    """A new draft with these changes of cells."""
    draft = store.create_draft(NOW, crs=crs)
    fill(store, draft.number, cells, [Key(SCHEME, code) for code in remove])
    return store.get_draft(draft.number)


def draft_of_territory(store: Store, territory: Territory, roster: Sequence[RosterChange] = ()) -> Draft:
    """A new draft that holds a whole territory and a whole roster."""
    draft = store.create_draft(NOW, crs=territory.crs)
    for layer in Layer:
        store.put_features(draft.number, layer, territory.layer(layer), (), no_progress)
    store.put_draft_roster(draft.number, roster)
    return store.get_draft(draft.number)


def put_out(store: Store, draft: Draft, effective_from: datetime | None = None) -> Edition:
    """Publish a draft."""
    return publish(
        store, draft.number, now=NOW, schemes=shipped(), progress=no_progress, effective_from=effective_from
    )[0]


def codes(territory: Territory) -> list[str]:
    """Codes of the cells."""
    return [key_of(cell).code for cell in territory.cells]
