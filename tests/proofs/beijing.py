"""Beijing's district fences in GCJ-02: the datum trap, and answers where a city has areas but no cells yet."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely

from api.bootstrap import Services
from gridsvc.datum.convert import to_wgs84
from gridsvc.datum.location import locate
from gridsvc.index.batch import resolve_many
from gridsvc.index.resolve import resolve
from tests.api.cli.terminal import Terminal
from tests.fixtures.layer_files import write_geojson
from tests.fixtures.real_layers import CodePoint, read_beijing_streets, read_code_points, read_code_rows
from tests.proofs.row import Row
from tests.proofs.terminal_city import new_city, opened

LUOGU = (116.3968, 39.9357)
AROUND_DEG = 0.03


def prove_beijing(real_data: Callable[[str], Path], folder: Path, *, sample: bool) -> list[Row]:
    """Imported in a terminal with the datum said, every town and community point falls in its own district.

    A sample takes all points, and of the streets those around the lane that is asked for.
    """
    terminal = new_city(folder, crs="EPSG:4548")
    _import_areas(terminal, real_data("beijing_adcode"), folder)
    _import_chiefs(terminal, folder)
    ways = read_beijing_streets(real_data("beijing_sparsetaxi"))
    if sample:
        ways = tuple(way for way in ways if shapely.dwithin(way.geometry, shapely.Point(LUOGU), AROUND_DEG))
    streets = write_geojson(folder / "streets.geojson", ways)
    terminal.ok("import", "segments", str(streets), "--scheme", "STREET_LOCAL", "--datum", "WGS84", "--commit")
    terminal.ok("publish", "--commit")
    points = read_code_points(real_data("beijing_adcode"))
    with opened(terminal) as services:
        said = _districts(services, points, "GCJ02")
        mistaken = _districts(services, points, "WGS84")
        wrong = sum(point.district != district for point, district in zip(points, said, strict=True))
        changed = sum(a != b for a, b in zip(said, mistaken, strict=True))
        incomplete = _incomplete(services)
    return [
        Row("points of towns and communities in their own district", "the code tables", len(points), wrong),
        Row(
            "the same points read as WGS84",
            "a said datum",
            len(points),
            0,
            f"{changed} change district or leave the city",
        ),
        Row("a place without cells and the lane beside it", "the expected answer", 1, incomplete),
    ]


def _import_areas(terminal: Terminal, codes: Path, folder: Path) -> None:
    table = folder / "codes.csv"
    with table.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["code", "name", "parent"])
        # The city above the districts is no area of the tree: its code stands as nobody's parent.
        writer.writerows([row[0], row[2], "" if row[3] == "county" else row[1]] for row in read_code_rows(codes))
    terminal.ok("import", "areas", str(table), "--scheme", "ADMIN_STAT12", "--datum", "GCJ02", "--commit")
    whole_city = ("110000", "110100")
    fences = [str(file) for file in sorted((codes / "fences").glob("*.json")) if file.stem not in whole_city]
    arguments = ("--scheme", "ADMIN_GB2260", "--datum", "GCJ02", "--code-from-filename", "--mode", "merge", "--commit")
    terminal.ok("import", "areas", *fences, *arguments)


def _import_chiefs(terminal: Terminal, folder: Path) -> None:
    """One invented general chief for Dongcheng: where there is no lane chief the answer climbs to him."""
    tables = {
        "people": "code,name\nP1,Invented Person\n",
        "posts": "code,role,target_kind,target_code\nGC,GENERAL_CHIEF,area,110101\n",
        "assignments": "code,post,person\nA1,GC,P1\n",
    }
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, "utf-8")
        terminal.ok("import", table, str(folder / f"{table}.csv"), "--commit")


def _districts(services: Services, points: list[CodePoint], datum: str) -> list[str | None]:
    pairs = np.array([(point.lon, point.lat) for point in points])
    lon, lat = to_wgs84(pairs[:, 0], pairs[:, 1], datum)
    snapshot = services.serving.current()
    answer = resolve_many(snapshot.edition, snapshot.duties, lon, lat, at=_now(services))
    return list(answer.district)


def _incomplete(services: Services) -> int:
    """0 when the place beside 南锣鼓巷 is answered as it should be."""
    snapshot = services.serving.current()
    answer = resolve(snapshot.edition, snapshot.duties, locate(*LUOGU, "WGS84"), at=_now(services))
    complete = (
        answer.match == "NO_CELL"
        and answer.cell is None
        and answer.segment is not None
        and answer.segment.name == "南锣鼓巷"
        and answer.chief is not None
        and [area.code for area in answer.areas] == ["110101"]
        and [department.code for department in answer.departments if department.part == "LEAD"] == ["110101"]
    )
    return int(not complete)


def _now(services: Services) -> datetime:
    return services.settings.now()
