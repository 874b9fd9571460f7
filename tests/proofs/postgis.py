"""PostGIS as a third witness. Its `ST_Covers` is not exact close to edges: its differences are shown to be its own."""

import os

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.territory.cells import match_cells
from tests.proofs.cells import RationalCells
from tests.proofs.row import Row

QUESTION = (
    "SELECT p.id, c.id FROM proof_point p JOIN proof_cell c ON c.geometry && p.geometry "
    "AND ST_Covers(c.geometry, p.geometry) ORDER BY 1, 2"
)


def compare_postgis(edition: CompiledEdition, polygons: NDArray[np.object_], *sets: NDArray[np.float64]) -> list[Row]:
    """A difference counts as ours unless rational arithmetic is on our side."""
    url = os.environ.get("GRIDSVC_TEST_POSTGIS_URL")
    if not url:
        return []
    rows, rational = [], RationalCells(polygons)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        _fill(connection, "proof_cell", polygons)
        for name, points in zip(("random points", "points on and beside borders"), sets, strict=True):
            _fill(connection, "proof_point", shapely.points(points))
            winner = np.full(len(points), -1)
            for point, cell in reversed(connection.execute(QUESTION).fetchall()):
                winner[point] = cell
            ours = match_cells(edition, points[:, 0], points[:, 1], 0.0).cell
            differing = np.flatnonzero(winner != ours)
            wrong = sum(rational.winner(*points[number].tolist()) != ours[number] for number in differing)
            remark = (
                f"{len(differing)} differences of PostGIS {_version(connection)}, each its own by rational arithmetic"
            )
            rows.append(
                Row(f"cell of a point, {name}", "PostGIS", len(points), wrong, remark if len(differing) else "")
            )
    return rows


def _fill(connection: psycopg.Connection[tuple[int, int]], table: str, shapes: NDArray[np.object_]) -> None:
    connection.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    connection.execute(f"CREATE TEMP TABLE {table} (id int, geometry geometry(Geometry, 4326))")
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for number, wkb in enumerate(shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)):
            copy.write_row((number, wkb))
    connection.execute(f"CREATE INDEX ON {table} USING gist (geometry)")
    connection.execute(f"ANALYZE {table}")


def _version(connection: psycopg.Connection[tuple[int, int]]) -> str:
    row = connection.execute("SELECT postgis_lib_version()").fetchone()
    return "" if row is None else str(row[0])
