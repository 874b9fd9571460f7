"""Communes of two départements as cells: real vertices, one invalid outline, and a lagoon that is nobody's."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
import shapely

from gridsvc.model.territory import Cell, Territory
from tests.fixtures.layers import SCHEME, territory_of
from tests.geodata.checks.findings import findings

pytestmark = pytest.mark.real_data


def communes(folder: Path, *departments: str) -> Territory:
    """Communes of départements by their two-digit numbers, in the CRS of metropolitan France."""
    cells = []
    with zipfile.ZipFile(folder / "communes.zip") as archive:
        for name in archive.namelist():
            if any(f"communes-{number}-" in name for number in departments):
                features = orjson.loads(archive.read(name))["features"]
                shapes = shapely.from_geojson([orjson.dumps(feature["geometry"]) for feature in features])
                codes = [feature["properties"] for feature in features]
                cells += [Cell(SCHEME, p["code"], p["nom"], shape) for p, shape in zip(codes, shapes, strict=True)]
    return territory_of(tuple(cells), "EPSG:2154")


def test_the_lagoon_of_berre_is_the_one_gap_of_its_departement(real_data: Callable[[str], Path]) -> None:
    issues = [i for i in findings(communes(real_data("france_communes"), "13")) if i.code != "CRS_SCALE"]
    assert [issue.code for issue in issues] == ["GAP"]
    assert issues[0].geometry is not None
    assert shapely.intersects(issues[0].geometry, shapely.Point(5.10, 43.47))
    assert 1.4e8 < issues[0].values["area_m2"] < 1.7e8


def test_the_invalid_commune_is_told_with_its_place_and_hides_nothing(real_data: Callable[[str], Path]) -> None:
    [issue] = [i for i in findings(communes(real_data("france_communes"), "14", "61")) if i.code != "CRS_SCALE"]
    assert (issue.code, issue.features) == ("INVALID_OUTLINE", ("14174",))
    assert issue.geometry is not None
    assert shapely.distance(issue.geometry, shapely.Point(-0.56932, 48.89639)) < 1e-5
