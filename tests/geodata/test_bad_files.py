"""Every damaged or odd file of two collections ends in a report or a refusal with a message; nothing is written."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geodata.importing import ImportRequest, import_layer
from geodata.issues import list_blocking, text_of
from geodata.schemes import Schemes, load_schemes
from gridsvc.errors import LayerRefused
from gridsvc.model.territory import Layer
from gridsvc.store import SqlStore
from tests.fixtures.real_data import real_data_folder
from tests.geodata.fresh_store import fresh_store, is_untouched

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
COLLECTIONS = ("bad_geojson", "bad_files_mapshaper")
SCHEME = {Layer.AREAS: "ADMIN_ANY", Layer.CELLS: "GRID_ANY", Layer.SEGMENTS: "STREET_ANY"}
OWN = """
[ADMIN_ANY]
layer = "areas"
pattern = '.+'
levels = [{length = 6, level = "DISTRICT"}]
[GRID_ANY]
layer = "cells"
pattern = '.+'
[STREET_ANY]
layer = "segments"
pattern = '.+'
"""


def list_files() -> list[Path]:
    folder = real_data_folder()
    if folder is None:
        return []
    return [path for name in COLLECTIONS for path in sorted((folder / name).rglob("*")) if path.is_file()]


FILES = list_files()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    opened = fresh_store(tmp_path_factory.mktemp("city"))
    yield opened
    assert is_untouched(opened)
    opened.close()


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> Schemes:
    path = tmp_path_factory.mktemp("schemes") / "own.toml"
    path.write_text(OWN, "utf-8")
    return load_schemes(path)


def attempt(store: SqlStore, schemes: Schemes, path: Path, layer: Layer, *, commit: bool = False) -> str:
    """How the import ends; only errors of the project may come out, and their texts name no folder."""
    carries_crs = path.suffix in {".shp", ".gpkg", ".fgb", ".parquet"}
    request = ImportRequest(
        layer=layer,
        files=[path],
        scheme=SCHEME[layer],
        datum=None if carries_crs else "WGS84",
        code_from_filename=True,
        commit=commit,
    )
    try:
        report = import_layer(store, request, NOW, lambda done, total: None, schemes)
    except LayerRefused as caught:
        refused = caught
    else:
        assert report.added + report.changed + report.unchanged > 0
        return "report"
    assert list_blocking(refused.issues)
    told = [line for issue in refused.issues for lang in ("en", "zh") for line in text_of(issue, lang)]
    assert all(line.strip() and str(path.parent) not in line for line in [*told, refused.message])
    return "refused"


@pytest.mark.real_data
def test_the_collections_are_there(real_data: Callable[[str], Path]) -> None:
    assert real_data("bad_geojson").is_dir()
    assert real_data("bad_files_mapshaper").is_dir()
    assert len(FILES) >= 660


@pytest.mark.real_data
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_ends_in_a_report_or_a_refusal(store: SqlStore, schemes: Schemes, path: Path) -> None:
    is_parser_case = "JSONTestSuite" in path.parts
    for layer in (Layer.CELLS,) if is_parser_case else SCHEME:
        result = attempt(store, schemes, path, layer)
    assert result == "refused" or not (is_parser_case and path.name.startswith("n_"))


@pytest.mark.real_data
def test_refused_files_leave_a_store_as_it_was_even_with_commit(tmp_path: Path, schemes: Schemes) -> None:
    opened = fresh_store(tmp_path)
    taken = 0
    for path in FILES:
        if "JSONTestSuite" in path.parts:
            continue
        before = opened.list_drafts()
        result = attempt(opened, schemes, path, Layer.CELLS, commit=True)
        taken += result == "report"
        assert result == "report" or opened.list_drafts() == before
    assert taken >= 20
    assert len(opened.list_drafts()) == 1
    opened.close()
