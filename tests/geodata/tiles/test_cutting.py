"""Tiles against an independent decoder: nothing lost, nothing open between neighbours, nothing told in confidence."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from geodata.tiles.archive import Archive
from geodata.tiles.files import archive_path
from geodata.tiles.geometry_commands import LINE, POLYGON, encode_shapes
from geodata.tiles.grid import EXTENT
from geodata.tiles.messages import LayerMessage, tile_bytes
from geodata.tiles.writing import cut_tiles
from gridsvc.model.places import Key
from gridsvc.model.territory import Component, Place, PlaceKind, Territory
from tests.fixtures.tiny_city import tiny_territory
from tests.geodata.sample_city.built import city
from tests.geodata.tiles.decoded import cut, features, in_units, open_layer


@pytest.fixture(scope="module")
def sample() -> Territory:
    return city(400).territory


@pytest.fixture(scope="module")
def folder(sample: Territory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut(sample, tmp_path_factory.mktemp("tiles"))


def city_box(territory: Territory) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([cell.geometry for cell in territory.cells])
    return west, south, east, north


@pytest.mark.parametrize("zoom", [9, 12, 13, 15])
def test_between_neighbouring_cells_there_is_neither_gap_nor_overlap(
    sample: Territory, folder: Path, zoom: int
) -> None:
    """In every tile the cells that it shows cover the ground that they cover, each place once."""
    whole = shapely.coverage_union_all([in_units(cell.geometry, zoom) for cell in sample.cells])
    by_tile = defaultdict(list)
    for _, shape, tile in features(open_layer(folder, "cells"), "cells", zoom, city_box(sample)):
        by_tile[tile].append(shape)
    assert by_tile
    for (x, y), shapes in by_tile.items():
        inside = box(x * EXTENT, y * EXTENT, (x + 1) * EXTENT, (y + 1) * EXTENT)
        pieces = [shapely.intersection(shapely.make_valid(shape), inside) for shape in shapes]
        union = shapely.union_all(pieces)
        assert sum(piece.area for piece in pieces) - union.area < 1e-6 * EXTENT**2
        ground = shapely.intersection(whole, inside)
        # What differs is nowhere wider than simplifying may move a border: nothing is left of it a few units inside.
        slack = 2 if zoom == 15 else 16
        assert shapely.symmetric_difference(union, ground).buffer(-slack).is_empty


@pytest.mark.parametrize("zoom", [13, 15])
def test_every_cell_is_in_the_tile_of_its_middle(sample: Territory, folder: Path, zoom: int) -> None:
    found = {tags["code"] for tags, _, _ in features(open_layer(folder, "cells"), "cells", zoom, city_box(sample))}
    assert found == {cell.code for cell in sample.cells}


def test_a_cell_that_lies_across_a_tile_border_is_whole_in_both_tiles(sample: Territory, folder: Path) -> None:
    found = features(open_layer(folder, "cells"), "cells", 15, city_box(sample))
    shapes = defaultdict(list)
    for tags, shape, _ in found:
        shapes[tags["code"]].append(shapely.normalize(shape))
    assert any(len(each) > 1 for each in shapes.values())
    assert all(each[0].equals(other) for each in shapes.values() for other in each[1:])


def test_at_the_deepest_zoom_outlines_are_those_of_the_edition(sample: Territory, folder: Path) -> None:
    shapes = {t["code"]: s for t, s, _ in features(open_layer(folder, "cells"), "cells", 15, city_box(sample))}
    for cell in sample.cells[::7]:
        assert shapely.hausdorff_distance(shapes[cell.code], in_units(cell.geometry, 15)) < 0.71


@pytest.mark.parametrize("zoom", [6, 11, 14])
def test_areas_of_a_level_cover_the_city_once_and_each_has_one_name(sample: Territory, folder: Path, zoom: int) -> None:
    archive = open_layer(folder, "areas")
    by_tile = defaultdict(list)
    for tags, shape, tile in features(archive, "areas", zoom, city_box(sample)):
        if tags["level"] in {"SUBDISTRICT", "TOWNSHIP"}:
            by_tile[tile].append(shapely.make_valid(shape))
    for (x, y), shapes in by_tile.items():
        inside = box(x * EXTENT, y * EXTENT, (x + 1) * EXTENT, (y + 1) * EXTENT)
        pieces = [shapely.intersection(shape, inside) for shape in shapes]
        assert sum(piece.area for piece in pieces) - shapely.union_all(pieces).area < 1e-6 * EXTENT**2
    names = [tags["code"] for tags, _, _ in features(archive, "area_names", zoom, city_box(sample))]
    assert sorted(names) == sorted(area.code for area in sample.areas if area.geometry is not None)


def test_streets_are_there_earlier_than_lanes_in_a_large_city_only(sample: Territory, folder: Path) -> None:
    found = features(open_layer(folder, "segments"), "segments", 9, city_box(sample))
    assert {tags["kind"] for tags, _, _ in found} == {segment.kind for segment in sample.segments}


def test_components_of_police_gas_and_power_are_in_no_tile(tmp_path: Path) -> None:
    kept = tiny_territory().components[0]
    gas = replace(kept, code="9901010111000001", name="燃气井盖", category=Key("COMPONENT_CJT214", "0111"))
    folder = cut(replace(tiny_territory(), components=(kept, gas)), tmp_path)
    found = features(open_layer(folder, "components"), "components", 15, (116.39, 39.89, 116.41, 39.91))
    assert [tags["code"] for tags, _, _ in found] == [kept.code]
    assert isinstance(gas, Component)


def test_places_have_their_name_and_lie_where_they_lie(tmp_path: Path) -> None:
    place = Place("PLACE_LOCAL", "D1", "杏巷5号院", PlaceKind.COMPOUND, Point(116.4006, 39.9016))
    folder = cut(replace(tiny_territory(), places=(place,)), tmp_path)
    [(tags, shape, _)] = features(open_layer(folder, "places"), "places", 15, (116.39, 39.89, 116.41, 39.91))
    assert tags == {"scheme": "PLACE_LOCAL", "code": "D1", "name": "杏巷5号院", "kind": "COMPOUND"}
    assert shapely.distance(shape, in_units(place.geometry, 15)) < 0.71


def test_an_empty_layer_has_an_archive_without_tiles(tmp_path: Path) -> None:
    archive = open_layer(cut(tiny_territory(), tmp_path), "places")
    assert archive.find(15, 26984, 12417) is None
    assert (archive.told["minzoom"], archive.told["maxzoom"]) == (15, 15)


def test_cutting_again_does_nothing_and_half_a_folder_is_never_seen(tmp_path: Path) -> None:
    assert cut_tiles(tiny_territory(), "d", tmp_path, lambda done, total: None)
    assert not cut_tiles(tiny_territory(), "d", tmp_path, lambda done, total: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v1-d", "v1-d.lock"]

    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_tiles(tiny_territory(), "e", tmp_path, fail)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v1-d", "v1-d.lock", "v1-e.lock"]


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    from gridsvc.errors import InvalidInput

    for content in (b"", b"PMTiles", b"hello" * 100):
        (tmp_path / "x.pmtiles").write_bytes(content)
        with pytest.raises(InvalidInput):
            Archive(tmp_path / "x.pmtiles")


def test_an_archive_that_was_cut_off_or_damaged_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    from gridsvc.errors import InvalidInput

    cut(tiny_territory(), tmp_path)
    whole = archive_path(tmp_path, "d", "cells").read_bytes()
    broken = tmp_path / "x.pmtiles"
    for size in sorted({1, 7, 8, 100, 127, 130, len(whole) // 2, len(whole) - 1}):
        broken.write_bytes(whole[:size])
        with pytest.raises(InvalidInput):
            Archive(broken)
    for place in (127, len(whole) - 1):  # the root directory; a tile, whose damage is told by nobody
        damaged = bytearray(whole)
        damaged[place : place + 20] = b"x" * len(damaged[place : place + 20])
        broken.write_bytes(damaged)
        if place == 127:
            with pytest.raises(InvalidInput):
                Archive(broken)
        else:
            assert Archive(broken).max_zoom == 15


def encoded(shapes: list[shapely.Geometry], kind: int) -> list[shapely.Geometry | None]:
    """Through our writer and their reader."""
    zero = np.zeros(len(shapes), np.int64)
    found: list[shapely.Geometry | None] = []
    for field in encode_shapes(np.array(shapes, dtype=object), zero, zero, kind):
        message = LayerMessage("x", (), kind)
        message.add((), field)
        decoded = mapbox_vector_tile.decode(tile_bytes([message]), default_options={"y_coord_down": True})
        found.append(shapely.geometry.shape(decoded["x"]["features"][0]["geometry"]) if field else None)
    return found


def test_holes_and_parts_come_back_and_what_rounding_flattens_is_left_out() -> None:
    ring = Polygon([(0, 0), (90, 0), (90, 90), (0, 90)], [[(10, 10), (10, 30), (30, 30), (30, 10)]])
    flat_hole = Polygon([(0, 0), (90, 0), (90, 90), (0, 90)], [[(10, 10), (10.3, 10.3), (10.3, 10)]])
    several = MultiPolygon([ring, box(100.2, 0, 200, 50.4), box(300, 0, 300.3, 0.3)])
    nothing = box(5, 5, 5.2, 5.2)
    found = encoded([ring, flat_hole, several, nothing], POLYGON)
    wanted = [ring, box(0, 0, 90, 90), MultiPolygon([ring, box(100, 0, 200, 50)])]
    assert [shape is not None and shape.equals(want) for shape, want in zip(found, wanted, strict=False)] == [True] * 3
    assert found[3] is None


def test_lines_keep_their_direction_and_large_numbers_their_digits() -> None:
    line = shapely.LineString([(5, 5), (5, 5.2), (70000, -3), (-70000, 4095)])
    [found] = encoded([line], LINE)
    assert found is not None
    assert shapely.get_coordinates(found).tolist() == [[5, 5], [70000, -3], [-70000, 4095]]
