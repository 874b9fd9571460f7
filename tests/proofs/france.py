"""France: 35,357 communes as cells. The faults are told, the legitimate holes accepted, ten million points compared.

Three independent answers: shapely (its tree, in bulk), rational arithmetic on every place near a border, PostGIS.
"""

import fnmatch
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from gridsvc.index.compiled import CompiledEdition
from tests.api.cli.terminal import Terminal
from tests.proofs.cells import beside_borders, compare_exact, compare_kernels, compare_shapely, every_vertex
from tests.proofs.postgis import compare_postgis
from tests.proofs.row import Row
from tests.proofs.terminal_city import new_city, opened

INVALID = "14174"
SCHEME = "[FR_COMMUNE]\nlayer = \"cells\"\npattern = '[0-9AB]{5}'\n"
SAMPLE = ("*-14-*", "*-61-*", "*-13-*")
Points = NDArray[np.float64]


def prove_france(real_data: Callable[[str], Path], folder: Path, *, sample: bool) -> list[Row]:
    """The whole way from the files to the comparisons; a sample takes three départements and fewer points."""
    schemes = folder / "schemes.toml"
    schemes.write_text(SCHEME, "utf-8")
    terminal = new_city(folder, crs="EPSG:2154", schemes_file=str(schemes))
    files = _files(real_data("france_communes"), folder, SAMPLE if sample else ("*",))
    faults = _import(terminal, files)
    accepted = _publish(terminal)
    rows = [
        Row("faults told: the invalid commune, the legitimate holes", "what is known of the data", faults + accepted, 0)
    ]
    with opened(terminal) as services:
        edition = services.serving.current().edition
        polygons = np.array([cell.geometry for cell in services.store.load_territory(edition.number).cells], object)
    count = 10_000 if sample else 5_000_000
    random, beside = _random(edition, count), beside_borders(polygons, count)
    rows.append(compare_shapely("France, random points", edition, polygons, random))
    rows.append(compare_shapely("France, on and beside borders", edition, polygons, beside))
    if not sample:
        rows.append(compare_shapely("France, every vertex", edition, polygons, every_vertex(polygons)))
    rows.append(compare_kernels("France", edition, np.concatenate([random, beside])))
    exactly = beside[: 1_000 if sample else 1_000_000]
    rows.append(compare_exact("France, on and beside borders", edition, polygons, exactly))
    few = 1_000 if sample else 100_000
    return rows + compare_postgis(edition, polygons, random[:few], beside[:few])


def _files(source: Path, folder: Path, patterns: Sequence[str]) -> list[str]:
    with zipfile.ZipFile(source / "communes.zip") as archive:
        wanted = {name for pattern in patterns for name in fnmatch.filter(archive.namelist(), f"{pattern}.geojson")}
        return [archive.extract(name, folder / "communes") for name in sorted(wanted)]


def _import(terminal: Terminal, files: list[str]) -> int:
    """Refused with the invalid commune's place and a remedy, then taken with the repair; the number of faults told."""
    arguments = (
        "import",
        "cells",
        *files,
        "--scheme",
        "FR_COMMUNE",
        "--datum",
        "WGS84",
        "--map",
        "name=nom",
        "--commit",
    )
    refused = terminal.run(*arguments, "--json")
    assert refused.returncode == 1, refused.stderr
    blocking = [issue for issue in orjson.loads(refused.stdout)["issues"] if issue["severity"] == "BLOCK"]
    assert [issue["features"] for issue in blocking] == [[INVALID]], blocking
    assert np.allclose(blocking[0]["place"], (-0.56932, 48.89639), atol=1e-4)
    assert "--repair" in blocking[0]["remedy"]
    terminal.ok(*arguments, "--repair")
    return len(blocking)


def _publish(terminal: Terminal) -> int:
    """Refused for the holes and the scale of the projection; accepted with reasons; published. The number of holes."""
    refused = terminal.run("publish", "--json")
    assert refused.returncode == 1, refused.stderr
    blocking = [issue for issue in orjson.loads(refused.stdout) if issue["severity"] == "BLOCK"]
    holes = [issue for issue in blocking if issue["code"].startswith("GAP")]
    others = [issue["code"] for issue in blocking if issue not in holes and not re.search("SCALE", issue["code"])]
    assert not others, others
    ids = [issue["id"] for issue in blocking]
    if ids:
        terminal.ok("accept", *ids, "--reason", "Enclave, lagoon, islands: no communes there", "--commit")
    terminal.ok("publish", "--commit")
    return len(holes)


def _random(edition: CompiledEdition, count: int) -> Points:
    """Anywhere in the metropolitan box, where most of the cells are."""
    rng = np.random.default_rng(5)
    return np.column_stack([rng.uniform(-5.2, 9.6, count), rng.uniform(41.3, 51.1, count)])
