import csv
import zipfile
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from geodata.export import export_layer, export_roster
from geodata.formats.formulas import guard, unguard
from geodata.importing import ImportRequest, import_layer
from geodata.roster_files import RosterRequest, import_roster
from gridsvc.errors import Conflict, InvalidInput, NotFound
from gridsvc.model.departments import Department
from gridsvc.model.people import Person
from gridsvc.model.roster import ROSTER_TABLES, Roster
from gridsvc.model.territory import Area, Cell, Layer, Level, Territory
from gridsvc.ports import Store
from tests.fixtures.layers import gap, multi_part, territory_of
from tests.fixtures.tiny_city import tiny_roster, tiny_territory
from tests.geodata.drafting import NOW, no_progress, shipped

ODD = shapely.Polygon([(116.1 + 0.2, 39.7), (116.40000000000002, 39.900000000000006), (116.3, 39.1 + 0.7)])
CITY = replace(
    tiny_territory(),
    areas=(*tiny_territory().areas, Area("ADMIN_GB2260", "990102", "无图形区", Level.DISTRICT)),
    cells=(
        replace(tiny_territory().cells[0], name='=1+2, 「引号」"', land_use="R2", grade="一级", geometry=ODD),
        *tiny_territory().cells[1:],
    ),
)
DRAWN = (".geojson", ".gpkg", ".fgb", ".parquet", ".csv", ".zip")


def taken_back(store: Store, layer: Layer, file: Path, datum: str = "WGS84") -> Territory:
    """What the import makes of a file, in a draft of its own."""
    draft = store.create_draft(NOW)
    request = ImportRequest(layer=layer, files=[file], datum=datum, draft=draft.number, commit=True)
    import_layer(store, request, NOW, no_progress, shipped())
    return store.load_draft(draft.number)


def plain(territory: Territory, layer: Layer) -> list[object]:
    """Features with outlines in one canonical form: formats turn rings round and begin them elsewhere."""
    return [
        replace(feature, geometry=shapely.normalize(feature.geometry))
        if getattr(feature, "geometry", None)
        else feature
        for feature in territory.layer(layer)
    ]


@pytest.mark.parametrize("ending", DRAWN)
def test_the_import_takes_an_export_back_to_the_last_bit(sqlite_store: Store, tmp_path: Path, ending: str) -> None:
    city = tiny_territory() if ending == ".fgb" else CITY
    for layer in (Layer.AREAS, Layer.CELLS, Layer.SEGMENTS, Layer.COMPONENTS):
        file = tmp_path / f"{layer.value}{ending}"
        assert export_layer(city, layer, file) == len(city.layer(layer))
        assert plain(taken_back(sqlite_store, layer, file), layer) == plain(city, layer), layer
    assert list(tmp_path.glob(".export-*")) == []


@pytest.mark.parametrize("ending", [".geojson", ".csv", ".xlsx"])
def test_groups_go_without_geometry(sqlite_store: Store, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"groups{ending}"
    export_layer(CITY, Layer.GROUPS, file)
    assert taken_back(sqlite_store, Layer.GROUPS, file).groups == CITY.groups


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".parquet", ".zip"])
def test_groups_are_refused_where_a_geometry_is_needed(tmp_path: Path, ending: str) -> None:
    with pytest.raises(InvalidInput, match=r"\.csv"):
        export_layer(CITY, Layer.GROUPS, tmp_path / f"groups{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", DRAWN)
@pytest.mark.parametrize("cells", [gap(), multi_part(), ()], ids=["single", "multi", "none"])
def test_single_and_multi_part_outlines_keep_their_kind(tmp_path: Path, ending: str, cells: tuple[Cell, ...]) -> None:
    assert export_layer(territory_of(cells), Layer.CELLS, tmp_path / f"out{ending}") == len(cells)


@pytest.mark.parametrize("ending", DRAWN)
@pytest.mark.parametrize("datum", ["GCJ02", "CGCS2000", "EPSG:4548"])
def test_another_datum_comes_back_within_a_micrometre_or_two(
    sqlite_store: Store, tmp_path: Path, ending: str, datum: str
) -> None:
    file = tmp_path / f"out{ending}"
    export_layer(CITY, Layer.COMPONENTS, file, datum=datum)
    [component] = taken_back(sqlite_store, Layer.COMPONENTS, file, datum).components
    assert shapely.distance(component.geometry, CITY.components[0].geometry) < 5e-11


def test_flatgeobuf_refuses_areas_without_a_polygon(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.gpkg"):
        export_layer(CITY, Layer.AREAS, tmp_path / "out.fgb")


def test_the_datum_is_stated(tmp_path: Path) -> None:
    export_layer(CITY, Layer.CELLS, tmp_path / "out.geojson", datum="GCJ02")
    assert orjson.loads((tmp_path / "out.geojson").read_bytes())["datum"] == "GCJ02"
    export_layer(CITY, Layer.CELLS, tmp_path / "out.csv", datum="BD09")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert {row["datum"] for row in rows} == {"BD09"}


def test_a_datum_that_is_not_defined_there_is_refused(tmp_path: Path) -> None:
    london = territory_of(gap((-0.1, 51.5)))
    with pytest.raises(InvalidInput, match="not defined"):
        export_layer(london, Layer.CELLS, tmp_path / "out.csv", datum="GCJ02")


def test_the_zip_is_a_shapefile_in_utf_8(tmp_path: Path) -> None:
    export_layer(CITY, Layer.CELLS, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert {Path(name).suffix for name in archive.namelist()} >= {".shp", ".shx", ".dbf", ".prj", ".cpg"}
        assert archive.read("cells.cpg") == b"UTF-8"


@pytest.mark.parametrize("name", ["out.shp", "out.tab", "out"])
def test_an_unknown_ending_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"\.geojson"):
        export_layer(CITY, Layer.CELLS, tmp_path / name)


def test_a_file_is_overwritten_only_when_told(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    with pytest.raises(Conflict):
        export_layer(CITY, Layer.CELLS, file)
    assert file.read_text() == "mine"
    export_layer(CITY, Layer.CELLS, file, overwrite=True)
    assert file.read_text() != "mine"


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    file.write_text("mine")
    with pytest.raises(InvalidInput, match="outlines"):
        export_layer(CITY, Layer.CELLS, file, overwrite=True)
    assert file.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_folder_is_named_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"folder of out\.csv"):
        export_layer(CITY, Layer.CELLS, tmp_path / "absent" / "out.csv")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_every_roster_table_comes_back(sqlite_store: Store, tmp_path: Path, ending: str) -> None:
    for table in ROSTER_TABLES:
        file = tmp_path / f"{table}{ending}"
        export_roster(tiny_roster(), table, file)
        import_roster(sqlite_store, RosterRequest(table, file, datum="WGS84", commit=True), NOW)
        assert sqlite_store.load_roster().tables.get(table, {}) == tiny_roster().tables.get(table, {}), table


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_formulas_are_text_and_come_back_as_they_were(sqlite_store: Store, tmp_path: Path, ending: str) -> None:
    people = {
        code: Person(code=code, name=name, phone=phone)
        for code, name, phone in (("001", "=cmd|' /C calc'!A0", "+86 10"), ("002", "'=1+1", "-1"), ("003", "@x", "'9"))
    }
    file = tmp_path / f"people{ending}"
    export_roster(Roster(1, {"people": people}), "people", file)
    if ending == ".csv":
        cells = [cell for row in csv.reader(file.read_text("utf-8-sig").splitlines()) for cell in row]
    else:
        rows = load_workbook(file).worksheets[0].iter_rows()
        cells = [f"'{cell.value}" if cell.data_type == "s" else "=" for row in rows for cell in row if cell.value]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    import_roster(sqlite_store, RosterRequest("people", file, commit=True), NOW)
    assert sqlite_store.load_roster().tables["people"] == people


@pytest.mark.parametrize("name", ["x" * 32_768, "a\x01b"])
def test_a_text_that_no_cell_of_a_workbook_holds_is_refused_and_not_cut_off(tmp_path: Path, name: str) -> None:
    roster = Roster(1, {"departments": {"A": Department(code="A", name=name)}})
    with pytest.raises(InvalidInput, match="name, row 2"):
        export_roster(roster, "departments", tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []
    longest = Roster(1, {"departments": {"A": Department(code="A", name="x" * 32_767)}})
    export_roster(longest, "departments", tmp_path / "out.xlsx")
    [_, row] = load_workbook(tmp_path / "out.xlsx").worksheets[0].values
    assert "x" * 32_767 in row


@pytest.mark.parametrize(("bom", "start"), [(True, b"\xef\xbb\xbfcode"), (False, b"code")])
def test_the_byte_order_mark_is_a_choice(tmp_path: Path, bom: bool, start: bytes) -> None:
    roster = Roster(1, {"departments": {"A": Department(code="A", name="甲")}})
    export_roster(roster, "departments", tmp_path / "out.csv", bom=bom)
    assert (tmp_path / "out.csv").read_bytes().startswith(start)


def test_roster_tables_and_endings_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="people"):
        export_roster(tiny_roster(), "persons", tmp_path / "out.csv")
    with pytest.raises(InvalidInput, match="xlsx"):
        export_roster(tiny_roster(), "people", tmp_path / "out.gpkg")


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_the_guard_is_taken_off_exactly(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))
