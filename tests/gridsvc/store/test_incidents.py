"""Incidents, photos and fixes on both databases: what is kept, what is found, and who sees it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gridsvc.datum.location import locate
from gridsvc.errors import NotFound
from gridsvc.model.incidents import (
    Contact,
    Fix,
    FixFilter,
    IncidentFilter,
    IncidentState,
    Photo,
    Sight,
    Source,
)
from gridsvc.model.places import BoundingBox
from gridsvc.store import SqlStore
from tests.fixtures.incidents import NOW, keep_incidents, make_incident
from tests.fixtures.tiny_city import PARKING, RUBBISH

ALL = Sight(everything=True)
HOUR = timedelta(hours=1)


def _numbers(store: SqlStore, sight: Sight = ALL, limit: int = 100, **wanted: Any) -> list[str]:
    return [incident.number for _, incident in store.list_incidents(IncidentFilter(**wanted), sight, limit)]


@pytest.fixture
def four(store: SqlStore) -> SqlStore:
    """One in each of A1, B2 (West) and C1 (East), an hour apart, and one in A0 by somebody else."""
    keep_incidents(
        store,
        make_incident("20260401-000001", "A1", category=RUBBISH, description="东四六条57号院 rubbish_100%"),
        make_incident("20260401-000002", "B2", reported_at=NOW + HOUR, category=RUBBISH, source=Source.DEVICE),
        make_incident("20260402-000001", "C1", reported_at=NOW + 2 * HOUR, category=PARKING, made_by="camera"),
        make_incident("20260402-000002", "A0", reported_at=NOW + 3 * HOUR, address="东四七条", made_by=None),
    )
    return store


def test_unknown_incident_and_photo_are_not_found(store: SqlStore) -> None:
    with pytest.raises(NotFound):
        store.get_incident("20260401-000001")
    with pytest.raises(NotFound):
        store.get_photo("20260401-000001", "d", thumb=True)
    with pytest.raises(NotFound), store.begin() as work:
        work.touch_incident("20260401-000001")


def test_an_incident_comes_back_whole(store: SqlStore) -> None:
    given = make_incident(
        "20260401-000001",
        "C1",
        category=PARKING,
        category_name="机动车乱停放",
        description="<b>\N{PILE OF POO}</b>",
        occurred_at=NOW - HOUR,
        reporter="P01",
        contact=Contact("张三", None),
        location=locate(448_696.3, 4_419_708.3, "EPSG:4548", 12.5),
        state=IncidentState.REPORTED,
    )
    keep_incidents(store, given)
    assert store.get_incident(given.number) == given


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "4321"),
        ({"source": Source.DEVICE}, "2"),
        ({"state": IncidentState.REPORTED}, "4321"),
        ({"category": PARKING}, "3"),
        ({"subdistrict": "990101001"}, "421"),
        ({"made_by": "collector"}, "21"),
        ({"since": NOW + HOUR, "until": NOW + 3 * HOUR}, "32"),
        ({"box": BoundingBox(116.4, 39.9, 116.4016, 39.902)}, "41"),
        ({"text": "57号"}, "1"),
        ({"text": "东四"}, "41"),
        ({"text": "RUBBISH_100%"}, "1"),
        ({"text": "%"}, "1"),
        ({"text": "_"}, "1"),
        ({"text": "'; DROP TABLE incident"}, ""),
        ({"text": "20260402"}, "43"),
        ({"text": "20260402-000001"}, "3"),
        ({"text": "2026"}, "4321"),
        ({"text": "20260403"}, ""),
    ],
)
def test_what_is_looked_for_is_found_newest_first(four: SqlStore, wanted: dict[str, Any], found: str) -> None:
    names = dict(zip(["20260401-000001", "20260401-000002", "20260402-000001", "20260402-000002"], "1234", strict=True))
    assert "".join(names[number] for number in _numbers(four, **wanted)) == found


@pytest.mark.parametrize(
    ("sight", "days"),
    [
        (Sight(), []),
        (Sight(login="camera"), [2]),
        (Sight(login="nobody", scoped=True), [2, 2, 1, 1]),
        (Sight(login="nobody", scoped=True, area="990101"), [2, 2, 1, 1]),
        (Sight(login="nobody", scoped=True, area="990101002"), [2]),
        (Sight(login="nobody", scoped=True, area="990101001002"), [1]),
        (Sight(login="camera", scoped=True, area="990101001002"), [2, 1]),
        (Sight(login="nobody", scoped=True, area="990101003"), []),
        (Sight(login="nobody", scoped=True, department="TRAFFIC"), [2]),
        (Sight(login="nobody", scoped=True, department="PARKS"), [1]),
        (Sight(login="nobody", scoped=True, department="PARKS", area="990101002"), []),
        (Sight(login="collector", scoped=True, department="TRAFFIC", area="990101002"), [2, 1, 1]),
    ],
)
def test_the_scope_decides_what_is_seen(four: SqlStore, sight: Sight, days: list[int]) -> None:
    assert [int(number[7]) for number in _numbers(four, sight)] == days


def test_pages_fit_together_while_new_ones_arrive(four: SqlStore) -> None:
    for sight in (ALL, Sight(login="collector", scoped=True, area="990101002")):
        expected, seen, after = _numbers(four, sight), list[str](), None
        while page := four.list_incidents(IncidentFilter(after=after), sight, 1):
            [(row, incident)] = page
            seen.append(incident.number)
            after = (incident.reported_at, row)
            keep_incidents(
                four, make_incident(f"20270101-{sight.everything:d}{len(seen):05d}", "C1", reported_at=NOW + 9 * HOUR)
            )
        assert seen == expected


def test_incidents_of_one_instant_are_paged_by_id(store: SqlStore) -> None:
    keep_incidents(store, *(make_incident(f"20260401-{n:06d}") for n in range(5)))
    (_, first), (number, second) = store.list_incidents(IncidentFilter(), ALL, 2)
    assert [first.number[-1], second.number[-1]] == ["4", "3"]
    assert _numbers(store, after=(second.reported_at, number)) == [f"20260401-{n:06d}" for n in (2, 1, 0)]


def test_photos_are_kept_with_their_incident(store: SqlStore) -> None:
    keep_incidents(store, make_incident("20260401-000001"))
    photo = Photo(
        digest="d1",
        incident="20260401-000001",
        media_type="image/jpeg",
        width=3,
        height=2,
        added_at=NOW,
        added_by=None,
        data=b"large",
        thumb=b"small",
    )
    with store.begin() as work:
        work.hold_incident("20260401-000001")
        assert work.touch_incident("20260401-000001").version == 2
        work.add_photo(photo)
        assert work.list_photos("20260401-000001") == [replace(photo, data=b"", thumb=b"")]
    assert store.get_photo("20260401-000001", "d1", thumb=False).data == b"large"
    assert store.get_photo("20260401-000001", "d1", thumb=True).thumb == b"small"
    [listed] = store.list_photos(["20260401-000001", "20260401-000002"])["20260401-000001"]
    assert (listed.width, listed.data, listed.thumb) == (3, b"", b"")


def _fix(minutes: int, login: str = "collector", areas: tuple[str, ...] = ("990101", "990101001")) -> Fix:
    device_at = NOW + timedelta(minutes=minutes)
    return Fix(login=login, at=NOW, device_at=device_at, location=locate(116.4005, 39.9013, "WGS84", 8), areas=areas)


def test_fixes_that_are_sent_again_add_nothing(store: SqlStore) -> None:
    track = [_fix(minutes) for minutes in (2, 1, 1)]
    with store.begin() as work:
        assert work.add_fixes(track) == 2
        assert work.add_fixes(track) == 0
        assert work.add_fixes([_fix(1, "other"), _fix(3)]) == 2
        assert work.add_fixes([]) == 0
    wanted = FixFilter(login="collector", since=NOW, until=NOW + HOUR)
    assert store.list_fixes(wanted, ALL, 10) == [_fix(1), _fix(2), _fix(3)]
    last = (_fix(1).device_at, "collector")
    wanted = FixFilter(since=NOW, until=NOW + timedelta(minutes=3), after=last)
    assert store.list_fixes(wanted, ALL, 10) == [_fix(1, "other"), _fix(2)]


def test_fixes_are_seen_by_scope(store: SqlStore) -> None:
    with store.begin() as work:
        work.add_fixes([_fix(1), _fix(2, "other", ("990101", "990101002"))])

    def seen(sight: Sight) -> list[str]:
        return [fix.login for fix in store.list_fixes(FixFilter(since=NOW, until=NOW + HOUR), sight, 9)]

    assert seen(Sight(login="other")) == ["other"]
    assert seen(Sight(login="chief", scoped=True, area="990101002")) == ["other"]
    assert seen(Sight(login="chief", scoped=True, area="99010100")) == []
    assert seen(Sight(login="chief", scoped=True, area="990101")) == ["collector", "other"]
    assert seen(Sight(login="chief", scoped=True)) == ["collector", "other"]
    assert seen(Sight(login="chief", scoped=True, department="PARKS")) == []
