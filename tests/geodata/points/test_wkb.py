"""Points between WKB and arrays: the same as shapely says, whatever way they are written."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.points.wkb import coordinates_of, write_points

finite = st.floats(allow_nan=False, allow_infinity=False)
points = st.lists(st.none() | st.tuples(finite, finite), max_size=20)


@pytest.mark.parametrize(
    ("blob", "why"),
    [
        (b"", "its geometry cannot be read"),
        (b"\x01\x01\x00\x00\x00", "its geometry cannot be read"),
        (b"\x00" * 21, "its geometry cannot be read"),
        (shapely.to_wkb(shapely.Point(1, 2)) + b"\x00" * 8, None),
        (shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])), "its geometry is LineString: Point is wanted"),
        (shapely.to_wkb(shapely.Point()), "its geometry is empty"),
        (shapely.to_wkb(shapely.MultiPoint()), "its geometry is empty"),
        (shapely.to_wkb(shapely.GeometryCollection()), "its geometry is GeometryCollection: Point is wanted"),
        (b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 60_000, "its geometry cannot be read: shapes are nested"),
    ],
)  # fmt: skip
def test_what_is_no_point_says_why(blob: bytes, why: str | None) -> None:
    x, _, faults = coordinates_of(pa.array([blob, None], pa.binary()))
    assert faults.pop(1) == "it has no geometry"
    assert np.isnan(x[0]) == (why is not None)
    assert faults.get(0, "").startswith(why or "")
    assert bool(faults) == (why is not None)


@given(points, st.sampled_from([0, 1]), st.sampled_from([2, 3]), st.sampled_from(["iso", "extended"]), st.booleans())
def test_every_way_of_writing_is_read(
    given_points: list[tuple[float, float] | None], order: int, dimension: int, flavor: str, has_srid: bool
) -> None:
    shapes = [None if at is None else shapely.Point(*at, *([7.0] if dimension == 3 else [])) for at in given_points]
    blobs = [
        None if shape is None else shapely.to_wkb(
            shapely.set_srid(shape, 4326) if has_srid else shape, byte_order=order, output_dimension=dimension,
            flavor=flavor, include_srid=has_srid and flavor == "extended",
        )
        for shape in shapes
    ]  # fmt: skip
    column = pa.array([b"before", *blobs], pa.binary())[1:]
    x, y, faults = coordinates_of(column)
    assert [None if np.isnan(a) else (a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)] == given_points
    assert list(faults) == [row for row, at in enumerate(given_points) if at is None]


@given(points)
def test_what_is_written_is_what_shapely_writes(given_points: list[tuple[float, float] | None]) -> None:
    x, y = (np.array([np.nan if at is None else at[axis] for at in given_points]) for axis in (0, 1))
    expected = [None if at is None else shapely.to_wkb(shapely.Point(at), byte_order=1) for at in given_points]
    assert write_points(x, y).to_pylist() == expected
