"""Batches answer row by row as single questions do."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from shapely import box

from gridsvc.datum.location import locate
from gridsvc.errors import InvalidInput, OutsideCoverage
from gridsvc.index.batch import resolver
from gridsvc.index.batch.dictionaries import encode, join
from gridsvc.index.batch.resolver import NO_PLACE, BatchResolver, resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.options import DEFAULT_OPTIONS
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from gridsvc.model.departments import Determination
from gridsvc.model.people import Assignment, Post, Role, Side, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, row_key
from tests.fixtures.tiny_city import BOTTOM, COVER, LEFT, PARKING, RUBBISH, tiny_rows, tiny_territory

AT = datetime(2026, 5, 1, tzinfo=UTC)


def rough_territory():
    """The tiny city with a hole (C2 has no cell), a gap east of B0, an overlap at A1 and a body of its own."""
    territory = tiny_territory()
    changes = {
        "B0": {"geometry": box(LEFT["B"], BOTTOM[0], LEFT["C"] - 3e-5, BOTTOM[1])},
        "A1": {"geometry": box(LEFT["A"], BOTTOM[1], LEFT["B"] + 2e-5, BOTTOM[2]), "responsible_body": "PARKS"},
    }
    cells = tuple(replace(cell, **changes.get(cell.name, {})) for cell in territory.cells if cell.name != "C2")
    return replace(territory, cells=cells)


def rough_rows():
    rows = tiny_rows()
    for side, person in ((Side.LEFT, "P05"), (Side.RIGHT, "P06")):
        target = {"target_kind": TargetKind.SEGMENT, "target_code": "S-BC"}
        rows["posts"].append(Post(code=f"Z-{side}", role=Role.STREET_CHIEF, side=side, **target))
        rows["assignments"].append(Assignment(code=f"Z-{side}", post=f"Z-{side}", person=person))
    whole = Determination(code="DET0", department="WATER", geometry=box(116.4021, 39.9001, 116.4025, 39.9005))
    rows["determinations"].append(whole)
    return rows


@pytest.fixture(scope="module")
def city():
    rows = rough_rows()
    roster = Roster(1, {table: {row_key(row): row for row in found} for table, found in rows.items()})
    return compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), rough_territory()), compile_duties(roster)


def random_points(count):
    """Inside, outside, on borders and corners, beside the gap and over the hole."""
    random = np.random.default_rng(7)
    lon = random.uniform(116.3995, 116.4035, count)
    lat = random.uniform(39.8996, 39.9034, count)
    edges = random.choice([*LEFT.values(), 116.402 - 3e-5, 116.402 - 1e-5, 116.4005, 116.4021], count)
    rows = random.choice([*BOTTOM, 39.9005, 39.9015], count)
    lon = np.where(random.random(count) < 0.3, edges, lon)
    lat = np.where(random.random(count) < 0.3, rows, lat)
    return lon, lat


def single(city, lon, lat, category, accuracy=None):
    location = locate(float(lon), float(lat), "WGS84", accuracy)
    try:
        found = resolve(*city, location, at=AT, category=category)
    except OutsideCoverage:
        return {"status": "OUTSIDE"}
    areas = {area.level: area.code for area in found.areas}
    return {
        "status": "OK",
        "cell": found.cell and found.cell.code,
        "match": found.match,
        "community": areas.get("COMMUNITY"),
        "subdistrict": areas.get("SUBDISTRICT"),
        "district": areas.get("DISTRICT"),
        "segment": found.segment and found.segment.code,
        "distance_m": found.segment and found.segment.distance_m,
        "chief": found.chief and found.chief.person,
        "lead": found.departments[0].code,
    }


def row_of(result, row):
    names = ["status", "cell", "match", "community", "subdistrict", "district", "segment", "chief", "lead"]
    found = {name: getattr(result, name)[row] for name in names}
    distance = result.distance_m[row]
    found["distance_m"] = None if np.isnan(distance) else float(distance)
    return {name: value for name, value in found.items() if value is not None}


def test_columns_of_different_length_are_refused(city):
    with pytest.raises(InvalidInput, match="lat has 1 rows"):
        resolve_many(*city, np.zeros(2), np.zeros(1), at=AT)


def test_an_instant_without_zone_is_refused(city):
    with pytest.raises(InvalidInput, match="offset"):
        resolve_many(*city, np.zeros(1), np.zeros(1), at=datetime(2026, 5, 1))  # noqa: DTZ001


def test_rows_that_are_no_place_are_invalid_with_their_reason(city):
    lon, lat = np.array([np.nan, np.nan, 116.4005, 200.0]), np.array([39.9, 39.9, 39.9002, 39.9])
    result = resolve_many(*city, lon, lat, at=AT, reasons={0: "no datum"})
    assert list(result.status) == ["INVALID", "INVALID", "OK", "INVALID"]
    assert list(result.error) == ["no datum", NO_PLACE, None, NO_PLACE]
    assert list(result.lead) == [None, None, "WEST", None]


def test_rows_of_unknown_category_are_invalid(city):
    lon, lat = np.full(3, 116.4002), np.full(3, 39.9002)
    result = resolve_many(*city, lon, lat, at=AT, categories=[None, Key("X", "1"), RUBBISH])
    assert list(result.status) == ["OK", "INVALID", "OK"]
    assert "X:1" in result.error[1]
    assert list(result.lead) == ["WEST", None, "WEST-CITY"]


def test_an_empty_batch_is_an_empty_answer(city):
    result = resolve_many(*city, np.zeros(0), np.zeros(0), at=AT)
    assert len(result) == 0
    assert list(result.cell) == []


def test_none_is_no_place_and_whole_numbers_are_numbers(city):
    result = resolve_many(*city, [None, 116, np.nan], [39.9, 39, np.nan], at=AT)
    assert list(result.status) == ["INVALID", "OUTSIDE", "INVALID"]


@pytest.mark.parametrize("column", [["116.4", "east"], [[1.0], [2.0]], [object], 7.0, None], ids=repr)
def test_what_is_no_column_of_numbers_is_refused(city, column):
    for name in ("lon", "lat", "accuracy_m"):
        given = {"lon": np.zeros(2), "lat": np.zeros(2), "accuracy_m": np.zeros(2)} | {name: column}
        if name == "accuracy_m" and column is None:
            continue
        with pytest.raises(InvalidInput, match=name):
            resolve_many(*city, given.pop("lon"), given.pop("lat"), at=AT, **given)


def test_a_category_that_does_not_hold_on_the_day_is_told_in_its_rows(city):
    keys = [Key("", ""), RUBBISH, Key("X", "2"), None]
    result = resolve_many(*city, np.full(4, 116.4005), np.full(4, 39.9), at=AT, categories=keys)
    assert list(result.status) == ["INVALID", "OK", "INVALID", "OK"]


def test_a_resolver_is_for_its_own_snapshot_and_day(city):
    edition, duties = city
    resolver = BatchResolver(edition, duties, AT, DEFAULT_OPTIONS)
    assert resolver.is_for(edition, duties, AT + timedelta(hours=15), DEFAULT_OPTIONS)
    assert not resolver.is_for(edition, duties, AT + timedelta(hours=16), DEFAULT_OPTIONS)  # tomorrow in Shanghai
    assert not resolver.is_for(replace(edition), duties, AT, DEFAULT_OPTIONS)
    assert not resolver.is_for(edition, replace(duties), AT, DEFAULT_OPTIONS)
    assert not resolver.is_for(edition, duties, AT, replace(DEFAULT_OPTIONS, tolerance_m=1.0))


def test_threads_may_ask_one_resolver(city):
    lon, lat = random_points(3000)
    keys = [(None, PARKING, RUBBISH)[row % 3] for row in range(3000)]
    parts = [slice(start, start + 250) for start in range(0, 3000, 250)]
    shared = BatchResolver(*city, AT)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda rows: shared.answer(lon[rows], lat[rows], categories=keys[rows]), parts)
        together = [row_of(part, row) for part in found for row in range(len(part))]
    alone = resolve_many(*city, lon, lat, at=AT, categories=keys)
    assert together == [row_of(alone, row) for row in range(3000)]


def test_batch_answers_as_single_questions_do(city, monkeypatch):
    monkeypatch.setattr(resolver, "ROWS_AT_ONCE", 700)
    lon, lat = random_points(2000)
    random = np.random.default_rng(3)
    kinds = [None, PARKING, RUBBISH, COVER]
    categories = [kinds[number] for number in random.integers(0, 4, len(lon))]
    result = resolve_many(*city, lon, lat, at=AT, categories=categories)
    assert set(result.match) == {"INSIDE", "BOUNDARY", "OVERLAP", "GAP", "NO_CELL", None}
    assert set(result.status) == {"OK", "OUTSIDE"}
    for row in range(len(lon)):
        expected = {k: v for k, v in single(city, lon[row], lat[row], categories[row]).items() if v is not None}
        assert row_of(result, row) == expected, (lon[row], lat[row], categories[row])


def test_accuracy_widens_the_search_for_components(city):
    lon, lat = np.full(2, 116.4005 - 4e-4), np.full(2, 39.9003)
    result = resolve_many(*city, lon, lat, at=AT, categories=[COVER, COVER], accuracy_m=np.array([np.nan, 50.0]))
    assert list(result.lead) == ["WEST", "DRAIN"]
    assert single(city, lon[0], lat[0], COVER, 50.0)["lead"] == "DRAIN"


def test_dictionary_columns_hold_each_word_once():
    column = encode(["b", None, "a", "b"])
    assert column.values == ["b", "a"]
    assert column.indices.tolist() == [0, -1, 1, 0]
    joined = join([column, encode([]), encode(["a", "c"])])
    assert list(joined) == ["b", None, "a", "b", "a", "c"]
    assert joined.values == ["b", "a", "c"]
