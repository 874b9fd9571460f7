"""What lies over points of a batch: the leads are those that single questions find."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from shapely import MultiPolygon, Point, Polygon, box

from gridsvc.datum.location import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index.batch import BatchResolver, above
from gridsvc.index.compile import compile_territory
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.roster.zones import compile_zones
from gridsvc.model.departments import Determination, Patch
from gridsvc.model.places import Key
from gridsvc.model.roster import Roster, row_key
from gridsvc.model.territory import Component
from tests.fixtures.tiny_city import COVER, LEFT, PARKING, RUBBISH, tiny_rows, tiny_territory

AT = datetime(2026, 5, 1, tzinfo=UTC)
BOW_TIE = Polygon([(116.4001, 39.9021), (116.4009, 39.9029), (116.4009, 39.9021), (116.4001, 39.9029)])


def zoned_rows():
    """Zones over zones: through corners, in the gap, over ground without a cell, past their day, crossing itself."""
    rows = tiny_rows()
    shapes = {
        "WATER": box(116.4003, 39.9003, 116.4022, 39.9012),
        "TRAFFIC": MultiPolygon([box(116.4005, 39.9, 116.4012, 39.9008), box(116.4021, 39.9021, 116.4029, 39.9029)]),
        "PARKS": Polygon([(116.401, 39.901), (116.4031, 39.9012), (116.4031, 39.9015)]),
        "DRAIN": BOW_TIE,
    }
    for number, (department, shape) in enumerate(shapes.items()):
        rows["patches"].append(
            Patch(
                code=f"Z{number}",
                name="zone",
                geometry=shape,
                department=department,
                categories=(RUBBISH, COVER)[:number],
            )
        )
        rows["determinations"].append(
            Determination(code=f"Y{number}", department=department, geometry=shape, categories=(PARKING,))
        )
    past = Determination(code="OLD", department="WEST", geometry=box(116, 39, 117, 40), valid_to=date(2026, 1, 1))
    rows["determinations"].append(past)
    return rows


def territory():
    """The tiny city without C2, with a gap east of B0, and many components, some equally near, some far apart."""
    given = tiny_territory()
    narrow = box(LEFT["B"], 39.9, LEFT["C"] - 3e-5, 39.901)
    cells = tuple(replace(c, geometry=narrow) if c.name == "B0" else c for c in given.cells if c.name != "C2")
    random = np.random.default_rng(2)
    places = random.uniform([116.4, 39.9], [116.403, 39.903], (60, 2)).round(4)
    owners = [None, "DRAIN", "WATER", "PARKS"]
    covers = tuple(
        Component(
            scheme="COMP_2_2_6",
            code=f"99010101029{number:05d}",
            name="cover",
            geometry=Point(*place),
            category=COVER if number % 3 else Key("COMPONENT_CJT214", "0999"),
            owner=owners[number % 4],
            maintainer=owners[number // 4 % 4],
        )
        for number, place in enumerate(places.tolist())
    )
    return replace(given, cells=cells, components=(*given.components, *covers))


@pytest.fixture(scope="module")
def city():
    rows = zoned_rows()
    roster = Roster(1, {table: {row_key(row): row for row in found} for table, found in rows.items()})
    return compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), territory()), compile_duties(roster)


def single(city, lon, lat, category, accuracy):
    try:
        found = resolve(*city, locate(lon, lat, "WGS84", accuracy), at=AT, category=category)
    except OutsideCoverage:
        return None
    return found.departments[0].code


@pytest.mark.parametrize(("pairs", "crowd"), [(1, 0), (above._PAIRS, above._CROWD)])
def test_leads_under_zones_and_beside_components_are_those_of_single_questions(city, monkeypatch, pairs, crowd):
    """Chunk after chunk by one resolver; wide circles by ones, and all at once."""
    monkeypatch.setattr(above, "_PAIRS", pairs)
    monkeypatch.setattr(above, "_CROWD", crowd)
    monkeypatch.setattr(above, "_ROWS", 50)
    random = np.random.default_rng(4)
    lon, lat = random.uniform(116.3999, 116.4031, 480), random.uniform(39.8999, 39.9031, 480)
    lon[:60], lat[:60] = random.choice([116.4003, 116.402 - 2e-5, 116.4022], 60), random.uniform(39.9, 39.901, 60)
    accuracy = random.choice([np.nan, 5.0, 60.0, 140.0, 400.0], 480)
    kinds = [None, RUBBISH, PARKING, COVER]
    keys = [kinds[number] for number in random.integers(0, 4, 480)]
    resolver = BatchResolver(*city, AT)
    leads = []
    for start in range(0, 480, 160):
        rows = slice(start, start + 160)
        leads += resolver.answer(lon[rows], lat[rows], categories=keys[rows], accuracy_m=accuracy[rows]).lead
    assert len(set(leads)) > 6
    for row, lead in enumerate(leads):
        radius = None if np.isnan(accuracy[row]) else float(accuracy[row])
        expected = single(city, float(lon[row]), float(lat[row]), keys[row], radius)
        assert lead == expected, (lon[row], lat[row], keys[row], radius)


def test_zones_are_looked_for_where_they_hold_on_the_day_and_reach_into_a_cell(city):
    small, past = box(116.4002, 39.9002, 116.4004, 39.9004), box(116, 39, 117, 40)
    long = Polygon([(116.4001, 39.9015), (116.4009, 39.9015), (116.4009, 39.9029), (116.40089, 39.9016)])
    rows = [
        Determination(code="A", department="WEST", geometry=small),
        Determination(code="B", department="WEST", geometry=past, valid_to=date(2026, 1, 1)),
        Determination(code="C", department="WEST", geometry=long),
    ]
    edition = city[0]
    under = above._cells_under(edition, compile_zones(rows), AT.date())
    names = [edition.cells.names[cell] for cell in np.flatnonzero(under[:-1]).tolist()]
    assert (sorted(names), under[-1]) == (["A0", "A1", "A2"], True)
    assert not above._cells_under(edition, compile_zones(rows[1:2]), AT.date()).any()
