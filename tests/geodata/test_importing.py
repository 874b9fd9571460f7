"""Files into drafts of a real store: dry runs, merges, acceptances, and nothing half-written."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shapely import Polygon, box

from geodata.importing import ImportReport, ImportRequest, import_layer
from geodata.schemes import load_schemes
from gridsvc.errors import Conflict, InvalidInput, LayerRefused, UnknownDatum
from gridsvc.model.issue import Severity
from gridsvc.model.territory import Layer
from gridsvc.store import SqlStore
from tests.geodata.fresh_store import fresh_store, is_untouched
from tests.geodata.layer_writing import CODE, SQUARE, collection, feature, write_json

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SCHEMES = load_schemes(None)
BOWTIE = Polygon([(116.4, 39.9), (116.41, 39.91), (116.41, 39.9), (116.4, 39.91)])
SECOND = "110101001001002"
RealData = Callable[[str], Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = fresh_store(tmp_path)
    yield opened
    opened.close()


def run(store: SqlStore, *files: Path, layer: Layer = Layer.CELLS, **options: Any) -> ImportReport:
    options.setdefault("datum", "WGS84")
    options.setdefault("commit", True)
    request = ImportRequest(layer=layer, files=files, **options)
    return import_layer(store, request, NOW, lambda done, total: None, SCHEMES)


def cells(folder: Path, **shapes: Any) -> Path:
    """A file of cells: name of the code's last digit → polygon."""
    features = [feature(shape, code=f"{CODE[:-1]}{name[1:]}", name=name) for name, shape in shapes.items()]
    return write_json(folder / "cells.geojson", collection(*features))


def figures(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"datum": "MARS"}, UnknownDatum),
        ({"scheme": "NO_SUCH"}, InvalidInput),
        ({"scheme": "ADMIN_GB2260"}, InvalidInput),
        ({"accept": {"x": " "}}, InvalidInput),
        ({"draft": 7}, Exception),
        ({"datum": None}, LayerRefused),
    ],
)
def test_wrong_requests_write_nothing(store: SqlStore, tmp_path: Path, options: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        run(store, cells(tmp_path, c1=SQUARE), **options)
    assert is_untouched(store)


def test_no_file_is_refused(store: SqlStore) -> None:
    with pytest.raises(InvalidInput):
        run(store)


def test_a_refused_import_lists_every_finding_and_writes_nothing(store: SqlStore, tmp_path: Path) -> None:
    path = cells(tmp_path, c1=BOWTIE, c2=SQUARE, x9=box(0, 0, 200, 1), c3=None)
    with pytest.raises(LayerRefused) as caught:
        run(store, path)
    codes = {issue.code for issue in caught.value.issues}
    assert codes == {"INVALID_OUTLINE", "COORDINATES_OUT_OF_RANGE", "GEOMETRY_MISSING"}
    assert is_untouched(store)


def test_several_open_drafts_must_be_told_apart(store: SqlStore, tmp_path: Path) -> None:
    store.create_draft(NOW)
    store.create_draft(NOW)
    with pytest.raises(Conflict, match="1, 2"):
        run(store, cells(tmp_path, c1=SQUARE))
    assert run(store, cells(tmp_path, c1=SQUARE), draft=2).draft == 2


def test_a_draft_that_ended_takes_nothing(store: SqlStore, tmp_path: Path) -> None:
    store.create_draft(NOW)
    store.discard_draft(1)
    with pytest.raises(Conflict, match="draft 1"):
        run(store, cells(tmp_path, c1=SQUARE), draft=1)


def test_a_dry_run_says_the_same_and_writes_nothing(store: SqlStore, tmp_path: Path) -> None:
    path = cells(tmp_path, c1=SQUARE, c2=box(116.401, 39.9, 116.402, 39.901))
    dry = run(store, path, commit=False)
    assert (figures(dry), dry.draft, dry.committed) == ((2, 0, 0, 0), None, False)
    assert is_untouched(store)
    real = run(store, path)
    assert (figures(real), real.draft, real.committed, real.issues) == ((2, 0, 0, 0), 1, True, dry.issues)


def test_importing_the_same_again_changes_nothing(store: SqlStore, tmp_path: Path) -> None:
    path = cells(tmp_path, c1=SQUARE)
    run(store, path)
    revision = store.get_draft(1).revision
    assert figures(run(store, path)) == (0, 0, 0, 1)
    assert store.get_draft(1).revision == revision


def test_replace_removes_what_the_file_lacks_and_merge_keeps_it(store: SqlStore, tmp_path: Path) -> None:
    east = box(116.401, 39.9, 116.402, 39.901)
    run(store, cells(tmp_path, c1=SQUARE, c2=east))
    assert figures(run(store, cells(tmp_path, c3=east), mode="merge")) == (1, 0, 0, 0)
    assert len(store.load_draft(1).cells) == 3
    assert figures(run(store, cells(tmp_path, c2=east))) == (0, 0, 2, 1)
    assert [cell.code for cell in store.load_draft(1).cells] == [SECOND]


def test_merge_leaves_attributes_that_the_file_has_no_column_for(store: SqlStore, tmp_path: Path) -> None:
    fence = write_json(tmp_path / "110101.json", SQUARE.__geo_interface__)
    run(store, fence, layer=Layer.AREAS, code_from_filename=True)
    names = tmp_path / "codes.csv"
    names.write_text("code,name,parent\n110101000000,东城区,110100000000\n110101001000,东华门街道,110101000000\n")
    report = run(store, names, layer=Layer.AREAS, scheme="ADMIN_STAT12", datum=None, mode="merge")
    assert figures(report) == (1, 1, 0, 0)
    district, street = store.load_draft(1).areas
    assert (district.name, district.geometry, street.name, street.geometry) == ("东城区", SQUARE, "东华门街道", None)
    assert street.parent == "110101"


def test_an_accepted_finding_lets_the_rest_in_and_is_remembered(store: SqlStore, tmp_path: Path) -> None:
    path = cells(tmp_path, c1=BOWTIE)
    accept = {f"INVALID_OUTLINE:cells:{CODE}": "as in the register"}
    assert run(store, path, accept=accept, commit=False).added == 1
    assert store.list_acceptances() == {}
    report = run(store, path, accept=accept | {"CODE_TWICE:cells:none": "gone"})
    assert [(i.code, i.severity) for i in report.issues if i.severity is not Severity.BLOCK][:1] == [
        ("INVALID_OUTLINE", Severity.NOTE)
    ]
    assert "ACCEPTED_NOTHING" in {issue.code for issue in report.issues}
    assert store.list_acceptances() == accept
    assert run(store, path).unchanged == 1
    assert store.load_draft(1).cells[0].geometry == BOWTIE


def test_repair_is_told_and_stored_valid(store: SqlStore, tmp_path: Path) -> None:
    report = run(store, cells(tmp_path, c1=BOWTIE), repair=True)
    assert "GEOMETRY_REPAIRED" in {issue.code for issue in report.issues}
    assert store.load_draft(1).cells[0].geometry.is_valid


def test_files_of_one_import_are_one_layer(store: SqlStore, tmp_path: Path) -> None:
    first = cells(tmp_path, c1=SQUARE).rename(tmp_path / "first.geojson")
    second = cells(tmp_path, c2=SQUARE)
    assert run(store, first, second).added == 2
    with pytest.raises(LayerRefused) as caught:
        run(store, first, first)
    assert [issue.code for issue in caught.value.issues] == ["CODE_TWICE"]


@pytest.mark.real_data
def test_beijing_fences_and_padded_codes(store: SqlStore, tmp_path: Path, real_data: RealData) -> None:
    fences = sorted((real_data("beijing_adcode") / "fences").glob("*.json"))
    report = run(store, *fences, layer=Layer.AREAS, datum="GCJ02", code_from_filename=True)
    assert report.added == 16
    columns = "code,parent,name," + ",".join(f"x{n}" for n in range(17)) + "\n"
    rows = [path.read_text("utf-8") for path in sorted((real_data("beijing_adcode") / "adcode").glob("1101*.csv"))]
    listed = tmp_path / "codes.csv"
    listed.write_text(columns + "".join(rows[1:]), "utf-8")
    report = run(store, listed, layer=Layer.AREAS, scheme="ADMIN_STAT12", datum=None, mode="merge")
    assert (report.changed, report.added) == (16, 336 + 7007)
    areas = {area.code: area for area in store.load_draft(1).areas}
    assert (areas["110101"].name, areas["110101"].geometry is not None) == ("东城区", True)
