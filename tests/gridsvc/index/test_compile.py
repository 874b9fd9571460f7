"""Compiling: what is refused, what stays the same, what is found out once."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from shapely import LineString, Polygon, box

from geodata.sample_city.build import build_sample_city
from gridsvc.errors import InvalidInput
from gridsvc.index.compile import compile_layers, compile_territory
from gridsvc.index.geometry.borders import find_loose_edges
from gridsvc.index.geometry.polygons import compile_polygons
from gridsvc.index.territory.cells import match_cells
from gridsvc.model.places import BoundingBox, Key
from gridsvc.model.territory import Group, GroupKind, Layer, Territory
from tests.fixtures.partitions import as_territory, make_partition
from tests.fixtures.tiny_city import CELLS, cell_code, tiny_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def compiled(territory):
    return compile_territory(1, NOW, territory)


def test_a_territory_without_a_crs_in_metres_is_refused():
    with pytest.raises(InvalidInput, match="metres"):
        compiled(replace(tiny_territory(), crs="EPSG:4326"))


def test_two_features_with_one_key_are_refused():
    territory = tiny_territory()
    with pytest.raises(InvalidInput, match="there twice"):
        compiled(replace(territory, cells=(*territory.cells, territory.cells[0])))


def test_an_area_that_is_its_own_ancestor_is_refused():
    territory = tiny_territory()
    areas = tuple(replace(a, parent="990101001001") if a.code == "990101" else a for a in territory.areas)
    with pytest.raises(InvalidInput, match="its own ancestor"):
        compiled(replace(territory, areas=areas))


def test_an_empty_polygon_is_refused():
    territory = tiny_territory()
    with pytest.raises(InvalidInput, match="without any vertex"):
        compiled(replace(territory, cells=(replace(territory.cells[0], geometry=Polygon()),)))


def test_an_empty_territory_compiles():
    edition = compiled(Territory("EPSG:4548"))
    assert (len(edition.cells), len(edition.areas), len(edition.segments), edition.bbox) == (0, 0, 0, None)
    assert len(edition.digest) == 64


def test_number_and_date_do_not_enter_the_digest():
    other = compile_territory(9, datetime(2030, 5, 5, tzinfo=UTC), tiny_territory())
    assert other.digest == compiled(tiny_territory()).digest


def test_the_order_of_features_does_not_matter():
    territory = tiny_territory()
    mixed = random.Random(1)
    layers = {
        name: tuple(mixed.sample(getattr(territory, name), len(getattr(territory, name))))
        for name in ("areas", "cells", "groups", "segments", "components")
    }
    layers["groups"] = tuple(replace(group, cells=group.cells[::-1]) for group in layers["groups"])
    one, other = compiled(territory), compiled(replace(territory, **layers))
    assert (one.digest, list(one.cells.keys)) == (other.digest, list(other.cells.keys))
    assert np.array_equal(one.cells.polygons.x, other.cells.polygons.x)
    assert list(one.segments.communities) == list(other.segments.communities)


def _moved(feature):
    return replace(feature, geometry=shapely.transform(feature.geometry, lambda xy: np.nextafter(xy, 999.0)))


CHANGES = {
    "crs": lambda t: replace(t, crs="EPSG:4527"),
    "one cell by one double": lambda t: replace(t, cells=(_moved(t.cells[0]), *t.cells[1:])),
    "name": lambda t: replace(t, cells=(replace(t.cells[0], name="x"), *t.cells[1:])),
    "responsible body": lambda t: replace(t, cells=(replace(t.cells[0], responsible_body=""), *t.cells[1:])),
    "area": lambda t: replace(t, cells=(replace(t.cells[0], area=None), *t.cells[1:])),
    "a cell less": lambda t: replace(t, cells=t.cells[1:]),
    "parent": lambda t: replace(t, areas=(*t.areas[:-1], replace(t.areas[-1], parent=None))),
    "area without outline": lambda t: replace(t, areas=(*t.areas[:-1], replace(t.areas[-1], geometry=None))),
    "group": lambda t: replace(t, groups=(replace(t.groups[0], cells=t.groups[0].cells[1:]), t.groups[1])),
    "segment": lambda t: replace(t, segments=(_moved(t.segments[0]), *t.segments[1:])),
    "component": lambda t: replace(t, components=(_moved(t.components[0]),)),
    "owner": lambda t: replace(t, components=(replace(t.components[0], owner=None),)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_content_changes_the_digest(change):
    assert compiled(CHANGES[change](tiny_territory())).digest != compiled(tiny_territory()).digest


def test_a_square_cut_into_two_parts_is_not_the_square_with_a_hole():
    hole = box(1, 1, 2, 2).exterior.coords
    holed = Polygon(box(0, 0, 3, 3).exterior, [hole])
    parts = shapely.multipolygons([box(0, 0, 3, 3), Polygon(hole)])
    cell = tiny_territory().cells[0]
    one, other = (compiled(Territory("EPSG:4548", cells=(replace(cell, geometry=g),))) for g in (holed, parts))
    assert one.digest != other.digest


def test_tables_hold_what_the_layers_say():
    edition = compiled(tiny_territory())
    assert edition.bbox == BoundingBox(116.4, 39.9, 116.403, 39.903)
    assert edition.cells.keys[4] == Key(CELLS, cell_code("B1"))
    assert edition.areas.items[edition.cells.area[4]].code == "990101001002"
    assert edition.areas.parent[edition.areas.index_of["990101001002"]] == edition.areas.index_of["990101001"]
    assert [group.code for group in edition.groups_of_cell[8]] == ["D-0002"]
    component = edition.components
    assert component.index_of == {Key(component.items[0].scheme, component.items[0].code): 0}
    near = component.tree.in_box(component.x[0] - 1, component.y[0] - 1, component.x[0] + 1, component.y[0] + 1)
    assert near.tolist() == [0]


def test_groups_of_a_cell_come_by_kind_and_code_and_unknown_cells_are_passed_over():
    territory = tiny_territory()
    key = Key(CELLS, cell_code("A0"))
    more = (
        Group("GROUP_LOCAL", "M-1", "x", GroupKind.MANAGEMENT, (key, Key(CELLS, "gone"))),
        Group("GROUP_LOCAL", "D-0000", "x", GroupKind.DUTY, (key, key)),
    )
    edition = compiled(replace(territory, groups=(*more, *territory.groups)))
    assert [group.code for group in edition.groups_of_cell[0]] == ["D-0000", "D-0001", "M-1"]


def test_edges_that_two_cells_share_cancel_whatever_way_they_are_drawn():
    shapes = [box(-1, 0, 0, 1), shapely.reverse(box(0.0, 0, 1, 1)), box(-1, 1, -0.0, 2)]
    table = compile_polygons(shapes)
    loose = find_loose_edges(table, np.zeros(3, np.bool_))
    assert len(loose) == 12 - 4
    assert len(find_loose_edges(table, np.array([True, False, False]))) == 12


def test_a_clean_coverage_has_loose_edges_only_at_its_rim():
    cells = make_partition(5)
    loose = compiled(as_territory(cells)).cells.loose
    assert len(loose) == len(shapely.union_all(cells).exterior.coords) - 1
    assert len(compiled(as_territory(make_partition(5, ("t_junctions",)))).cells.loose) > len(loose)


def test_a_segment_through_crooked_outlines_passes_through_their_ground():
    twice = Polygon([(116.400, 39.9), (116.401, 39.901), (116.401, 39.9), (116.400, 39.901)])  # crosses itself
    territory = tiny_territory()
    cells = (replace(territory.cells[0], geometry=twice), *territory.cells[1:])
    areas = tuple(replace(a, geometry=twice) if a.code == "990101001001" else a for a in territory.areas)
    line = LineString([(116.4001, 39.9005), (116.4002, 39.9005)])
    segments = (replace(territory.segments[1], geometry=line),)
    for change in ({"cells": cells}, {"areas": areas, "cells": ()}):
        segment = compile_territory(1, NOW, replace(territory, segments=segments, groups=(), **change)).segments
        assert segment.communities[0] == {"990101001001"}


def test_threads_ask_one_edition_at_once():
    cells = make_partition(3, ("overlap", "gap"))
    edition = compiled(as_territory(cells))
    west, south, east, north = shapely.total_bounds(cells)
    generator = np.random.default_rng(0)
    lon, lat = generator.uniform(west, east, 2000), generator.uniform(south, north, 2000)
    expected = match_cells(edition, lon, lat, 20.0).cell
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: match_cells(edition, lon, lat, 20.0).cell, range(16)):
            assert np.array_equal(found, expected)


def test_the_index_loads_neither_pandas_nor_geopandas():
    code = (
        "import sys, gridsvc.index.compile, gridsvc.index.territory.probability\n"
        "print([m for m in ('pandas', 'geopandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_layers_out_of_order_are_not_compiled():
    cells = tiny_territory().cells[::-1]
    with pytest.raises(ValueError, match="cells do not come in order"):
        compile_layers(1, NOW, "EPSG:4548", lambda layer: cells if layer is Layer.CELLS else ())


def test_layers_are_read_once_each_in_their_order():
    territory, read = tiny_territory(), []

    def features(layer):
        read.append(layer)
        yield from territory.layer(layer)

    assert compile_layers(1, NOW, territory.crs, features).digest == compiled(territory).digest
    assert read == list(Layer)


def test_progress_rises_to_the_end():
    told = []
    city = build_sample_city(seed=1, cells=600, today=NOW.date()).territory
    compile_territory(1, NOW, city, lambda done, total: told.append((done, total)))
    assert len(told) > 3
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 2 * sum(len(city.layer(layer)) for layer in Layer)
