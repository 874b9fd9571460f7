"""Published territory: what goes in comes out to the bit, at any date, and an old edition can come back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from shapely import box

from gridsvc.errors import Conflict, InvalidInput, NotFound
from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.roster import RosterChange
from gridsvc.model.territory import Cell, Layer, Territory
from gridsvc.store import SqlStore
from tests.gridsvc.store.scenario import (
    NOW,
    draft_of,
    edition_of,
    publish_cells,
    publish_tiny,
    put,
    renamed,
    silent,
    with_cells,
)


def test_an_edition_that_was_never_published_is_not_found(store: SqlStore) -> None:
    for ask in (store.get_edition, store.load_territory, lambda number: store.iter_features(number, Layer.CELLS)):
        with pytest.raises(NotFound, match="no edition 1"):
            ask(1)
    with pytest.raises(NotFound, match="no edition 1"):
        store.restore_edition(1, edition_of(1), silent)
    with pytest.raises(NotFound, match="no draft 4"):
        store.publish_draft(4, edition_of(1), silent)


def test_publish_refuses_a_number_that_is_not_the_next(store: SqlStore) -> None:
    draft = draft_of(store, Territory("EPSG:4548"))
    with pytest.raises(Conflict, match="next number is 1"):
        store.publish_draft(draft.number, edition_of(2), silent)
    assert store.list_editions() == []


def test_publish_refuses_an_instant_before_the_last_editions(store: SqlStore) -> None:
    publish_tiny(store)
    draft = store.create_draft(NOW)
    with pytest.raises(Conflict, match="before edition 1"):
        store.publish_draft(draft.number, edition_of(2, NOW), silent)
    with pytest.raises(InvalidInput, match="offset"):
        store.publish_draft(draft.number, edition_of(2, datetime(2027, 1, 1)), silent)  # noqa: DTZ001


def test_publish_refuses_a_draft_whose_base_was_overtaken(store: SqlStore) -> None:
    territory = publish_tiny(store)
    slow = put(store, store.create_draft(NOW), renamed(territory.cells[0], "slow"))
    publish_cells(store, renamed(territory.cells[1], "quick"))
    with pytest.raises(Conflict, match="based on edition 1, but edition 2"):
        store.publish_draft(slow.number, edition_of(3), silent)


def test_publish_refuses_a_draft_that_changed_after_it_was_checked(store: SqlStore) -> None:
    territory = publish_tiny(store)
    draft = put(store, store.create_draft(NOW), renamed(territory.cells[0], "checked"))
    put(store, draft, renamed(territory.cells[1], "unchecked"))
    with pytest.raises(Conflict, match="was changed"):
        store.publish_draft(draft.number, edition_of(2), silent, revision=draft.revision)
    assert store.state().edition == 1
    store.publish_draft(draft.number, edition_of(2), silent, revision=draft.revision + 1)


def test_what_is_published_is_loaded_equal(store: SqlStore) -> None:
    territory = publish_tiny(store)
    assert store.load_territory(1) == territory
    assert list(store.iter_features(1, Layer.SEGMENTS)) == list(territory.segments)
    assert store.get_edition(1) == edition_of(1)
    assert store.list_editions() == [edition_of(1)]
    assert store.state().edition == 1


def test_older_editions_stay_as_they_were(store: SqlStore) -> None:
    first = publish_tiny(store)
    publish_cells(store, renamed(first.cells[0], "second"), remove=(first.cells[8],))
    publish_cells(store, first.cells[8])
    second = with_cells(first, renamed(first.cells[0], "second"), remove=(first.cells[8],))
    assert [store.load_territory(number) for number in (1, 2, 3)] == [first, second, with_cells(second, first.cells[8])]


def test_restore_brings_back_the_content_of_an_older_edition(store: SqlStore) -> None:
    first = publish_tiny(store)
    publish_cells(store, renamed(first.cells[0], "second"), remove=(first.cells[8],))
    restored = store.restore_edition(1, edition_of(3), silent)
    assert restored.restored_from == 1
    again = store.restore_edition(2, edition_of(4), silent)
    assert again.number == 4
    assert store.load_territory(3) == first
    assert store.load_territory(4) == store.load_territory(2) != first


def test_in_force_is_the_greatest_instant_then_the_greatest_number(store: SqlStore) -> None:
    publish_tiny(store)
    noon = NOW + timedelta(days=3)
    for number in (2, 3):
        draft = store.create_draft(NOW)
        store.publish_draft(draft.number, edition_of(number, noon), silent)
    assert store.find_edition_in_force(NOW) is None
    before, at = store.find_edition_in_force(noon - timedelta(microseconds=1)), store.find_edition_in_force(noon)
    assert (before and before.number, at and at.number) == (1, 3)


def test_an_instant_given_in_local_time_comes_back_in_utc(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    midnight = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=8)))
    store.publish_draft(draft.number, edition_of(1, midnight), silent)
    effective_from = store.get_edition(1).effective_from
    assert effective_from == midnight
    assert effective_from.tzinfo is UTC
    in_force = store.find_edition_in_force(midnight)
    assert in_force is not None
    assert store.find_edition_in_force(midnight - timedelta(seconds=1)) is None


def test_codes_are_ordered_by_code_point_as_python_does(store: SqlStore) -> None:
    codes = ["a", "B", "_", "10", "9", "é", "街", "A-1", "A1", "\U0001f600", "￿"]
    cells = [Cell("S", code, code, box(0, 0, 1, 1)) for code in codes]
    draft = put(store, store.create_draft(NOW, crs="EPSG:4548"), *cells)
    assert [cell.code for cell in store.load_draft(draft.number).cells] == sorted(codes)
    store.publish_draft(draft.number, edition_of(1), silent)
    assert [cell.code for cell in store.iter_features(1, Layer.CELLS)] == sorted(codes)


def test_features_in_a_box_touching_included_up_to_the_limit(store: SqlStore) -> None:
    territory = publish_tiny(store)
    publish_cells(store, remove=(territory.cells[4],))
    corner = BoundingBox(116.401, 39.901, 116.401, 39.901)
    hits = store.list_features_in_box(1, Layer.CELLS, corner, 10)
    assert [cell.name for cell in hits] == ["A0", "A1", "B0", "B1"]
    assert [cell.name for cell in store.list_features_in_box(2, Layer.CELLS, corner, 10)] == ["A0", "A1", "B0"]
    assert store.list_features_in_box(1, Layer.CELLS, corner, 2) == hits[:2]
    counted = [
        store.count_features_in_box(number, Layer.CELLS, corner, most) for number, most in ((1, 9), (2, 9), (1, 2))
    ]
    assert counted == [4, 3, 2]
    # One step in doubles beside the corner: single precision cannot tell, the exact boxes must.
    east_of_a = BoundingBox(116.40100000000001, 39.9, 116.4015, 39.9005)
    assert [cell.name for cell in store.list_features_in_box(1, Layer.CELLS, east_of_a, 10)] == ["B0"]
    assert store.count_features_in_box(1, Layer.CELLS, east_of_a, 10) == 1


def test_a_drafts_roster_changes_are_published_with_its_borders(store: SqlStore) -> None:
    draft = store.create_draft(NOW)
    store.put_draft_roster(draft.number, [RosterChange("people", "P01", None)])
    assert store.state().roster_revision == 0
    store.publish_draft(draft.number, edition_of(1), silent)
    assert store.state().roster_revision == 1
    assert store.list_changes(draft.number) == []
    assert store.list_features_in_box(1, Layer.GROUPS, BoundingBox(0, 0, 1, 1), 5) == []
    assert Key("S", "c") not in {cell.code for cell in store.iter_features(1, Layer.CELLS)}
