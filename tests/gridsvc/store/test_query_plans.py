"""The indexes are not only there, the database uses them."""

from collections.abc import Iterator
from typing import Any

import pytest
from shapely import box
from sqlalchemy import event

from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Cell, Layer
from gridsvc.store import SqlStore, upgrade
from tests.fixtures.tiny_city import tiny_territory
from tests.gridsvc.store.scenario import NOW, draft_of, edition_of, put, silent

Statements = list[tuple[str, Any]]


@pytest.fixture
def database_url(bare_url: str) -> str:
    """One's own: rows and statistics of before would change a plan."""
    upgrade(bare_url)
    return bare_url


@pytest.fixture
def statements(store: SqlStore) -> Iterator[Statements]:
    """Everything that the store sends, with parameters."""
    sent: Statements = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(store._database.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(store._database.engine, "before_cursor_execute", listen)


def _plan(store: SqlStore, statements: Statements, word: str, *off: str) -> str:
    """How the database would run the last statement that holds a word."""
    statement, parameters = next(sent for sent in reversed(statements) if word in sent[0])
    explain = "EXPLAIN QUERY PLAN " if store._database.is_sqlite else "EXPLAIN (FORMAT JSON) "
    with store._database.read() as connection:
        for way in () if store._database.is_sqlite else off:
            connection.exec_driver_sql(f"SET LOCAL {way} = off")
        return str([tuple(row) for row in connection.exec_driver_sql(explain + statement, parameters)])


@pytest.fixture
def wide(store: SqlStore) -> SqlStore:
    """2,500 cells, enough for a planner to care."""
    cells = [Cell("S", f"{n:05d}", "", box(n % 50, n // 50, n % 50 + 0.9, n // 50 + 0.9)) for n in range(2500)]
    draft = put(store, draft_of(store, tiny_territory()), *cells)
    store.publish_draft(draft.number, edition_of(1), silent)
    return store


@pytest.mark.parametrize("is_counted", [False, True])
def test_a_box_is_looked_up_in_the_spatial_index(wide: SqlStore, statements: Statements, is_counted: bool) -> None:
    one = BoundingBox(3.1, 4.1, 3.2, 4.2)
    if is_counted:
        assert wide.count_features_in_box(1, Layer.CELLS, one, 10) == 1
    else:
        assert len(wide.list_features_in_box(1, Layer.CELLS, one, 10)) == 1
    plan = _plan(wide, statements, "feature.east")
    if wide._database.is_sqlite:
        assert "feature_rtree VIRTUAL TABLE INDEX" in plan
        assert "SEARCH feature USING INTEGER PRIMARY KEY" in plan
    else:
        assert "ix_feature_geometry" in plan
    assert "SCAN feature " not in plan


def test_a_page_is_read_from_the_key_index(wide: SqlStore, statements: Statements) -> None:
    next(wide.iter_features(1, Layer.CELLS))
    # Fewer rows than a page are sooner read whole; asked is whether PostgreSQL can do otherwise.
    plan = _plan(wide, statements, "feature.attributes", "enable_seqscan", "enable_sort")
    if wide._database.is_sqlite:
        assert "SEARCH feature USING INDEX sqlite_autoindex_feature_1 (layer=?" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert "uq_feature" in plan


def test_a_change_finds_its_base_by_key(wide: SqlStore, statements: Statements) -> None:
    draft = put(wide, wide.create_draft(NOW), Cell("S", "00007", "new", box(0, 0, 1, 1)))
    assert len(wide.list_changes(draft.number)) == 1
    plan = _plan(wide, statements, "before")
    if wide._database.is_sqlite:
        assert "SCAN" not in plan.replace("SCALAR", "")
    else:
        assert "uq_feature" in plan
