"""The same points give the same answers from every format, and every format holds them all, in order."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
import shapely
from pyarrow import ipc

from api.batch.columns import ANSWERED
from gridsvc.datum import from_wgs84
from tests.api.cli.resolving.in_process import Run, done, run
from tests.fixtures.point_files import PLACES, shapes_of, write_geoparquet, write_points

__all__ = ["run"]
STATUSES = ["OK", "OUTSIDE", "OK", "INVALID", "INVALID", "OK"]


def _rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [_with_number({name: value or None for name, value in row.items()}) for row in csv.DictReader(stream)]


def _with_number(row: dict[str, Any]) -> dict[str, Any]:
    """Each format writes numbers in its own way."""
    return row | {"distance_m": None if row["distance_m"] is None else float(row["distance_m"])}


@pytest.mark.parametrize("ending", [".arrow", ".parquet", ".geojson", ".geojsonl", ".gpkg", ".GEOJSON"])
def test_every_format_is_answered_as_csv_is(run: Run, ending: str) -> None:
    write_points(Path("in.csv"))
    write_points(Path(f"points{ending.lower()}")).rename(f"points{ending}")
    said = () if ending == ".gpkg" else ("--datum", "WGS84")
    done(run, "in.csv", "from-csv.csv", "--datum", "WGS84")
    done(run, f"points{ending}", "from-it.csv", *said)
    tables, layers = _rows(Path("from-csv.csv")), _rows(Path("from-it.csv"))
    assert [row["status"] for row in tables] == STATUSES
    # A table cannot say that there is no geometry; all else is the same.
    for row in (tables[4], layers[4]):
        assert row.pop("error")
    assert tables == layers


def test_geoparquet_is_answered_as_csv_is(run: Run) -> None:
    columns = {name: values for name, values in PLACES.items() if name not in {"lon", "lat"}}
    write_points(Path("in.csv"))
    shapes = shapely.to_wkb(shapes_of(PLACES)).tolist()
    write_geoparquet(Path("in.parquet"), shapes, columns, encoding="WKB")
    done(run, "in.csv", "from-csv.csv", "--datum", "WGS84")
    done(run, "in.parquet", "from-it.csv")
    tables, layers = _rows(Path("from-csv.csv")), _rows(Path("from-it.csv"))
    assert [row["cell"] for row in tables] == [row["cell"] for row in layers]


@pytest.mark.parametrize("ending", [".arrow", ".parquet", ".geojson", ".gpkg"])
def test_every_format_holds_all_answers_in_order(run: Run, ending: str) -> None:
    write_points(Path("in.csv"))
    done(run, "in.csv", "out.csv", "--datum", "WGS84")
    told = orjson.loads(done(run, "in.csv", f"out{ending}", "--datum", "WGS84", "--json"))
    assert {name: told[name] for name in ("rows", "edition", "roster", "file")} == {
        "rows": 6, "edition": 1, "roster": told["roster"], "file": f"out{ending}",
    }  # fmt: skip
    names, rows = _READERS[ending](Path(f"out{ending}"))
    assert names == list(ANSWERED)
    assert rows == _rows(Path("out.csv"))


def _read_arrow(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    with file.open("rb") as stream:
        table = ipc.open_stream(stream).read_all()
    return table.schema.names, table.to_pylist()


def _read_parquet(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    table = pq.read_table(file)
    return table.schema.names, table.to_pylist()


def _read_geojson(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    rows = [feature["properties"] for feature in orjson.loads(file.read_bytes())["features"]]
    return list(rows[0]), rows


def _read_geopackage(file: Path) -> tuple[list[str], list[dict[str, Any]]]:
    from pyogrio.raw import read_arrow

    _, table = read_arrow(file, layer="answers", read_geometry=False)
    return table.schema.names, table.to_pylist()


_READERS: dict[str, Callable[[Path], tuple[list[str], list[dict[str, Any]]]]] = {
    ".arrow": _read_arrow,
    ".parquet": _read_parquet,
    ".geojson": _read_geojson,
    ".gpkg": _read_geopackage,
}


def test_maps_show_the_places_in_wgs84_and_nothing_for_rows_that_are_invalid(run: Run) -> None:
    lon, lat = from_wgs84([116.4005, 116.4015], [39.9013, 39.9013], "GCJ02")
    columns = {
        "id": ["a", "b", "c", "d"],
        "lon": [*lon, 116.4005, 116.4005],
        "lat": [*lat, 39.9013, 39.9013],
        "datum": ["GCJ02", "GCJ02", "WGS84", "WGS84"],
        "accuracy_m": [None, None, None, -1.0],
    }
    write_points(Path("in.csv"), columns)
    done(run, "in.csv", "out.geojson")
    done(run, "in.csv", "out.gpkg")
    drawn = [feature["geometry"] for feature in orjson.loads(Path("out.geojson").read_bytes())["features"]]
    assert drawn[3] is None
    assert drawn[2] == {"type": "Point", "coordinates": [116.4005, 39.9013]}
    assert [place["coordinates"] for place in drawn[:2]] == [
        pytest.approx([116.4005, 39.9013], abs=1e-7), pytest.approx([116.4015, 39.9013], abs=1e-7),
    ]  # fmt: skip
    assert _shapes(Path("out.gpkg")) == [None if place is None else tuple(place["coordinates"]) for place in drawn]


def _shapes(file: Path) -> list[tuple[float, float] | None]:
    from pyogrio.raw import read

    meta, _, shapes, _ = read(file, layer="answers")
    assert (meta["crs"], meta["geometry_type"]) == ("EPSG:4326", "Point")
    return [None if shape is None else shapely.from_wkb(shape).coords[0] for shape in shapes]


@pytest.mark.parametrize("source", [".csv", ".geojson", ".gpkg"])
@pytest.mark.parametrize("target", [".csv", ".arrow", ".parquet", ".geojson", ".gpkg"])
def test_no_rows_give_a_whole_file_without_any(run: Run, source: str, target: str) -> None:
    write_points(Path(f"in{source}"), {"id": [], "lon": [], "lat": []})
    if source == ".csv":
        Path("in.csv").write_text("id,lon,lat\n")
    done(run, f"in{source}", f"out{target}", *(() if source == ".gpkg" else ("--datum", "WGS84")))
    if target == ".csv":
        assert Path("out.csv").read_text() == ",".join(ANSWERED) + "\n"
    elif target == ".geojson":
        assert orjson.loads(Path("out.geojson").read_bytes())["features"] == []
    else:
        assert _READERS[target](Path(f"out{target}"))[1] == []


def test_answers_are_resolved_again_from_their_own_map(run: Run) -> None:
    write_points(Path("in.csv"))
    done(run, "in.csv", "out.gpkg", "--datum", "WGS84")
    _, _, err = run("out.gpkg", "again.csv")
    assert "Attributes that are not read: status, error, cell" in err
    done(run, "in.csv", "out.csv", "--datum", "WGS84")
    first, again = _rows(Path("out.csv")), _rows(Path("again.csv"))
    assert [row["cell"] for row in first] == [row["cell"] for row in again]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("in.csv", "out.shp"), "no ending that says a format: use .csv, .arrow, .parquet, .geojson or .gpkg"),
        (("in.csv", "folder.csv"), "folder.csv is a folder"),
        (("in.csv", "nowhere/out.csv"), "does not exist"),
        (("in.csv", "in.csv"), "in.csv is there already: say --overwrite"),
        (("in.csv", "in.csv", "--resume"), "in.csv is there already: say --overwrite"),
        (("in.csv", "out.csv"), "--datum"),
        (("in.csv", "out.csv", "--datum", "MARS"), "MARS"),
        (("bad.gpkg", "out.csv"), "bad.gpkg is not GeoPackage as its name says"),
        (("bad.geojson", "out.csv", "--datum", "WGS84"), "bad.geojson is no GeoJSON"),
        (("in.csv", "out.csv", "--layer", "x", "--datum", "WGS84"), "--layer is for a GeoPackage"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_and_leaves_nothing(run: Run, arguments: tuple[str, ...], says: str) -> None:
    write_points(Path("in.csv"))
    Path("folder.csv").mkdir()
    for name in ("bad.gpkg", "bad.geojson"):
        Path(name).write_text("x")
    before = sorted(Path().iterdir())
    code, _, err = run(*arguments)
    assert (code, err.count("\n")) == (2, 1), err
    assert says in err
    assert sorted(Path().iterdir()) == before


def test_a_file_may_be_called_as_a_chunk_is(run: Run) -> None:
    write_points(Path("in.csv"))
    done(run, "in.csv", "000000.arrow", "--datum", "WGS84")
    assert [row["status"] for row in _read_arrow(Path("000000.arrow"))[1]] == STATUSES


def test_a_file_is_replaced_by_its_own_answers_when_it_may_be(run: Run) -> None:
    write_points(Path("in.csv"))
    done(run, "in.csv", "in.csv", "--overwrite", "--datum", "WGS84")
    assert [row["status"] for row in _rows(Path("in.csv"))] == STATUSES


def test_a_file_that_changes_while_it_is_read_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.cli.resolving.run import Run as Work

    write_points(Path("in.csv"))
    resolve = Work.resolve

    def edited(work: Work, progress: Any) -> int:
        count = resolve(work, progress)
        write_points(Path("in.csv"), {"lon": [1.0], "lat": [2.0]})
        return count

    monkeypatch.setattr(Work, "resolve", edited)
    code, _, err = run("in.csv", "out.csv", "--datum", "WGS84")
    assert (code, "in.csv was changed while it was read" in err) == (2, True)
    assert not Path("out.csv").exists()
