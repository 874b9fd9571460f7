"""The sample city in a real store."""

import pytest

from api.bootstrap import open_store, upgrade_database
from api.settings import Settings
from geodata.sample_city.load import make_sample_city
from gridsvc.errors import Conflict
from tests.geodata.sample_city.built import NOW, TODAY, city


@pytest.fixture
def store(tmp_path):
    settings = Settings(data_dir=tmp_path)
    upgrade_database(settings)
    with open_store(settings) as opened:
        yield opened


def _make(store):
    return make_sample_city(store, seed=1, cells=150, now=NOW, today=TODAY, progress=lambda _done, _total: None)


def test_refuses_a_store_that_holds_a_city(store):
    _make(store)
    with pytest.raises(Conflict, match="empty"):
        _make(store)
    assert store.state().edition == 1


def test_what_is_published_is_what_was_built(store):
    edition = _make(store)
    built = city(150, 1)
    assert edition.number == 1
    assert "invented" in edition.comment
    assert store.load_territory(1) == built.territory
    loaded = store.load_roster()
    assert loaded.revision == 1
    assert {table: len(rows) for table, rows in loaded.tables.items()} == {t: len(r) for t, r in built.rows.items()}
    assert list(loaded.tables["people"].values()) == built.rows["people"]
