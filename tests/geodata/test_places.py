"""Places on their way: file → draft → checks → edition → restored, and out again."""

from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from shapely import Point

from geodata.export import export_layer
from geodata.importing import ImportRequest, import_layer
from geodata.publishing import restore
from gridsvc.errors import LayerRefused
from gridsvc.index.compile import compile_territory
from gridsvc.model.issue import Severity
from gridsvc.model.places import Key
from gridsvc.model.territory import Layer, Place, PlaceKind, Territory
from gridsvc.ports import Store
from tests.fixtures.tiny_city import tiny_roster, tiny_territory
from tests.geodata.checks.findings import findings
from tests.geodata.drafting import NOW, draft_of_territory, no_progress, put_out, shipped
from tests.geodata.sample_city.built import city
from tests.geodata.test_export import DRAWN

COURT = Place(
    "PLACE_LOCAL", "D1", "杏巷5号院", PlaceKind.COMPOUND, Point(116.4006, 39.9016), "杏巷5号", ("老染坊", "5号大院")
)
SHOP = Place("PLACE_LOCAL", "D2", "早点铺", PlaceKind.SHOP, Point(116.4016, 39.9013))
HEAD = "地点编码,地点名称,类型,详细地址,别名,经度,纬度\n"


def with_places(*places: Place) -> Territory:
    return replace(tiny_territory(), places=places)


def imported(store: Store, file: Path, datum: str | None = "WGS84") -> tuple[Place, ...]:
    draft = store.create_draft(NOW)
    request = ImportRequest(layer=Layer.PLACES, files=[file], datum=datum, draft=draft.number, commit=True)
    import_layer(store, request, NOW, no_progress, shipped())
    return store.load_draft(draft.number).places


def test_a_table_without_its_datum_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(HEAD + "D1,杏巷5号院,小区,,,116.4,39.9\n", "utf-8")
    with pytest.raises(LayerRefused):
        imported(sqlite_store, file, None)


def test_a_kind_that_nobody_knows_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(HEAD + "D1,杏巷5号院,飞船,,,116.4,39.9\n", "utf-8")
    with pytest.raises(LayerRefused):
        imported(sqlite_store, file)


def test_a_table_of_numbers_in_gcj02_becomes_places(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(HEAD + "D1,杏巷5号院,小区,杏巷5号,老染坊;5号大院,116.4068427,39.9030045\n", "utf-8")
    [place] = imported(sqlite_store, file, "GCJ02")
    assert replace(place, geometry=COURT.geometry) == COURT
    assert 0.005 < 116.4068427 - place.geometry.x < 0.008


@pytest.mark.parametrize("ending", DRAWN)
def test_an_export_is_taken_back_whole(sqlite_store: Store, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"places{ending}"
    assert export_layer(with_places(COURT, SHOP), Layer.PLACES, file) == 2
    assert imported(sqlite_store, file) == (COURT, SHOP)


def test_places_outside_the_city_and_twice_are_told_but_block_nothing() -> None:
    twin = replace(COURT, code="D3", geometry=Point(116.4008, 39.9016))
    lost = replace(COURT, code="D4", name="杏巷6号", geometry=Point(116.5, 39.9))
    branch = replace(SHOP, code="D5")
    found = {
        issue.code: issue
        for issue in findings(with_places(COURT, SHOP, twin, lost, branch), tiny_roster())
        if issue.layer == "places"
    }
    assert set(found) == {"PLACE_TWICE", "OUTSIDE_CITY"}
    assert found["PLACE_TWICE"].features == ("D1", "D3")
    assert found["OUTSIDE_CITY"].features == ("D4",)
    assert {issue.severity for issue in found.values()} == {Severity.WARNING}


def test_places_are_published_and_restored_with_the_other_layers(store: Store) -> None:
    first = put_out(store, draft_of_territory(store, with_places(COURT, SHOP)))
    gone = store.create_draft(NOW)
    store.put_features(gone.number, Layer.PLACES, [], [Key(COURT.scheme, "D1"), Key(COURT.scheme, "D2")], no_progress)
    second = put_out(store, gone)
    assert (first.counts["places"], second.counts["places"]) == (2, 0)
    third = restore(store, 1, now=second.effective_from, progress=no_progress)
    assert third.digest == first.digest
    assert store.load_territory(3).places == (COURT, SHOP)


def test_an_edition_without_places_keeps_the_digest_of_the_release_before_them() -> None:
    """Else no edition of an existing database could be restored."""
    digest = "f2d1f5f71e431e629ae065ac244a4d83816b8d9a1cda94598afe161e86cc37a2"
    assert compile_territory(1, NOW, tiny_territory()).digest == digest
    assert compile_territory(1, NOW, with_places(COURT)).digest != digest


def test_the_sample_city_has_about_one_place_per_cell_along_its_streets() -> None:
    territory = city().territory
    assert 0.9 * len(territory.cells) < len(territory.places) <= len(territory.cells)
    streets = {segment.name for segment in territory.segments}
    named = [place.address or place.name for place in territory.places]
    assert all(any(name.startswith(street) for street in streets) for name in named[:200])
    cells = shapely.union_all([cell.geometry for cell in territory.cells])
    assert shapely.covers(cells, shapely.points([(p.geometry.x, p.geometry.y) for p in territory.places])).all()
    assert {place.kind for place in territory.places} == set(PlaceKind)
