from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.draft_index import DraftIndex, Named
from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.territory import Layer
from gridsvc.ports import Store
from tests.fixtures.layers import CORNER, SCHEME, STEP, cell, rectangle, sound
from tests.fixtures.tiny_city import tiny_territory
from tests.geodata.drafting import NOW, draft_of, draft_of_territory, fill, put_out

EVERYTHING = BoundingBox(-180, -90, 180, 90)


def around(x: float, y: float) -> BoundingBox:
    """A small box in steps from the corner."""
    west, south = CORNER[0] + STEP * x, CORNER[1] + STEP * y
    return BoundingBox(west - STEP / 10, south - STEP / 10, west + STEP / 10, south + STEP / 10)


def names(hits: list[Named]) -> list[str]:
    return [key.code for _, key in hits]


def test_an_empty_draft_has_nothing_anywhere(sqlite_store: Store) -> None:
    assert DraftIndex(sqlite_store, sqlite_store.create_draft(NOW).number).query(EVERYTHING) == []


def test_features_of_all_drawn_layers_are_found_by_box(sqlite_store: Store) -> None:
    draft = draft_of_territory(sqlite_store, tiny_territory())
    hits = DraftIndex(sqlite_store, draft.number).query(BoundingBox(116.4002, 39.9012, 116.4004, 39.9016))
    assert names(hits) == ["990101", "990101001", "990101001001", "990101001001002", "L-A"]


def test_it_catches_up_with_moves_additions_removals_and_undoing(sqlite_store: Store) -> None:
    put_out(sqlite_store, draft_of(sqlite_store, sound()))
    draft = draft_of(sqlite_store, ())
    index = DraftIndex(sqlite_store, draft.number)
    assert names(index.query(around(0.5, 0.5))) == ["A0"]
    fill(sqlite_store, draft.number, [cell(CORNER, "A0", rectangle(5, 5, 6, 6))], [Key(SCHEME, "B1")])
    index.catch_up(sqlite_store)
    assert index.revision == sqlite_store.get_draft(draft.number).revision
    assert (names(index.query(around(0.5, 0.5))), names(index.query(around(5.5, 5.5)))) == ([], ["A0"])
    assert index.box_of(Layer.CELLS, Key(SCHEME, "B1")) is None
    fill(sqlite_store, draft.number, sound())
    index.catch_up(sqlite_store)
    assert sqlite_store.list_changes(draft.number) == []
    assert names(index.query(EVERYTHING)) == ["A0", "A1", "B0", "B1"]
    assert names(index.query(around(5.5, 5.5))) == []


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("PQRS"), st.integers(0, 8), st.booleans()), max_size=5))
def test_after_any_edits_it_answers_as_one_made_afresh(sqlite_store: Store, edits: list[tuple[str, int, bool]]) -> None:
    draft = sqlite_store.create_draft(NOW)
    index = DraftIndex(sqlite_store, draft.number)
    for code, place, keep in edits:
        moved = [cell(CORNER, code, rectangle(place, 0, place + 1, 1))] if keep else []
        fill(sqlite_store, draft.number, moved, [] if keep else [Key(SCHEME, code)])
        index.catch_up(sqlite_store)
    fresh = DraftIndex(sqlite_store, draft.number)
    for place in range(9):
        assert index.query(around(place + 0.5, 0.5)) == fresh.query(around(place + 0.5, 0.5))


def test_many_threads_may_ask_while_it_catches_up(sqlite_store: Store) -> None:
    draft = draft_of(sqlite_store, sound())
    index = DraftIndex(sqlite_store, draft.number)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(index.query, around(0.5, 0.5)) for _ in range(200)]
        for n in range(5):
            fill(sqlite_store, draft.number, [cell(CORNER, f"N{n}", rectangle(9 + n, 0, 10 + n, 1))])
            pool.submit(index.catch_up, sqlite_store).result()
    assert {tuple(names(answer.result())) for answer in answers} == {("A0",)}
    assert len(index.query(EVERYTHING)) == 9
