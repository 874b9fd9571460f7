"""Ground that no city can stand on, in a real terminal: refused at import or at publish, with reason and remedy."""

import shutil
from pathlib import Path

import orjson
import pytest
from shapely import LineString, MultiPolygon, Polygon, box

from gridsvc.model.territory import Area, Cell, Feature, Level, Segment, SegmentKind
from tests.api.cli.terminal import Terminal
from tests.fixtures.layer_files import write_geojson

HOME = box(116.4, 39.9, 116.401, 39.901)
SCHEMES = {"areas": "ADMIN_LOCAL", "cells": "GRID_LOCAL", "segments": "STREET_LOCAL"}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upgraded")
    Terminal(folder).ok("db", "upgrade")
    return folder


@pytest.fixture
def terminal(tmp_path: Path, upgraded: Path) -> Terminal:
    return Terminal(Path(shutil.copytree(upgraded, tmp_path / "city")))


def cells(*outlines: Polygon | MultiPolygon) -> list[Feature]:
    return [Cell("GRID_LOCAL", f"C{n}", f"C{n}", outline) for n, outline in enumerate(outlines)]


def street(line: LineString) -> list[Feature]:
    return [Segment("STREET_LOCAL", "S", "S", SegmentKind.LANE, line)]


def bring(terminal: Terminal, layer: str, features: list[Feature]) -> None:
    write_geojson(terminal.folder / f"{layer}.geojson", features)
    terminal.ok("import", layer, f"{layer}.geojson", "--scheme", SCHEMES[layer], "--datum", "WGS84", "--commit")


def refused(terminal: Terminal, *arguments: str) -> list[dict[str, object]]:
    """The findings that block, of a command that must end with 1."""
    told = terminal.run(*arguments, "--json")
    assert told.returncode == 1, told.stderr
    assert "Traceback" not in told.stderr
    document = orjson.loads(told.stdout)
    issues = document if isinstance(document, list) else document["issues"]
    return [issue for issue in issues if issue["severity"] == "BLOCK"]


@pytest.mark.parametrize(
    ("ground", "code", "says"),
    [
        (
            cells(box(179.98, -17, 179.99, -16.9), box(-179.99, -17, -179.98, -16.9)),
            "ANTIMERIDIAN_BETWEEN",
            "both sides",
        ),
        (cells(HOME, box(-179, 39.9, 179, 40)), "ANTIMERIDIAN", "C1 touches or crosses"),
        (cells(HOME, MultiPolygon([box(179.9, 1, 180, 1.1), box(-180, 1, -179.9, 1.1)])), "ANTIMERIDIAN", "C1 touches"),
        (cells(HOME, box(116, 89.9, 116.1, 90)), "POLAR", "C1 lies beyond latitude 84"),
        (cells(*(box(k, 10, k + 1, 11) for k in range(110, 125))), "CRS_SCALE_ZONES", "from UTM zone 49 to 51"),
        (cells(HOME, box(2.3, 48.8, 2.31, 48.81)), "CRS_SCALE_ZONES", "from UTM zone 31 to 50"),
    ],
    ids=["antimeridian", "round-the-globe", "parts-at-180", "pole", "three-zones", "far-apart"],
)
def test_ground_that_cannot_be_measured_is_refused_at_publish(
    terminal: Terminal, ground: list[Feature], code: str, says: str
) -> None:
    bring(terminal, "cells", ground)
    for command in (("check",), ("publish",), ("publish", "--commit")):
        [issue] = refused(terminal, *command)
        assert issue["code"] == code
        assert says in str(issue["message"])
        assert len(str(issue["remedy"])) > 10
    assert "nothing is published" in terminal.run("export", "cells", "out.geojson").stderr
    assert says not in terminal.run("check", "--lang", "zh").stderr


def test_a_province_is_published_once_its_scale_is_accepted_or_its_crs_is_said(terminal: Terminal) -> None:
    bring(terminal, "cells", cells(*(box(k, 30, k + 0.01, 30.01) for k in (110, 116, 122))))
    [issue] = refused(terminal, "publish")
    terminal.ok("accept", str(issue["id"]), "--reason", "a province, measured roughly", "--commit")
    terminal.ok("publish", "--commit")


@pytest.mark.parametrize(
    ("layer", "features", "code", "says"),
    [
        (None, [], 2, "no draft is open"),
        ("segments", street(LineString([(116.4, 39.9), (116.41, 39.9)])), 2, "neither cells nor areas"),
        ("areas", [Area("ADMIN_LOCAL", "990101", "a district", Level.DISTRICT)], 1, "nothing is drawn"),
    ],
    ids=["nothing", "streets-alone", "codes-alone"],
)
def test_layers_that_make_no_city_are_refused(
    terminal: Terminal, layer: str | None, features: list[Feature], code: int, says: str
) -> None:
    if layer:
        bring(terminal, layer, features)
    told = terminal.run("publish", "--commit")
    assert told.returncode == code, told.stderr
    assert says in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("accept", [(), ("--accept", "SEGMENT_ZERO_LENGTH:segments:S", "--reason", "x")])
def test_a_street_of_no_length_is_refused_and_cannot_be_accepted(terminal: Terminal, accept: tuple[str, ...]) -> None:
    write_geojson(terminal.folder / "s.geojson", street(LineString([(116.4002, 39.9002)] * 2)))
    arguments = ("import", "segments", "s.geojson", "--scheme", "STREET_LOCAL", "--datum", "WGS84", "--commit")
    [issue] = refused(terminal, *arguments, *accept)
    assert (issue["code"], issue["features"]) == ("SEGMENT_ZERO_LENGTH", ["S"])


def test_one_cell_is_published_and_answers(terminal: Terminal) -> None:
    bring(terminal, "cells", cells(HOME))
    terminal.ok("check")
    terminal.ok("publish", "--commit")


@pytest.mark.parametrize(
    ("layer", "wkt", "code"),
    [
        ("segments", "LINESTRING (116.4 39.9, nan 39.9)", "COORDINATES_NOT_FINITE"),
        ("segments", "LINESTRING (116.4 39.9, inf 39.9)", "COORDINATES_NOT_FINITE"),
        ("cells", "POLYGON ((116.4 39.9, 116.5 nan, 116.5 40, 116.4 39.9))", "COORDINATES_NOT_FINITE"),
        ("cells", "POLYGON EMPTY", "GEOMETRY_MISSING"),
        ("cells", "", "GEOMETRY_MISSING"),
    ],
)
def test_what_is_no_place_is_refused_at_import(terminal: Terminal, layer: str, wkt: str, code: str) -> None:
    (terminal.folder / "rows.csv").write_text(f'code,name,kind,wkt\nX,X,LANE,"{wkt}"\n', "utf-8")
    arguments = ("import", layer, "rows.csv", "--scheme", SCHEMES[layer], "--datum", "WGS84", "--commit")
    assert [issue["code"] for issue in refused(terminal, *arguments)] == [code]


def test_numbers_too_great_for_a_double_are_refused_at_import(terminal: Terminal) -> None:
    write_geojson(terminal.folder / "big.geojson", cells(HOME))
    text = (terminal.folder / "big.geojson").read_text("utf-8").replace("116.401", "1e999")
    (terminal.folder / "big.geojson").write_text(text, "utf-8")
    arguments = ("import", "cells", "big.geojson", "--scheme", "GRID_LOCAL", "--datum", "WGS84", "--commit")
    [issue] = refused(terminal, *arguments)
    assert issue["code"] == "JSON_UNREADABLE"


@pytest.mark.parametrize(
    ("geometry", "code"),
    [("null", "GEOMETRY_MISSING"), ('{"type": "Point", "coordinates": [116.4, 39.9]}', "GEOMETRY_WRONG_TYPE")],
)
def test_a_cell_without_an_outline_is_refused_at_import(terminal: Terminal, geometry: str, code: str) -> None:
    feature = '{"type": "Feature", "properties": {"code": "C0", "name": "x"}, "geometry": ' + geometry + "}"
    text = '{"type": "FeatureCollection", "features": [' + feature + "]}"
    (terminal.folder / "one.geojson").write_text(text, "utf-8")
    arguments = ("import", "cells", "one.geojson", "--scheme", "GRID_LOCAL", "--datum", "WGS84", "--commit")
    assert [issue["code"] for issue in refused(terminal, *arguments)] == [code]
