"""Roster tables from CSV and XLSX: types, words, keys, validity; a wrong cell names its line and column."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from shapely import box

from geodata.roster_files import RosterReport, RosterRequest, import_roster
from gridsvc.errors import InvalidInput, LayerRefused, UnknownDatum
from gridsvc.model.departments import (
    Axis,
    Category,
    CategoryKind,
    Competence,
    Department,
    DepartmentLevel,
    DutyItem,
    Part,
    Patch,
)
from gridsvc.model.people import Person, Post, Role, Shift, Side, TargetKind
from gridsvc.model.places import Key
from gridsvc.store import SqlStore
from tests.geodata.fresh_store import fresh_store, is_untouched

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 8, tzinfo=ZONE)
SQUARE = box(116.4, 39.9, 116.401, 39.901)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = fresh_store(tmp_path)
    yield opened
    opened.close()


def run(store: SqlStore, folder: Path, table: str, text: str, **options: Any) -> RosterReport:
    path = folder / f"{table}.csv"
    path.write_bytes(text.encode(options.pop("write_as", "utf-8")))
    options.setdefault("commit", True)
    return import_roster(store, RosterRequest(table, path, **options), NOW)


def row(store: SqlStore, table: str, key: str) -> Any:
    return store.load_roster().tables[table][key]


def findings(store: SqlStore, folder: Path, table: str, text: str, **options: Any) -> list[tuple[str, str, str]]:
    """(code, place, column) of what blocks; nothing is written."""
    with pytest.raises(LayerRefused) as caught:
        run(store, folder, table, text, **options)
    assert is_untouched(store)
    return [(i.code, i.values.get("where", ""), i.values.get("column", "")) for i in caught.value.issues]


def test_an_unknown_table_or_kind_of_file_is_refused(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="people"):
        run(store, tmp_path, "cats", "code\n1\n")
    with pytest.raises(LayerRefused):
        import_roster(store, RosterRequest("people", tmp_path / "people.pdf"), NOW)


def test_a_wrong_header_says_the_missing_columns_and_what_there_is(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(LayerRefused) as caught:
        run(store, tmp_path, "people", "id;full name\n1;An Yi\n")
    told = {
        issue.values.get("column"): issue.values for issue in caught.value.issues if issue.code == "COLUMN_REQUIRED"
    }
    assert set(told) == {"code", "name"}
    assert told["code"]["fields"] == "id, full name"


@pytest.mark.parametrize(
    ("table", "text", "finding"),
    [
        ("people", "code,name\nP1,\n", ("VALUE_MISSING", "people.csv #2", "name")),
        ("people", "code,name\nP1,An Yi\nP1,Bo Er\n", ("ROW_TWICE", "people.csv #3", "")),
        ("people", "code,name\n1.1E+15,An Yi\n", ("CELL_UNREADABLE", "people.csv #2", "code")),
        ("people", "code,name,valid_from\nP1,An Yi,soon\n", ("CELL_UNREADABLE", "people.csv #2", "valid_from")),
        (
            "people",
            "code,name,valid_from,valid_to\nP1,A,2026-02-01,2026-01-01\n",
            ("ROW_INVERTED", "people.csv #2", ""),
        ),
        ("posts", "code,role,target_kind,target_code\n1,KING,area,1\n", ("CELL_UNREADABLE", "posts.csv #2", "role")),
        (
            "competences",
            "code,category,area,department,part\n1,0102,1,D,LEAD\n",
            ("CELL_UNREADABLE", "competences.csv #2", "category"),
        ),
        (
            "duty_lists",
            "code,title,expected_count\n1,a,many\n",
            ("CELL_UNREADABLE", "duty_lists.csv #2", "expected_count"),
        ),
        ("shifts", "code,starts_at,ends_at\n1,2026-01-02,2026-01-01\n", ("ROW_INVERTED", "shifts.csv #2", "")),
        ("shifts", "code,starts_at,ends_at\n1,x,2026-01-01\n", ("CELL_UNREADABLE", "shifts.csv #2", "starts_at")),
        ("patches", "code,name,department,geometry\n1,a,D,hello\n", ("CELL_UNREADABLE", "patches.csv #2", "geometry")),
        ("patches", f"code;name;department;geometry\n1;a;D;{SQUARE.wkt}\n", ("ROSTER_GEOMETRY_DATUM", "", "")),
        (
            "duty_items",
            "code,duty_list,block,title,inside_subdistrict_power\n1,L,B,t,maybe\n",
            ("CELL_UNREADABLE", "duty_items.csv #2", "inside_subdistrict_power"),
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_line_and_column(
    store: SqlStore, tmp_path: Path, table: str, text: str, finding: tuple[str, str, str]
) -> None:
    assert finding in findings(store, tmp_path, table, text)


@pytest.mark.parametrize(
    "wkt", ["POINT (1 2)", "POLYGON ((0 0, 200 0, 200 1, 0 0))", "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"]
)
def test_patches_need_a_sound_polygon(store: SqlStore, tmp_path: Path, wkt: str) -> None:
    text = f"code;name;department;geometry\n1;a;D;{wkt}\n"
    assert findings(store, tmp_path, "patches", text, datum="WGS84")
    with pytest.raises(UnknownDatum):
        run(store, tmp_path, "patches", text, datum="MARS")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headers_words_and_encodings(store: SqlStore, tmp_path: Path, encoding: str) -> None:
    text = "部门编码,部门名称,条块,级别,辖区\nWEST,西城街道办事处,块,街道,990101001\n"
    report = run(store, tmp_path, "departments", text, write_as=encoding)
    assert (report.revision, report.added) == (1, 1)
    expected = Department(
        code="WEST", name="西城街道办事处", axis=Axis.BLOCK, level=DepartmentLevel.SUBDISTRICT, area="990101001"
    )
    assert row(store, "departments", "WEST") == expected


def test_encoding_and_columns_as_said(store: SqlStore, tmp_path: Path) -> None:
    text = "工號,姓名X\nP1,陳一\n"
    run(store, tmp_path, "people", text, write_as="big5", encoding="Big5", columns={"code": "工號", "name": "姓名X"})
    assert row(store, "people", "P1") == Person(code="P1", name="陳一")


def test_every_kind_of_cell(store: SqlStore, tmp_path: Path) -> None:
    run(
        store,
        tmp_path,
        "posts",
        "code,角色,target_kind,target_code,target_scheme,side\nX,巷长,街巷段,L-1,STREET_LOCAL,左\n",
    )
    assert row(store, "posts", "X") == Post(
        code="X",
        role=Role.LANE_CHIEF,
        target_kind=TargetKind.SEGMENT,
        target_code="L-1",
        target_scheme="STREET_LOCAL",
        side=Side.LEFT,
    )
    run(
        store,
        tmp_path,
        "categories",
        "scheme,code,kind,major,name,name_en,sample\nS,0102,事件,01,暴露垃圾,rubbish,是\n",
    )
    assert row(store, "categories", "S:0102") == Category(
        scheme="S", code="0102", kind=CategoryKind.EVENT, major="01", name="暴露垃圾", name_en="rubbish", sample=True
    )
    run(
        store,
        tmp_path,
        "duty_items",
        "code,duty_list,block,title,inside_subdistrict_power,categories\nI,L,B,t,no,S:0102;S:0103\n",
    )
    assert row(store, "duty_items", "I") == DutyItem(
        code="I",
        duty_list="L",
        block="B",
        title="t",
        inside_subdistrict_power=False,
        categories=(Key("S", "0102"), Key("S", "0103")),
    )
    run(
        store,
        tmp_path,
        "competences",
        "code,category,area,department,part,valid_from,valid_to\nK,S:0102,110101,D,牵头,2026/1/1,2027年1月1日\n",
    )
    assert row(store, "competences", "K") == Competence(
        code="K",
        category=Key("S", "0102"),
        area="110101",
        department="D",
        part=Part.LEAD,
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
    )


def test_times_of_shifts_are_in_the_zone_of_the_city_unless_they_say_theirs(store: SqlStore, tmp_path: Path) -> None:
    run(store, tmp_path, "shifts", "code,starts_at,ends_at,post\nA,2026-01-01 08:00,2026-01-01T12:00+00:00,P\n")
    shift = row(store, "shifts", "A")
    assert isinstance(shift, Shift)
    assert shift.starts_at == datetime(2026, 1, 1, 8, tzinfo=ZONE)
    assert shift.ends_at == datetime(2026, 1, 1, 20, tzinfo=ZONE)


def test_patches_come_in_wgs84_bit_by_bit(store: SqlStore, tmp_path: Path) -> None:
    run(store, tmp_path, "patches", f"code;name;department;范围\nPARK;Park;D;{SQUARE.wkt}\n", datum="WGS84")
    patch = row(store, "patches", "PARK")
    assert isinstance(patch, Patch)
    assert patch.geometry == SQUARE


def test_merge_replace_and_the_day_from_which_rows_hold(store: SqlStore, tmp_path: Path) -> None:
    run(store, tmp_path, "people", "code,name\nP1,An Yi\nP2,Bo Er\n")
    report = run(store, tmp_path, "people", "code,name\nP2,Bo Er\nP3,Cao San\n")
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 0, 0, 1)
    report = run(store, tmp_path, "people", "code,name\nP3,Cao San\n", mode="replace", valid_from=date(2026, 12, 1))
    assert (report.added, report.changed, report.removed) == (0, 1, 2)
    people = store.load_roster().tables["people"]
    assert people["P1"].valid_to == date(2026, 12, 1)  # type: ignore[union-attr]
    assert people["P3"].valid_from == date(2026, 12, 1)  # type: ignore[union-attr]
    run(store, tmp_path, "people", "code,name\nP3,Cao San\n", mode="replace")
    assert list(store.load_roster().tables["people"]) == ["P3"]


def test_merging_leaves_alone_what_the_file_has_no_column_for(store: SqlStore, tmp_path: Path) -> None:
    run(store, tmp_path, "people", "code,name,phone,belongs_to\nP1,An Yi,000-1,D1\nP2,Bo Er,000-2,D1\n")
    run(store, tmp_path, "people", "code,name,phone\nP1,An Yi,000-9\nP2,Bo Er,\n")
    assert [(row(store, "people", key).phone, row(store, "people", key).belongs_to) for key in ("P1", "P2")] == [
        ("000-9", "D1"),
        (None, "D1"),
    ]
    run(store, tmp_path, "people", "code,name,phone\nP1,An Yi,000-9\n", mode="replace")
    assert row(store, "people", "P1").belongs_to is None


def test_short_lines_of_a_wide_table_do_not_fill_the_memory(store: SqlStore, tmp_path: Path) -> None:
    wide = ",".join(f"c{number}" for number in range(999))
    assert findings(store, tmp_path, "people", f"code,{wide},{wide}x\n1\n")[0][0] == "FILE_TOO_LARGE"
    assert findings(store, tmp_path, "people", f"code,{wide}\n" + "1\n" * 20_001)[0][0] == "FILE_TOO_LARGE"


def test_a_dry_run_and_an_unchanged_file_add_no_revision(store: SqlStore, tmp_path: Path) -> None:
    assert run(store, tmp_path, "people", "code,name\nP1,An Yi\n", commit=False).committed is False
    assert is_untouched(store)
    run(store, tmp_path, "people", "code,name\nP1,An Yi\n")
    assert run(store, tmp_path, "people", "code,name\nP1,An Yi\n").revision == 1


def test_text_that_looks_like_a_formula_stays_text(store: SqlStore, tmp_path: Path) -> None:
    run(store, tmp_path, "people", 'code,name\nP1,"=HYPERLINK(""http://x"")"\n')
    assert row(store, "people", "P1").name == '=HYPERLINK("http://x")'


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path


def test_workbooks_with_dates_and_numbers(store: SqlStore, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "people.xlsx", ["工号", "姓名", "电话", "生效日期"], [], [17, "An Yi", 12345, date(2026, 1, 1)]
    )
    import_roster(store, RosterRequest("people", path, commit=True), NOW)
    assert row(store, "people", "17") == Person(code="17", name="An Yi", phone="12345", valid_from=date(2026, 1, 1))


def test_numbers_of_a_workbook_that_lost_digits_are_told(store: SqlStore, tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", ["code", "name"], [1.5, "An Yi"])
    with pytest.raises(LayerRefused) as caught:
        import_roster(store, RosterRequest("people", path, commit=True), NOW)
    assert [(i.code, i.values["where"]) for i in caught.value.issues] == [("CELL_UNREADABLE", "people.xlsx #2")]
