"""Disputes in the store: kept with the answer, found by scope, decided once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gridsvc.errors import Conflict, NotFound
from gridsvc.model.incidents import Dispute, DisputeState, FrozenAnswer, Sight
from gridsvc.model.places import Key, Location, Submitted
from gridsvc.store import SqlStore

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
EVERYTHING = Sight(everything=True)


def dispute(**given: object) -> Dispute:
    answer = FrozenAnswer(
        edition=1,
        roster=2,
        at="2026-11-22T16:00:00+08:00",
        document=b'{"a":1}',
        areas=("990101", "990101001", "West"),
        departments=("TRAFFIC", "WEST"),
        cell=Key("S", "1"),
    )
    made = Dispute(
        number=0,
        state=DisputeState.OPEN,
        location=Location(116.4, 39.9, "WGS84", None, Submitted(116.4, 39.9, "WGS84")),
        answer=answer,
        category=Key("E", "0102"),
        component=None,
        incident=None,
        reason="不是我们",
        claimed="PARKS",
        made_by="chief",
        opened_at=NOW,
    )
    return replace(made, **given)  # type: ignore[arg-type]


def add(store: SqlStore, **given: object) -> Dispute:
    with store.begin() as work:
        return work.add_dispute(dispute(**given))


def test_a_number_that_was_never_given_is_not_found(store: SqlStore) -> None:
    with pytest.raises(NotFound):
        store.get_dispute(1)


def test_a_dispute_comes_back_equal(store: SqlStore) -> None:
    kept = add(store, component=Key("C", "9"), incident="20261122-000001")
    assert kept.number == 1
    assert store.get_dispute(1) == kept


def test_of_two_decisions_the_second_is_refused(store: SqlStore) -> None:
    kept = add(store)
    ended = replace(
        kept,
        state=DisputeState.DETERMINED,
        decided_at=NOW,
        decided_by="clerk",
        decided_on=date(2026, 11, 22),
        determination="DET-0001",
        decision="visit",
        version=2,
    )
    with store.begin() as work:
        work.close_dispute(ended)
    assert store.get_dispute(kept.number) == ended
    with pytest.raises(Conflict), store.begin() as work:
        work.close_dispute(replace(ended, decided_by="other"))
    assert store.get_dispute(kept.number) == ended


@pytest.mark.parametrize(
    ("sight", "seen"),
    [
        (EVERYTHING, True),
        (Sight(), False),
        (Sight(login="chief"), True),
        (Sight(login="other"), False),
        (Sight(login="other", scoped=True), True),
        (Sight(login="other", scoped=True, area="990101001"), True),
        (Sight(login="other", scoped=True, area="99010100"), False),
        (Sight(login="other", scoped=True, area="990101002"), False),
        (Sight(login="other", scoped=True, area="West"), True),
        (Sight(login="other", scoped=True, area="WEST"), False),
        (Sight(login="chief", scoped=True, area="990101002"), True),
        (Sight(login="other", scoped=True, department="WEST"), True),
        (Sight(login="other", scoped=True, department="PARKS"), True),
        (Sight(login="other", scoped=True, department="WATER"), False),
        (Sight(login="other", scoped=True, area="990101002", department="PARKS"), False),
    ],
)
def test_a_list_holds_what_may_be_seen(store: SqlStore, sight: Sight, seen: bool) -> None:
    add(store)
    assert len(store.list_disputes(None, sight, before=None, limit=10)) == int(seen)


def test_pages_go_from_the_newest_to_the_oldest(store: SqlStore) -> None:
    for _ in range(3):
        add(store)
    add(store, state=DisputeState.DECLINED)
    numbers = [d.number for d in store.list_disputes(DisputeState.OPEN, EVERYTHING, before=None, limit=2)]
    assert numbers == [3, 2]
    assert [d.number for d in store.list_disputes(None, EVERYTHING, before=2, limit=9)] == [1]
