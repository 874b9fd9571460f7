"""Metres."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gridsvc.datum.plane import Plane, default_crs, geodesic_m, plane_for
from gridsvc.errors import InvalidInput
from gridsvc.model.places import BoundingBox

BEIJING = BoundingBox(116.3, 39.8, 116.5, 40.0)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263", "no such thing", "EPSG:99", ""])
def test_what_is_not_projected_in_metres_is_refused(crs):
    with pytest.raises(InvalidInput, match="EPSG:4548"):
        Plane(crs)


def test_eastings_and_northings_of_the_worked_examples():
    x, y = Plane("EPSG:4548").project(np.array([116.39747, 116.4175, 117.32]), np.array([39.90882, 39.9288, 40.18]))
    assert np.abs(x - [448479.1, 450206.3, 527254.2]).max() < 0.06
    assert np.abs(y - [4419578.8, 4421785.9, 4449564.7]).max() < 0.06


def test_unprojecting_gives_the_place_back():
    plane = Plane("EPSG:4548")
    lon, lat = plane.unproject(*plane.project(np.array([116.4]), np.array([39.9])))
    assert (lon[0], lat[0]) == pytest.approx((116.4, 39.9), abs=1e-11)


def test_the_scale_error_is_small_in_the_zone_and_large_far_from_it():
    assert Plane("EPSG:4548").scale_error(BEIJING) < 1e-4
    assert Plane("EPSG:3857").scale_error(BEIJING) == pytest.approx(1 / np.cos(np.radians(40.0)) - 1, rel=0.01)
    assert Plane("EPSG:32631").scale_error(BEIJING) > 1e-3


@pytest.mark.parametrize(
    ("box", "crs"),
    [(BEIJING, "EPSG:32650"), (BoundingBox(-58.5, -34.7, -58.3, -34.5), "EPSG:32721"),
     (BoundingBox(179.8, 1, 180.0, 2), "EPSG:32660"), (BoundingBox(180.0, 1, 180.0, 2), "EPSG:32660")],
)  # fmt: skip
def test_the_default_is_the_utm_zone_of_the_middle(box, crs):
    assert default_crs(box) == crs


def test_a_local_frame_measures_as_the_projection_does_within_a_kilometre():
    plane = plane_for("EPSG:4548")
    frame = plane.frame_at(np.array([116.4]), np.array([39.9]))
    dlon, dlat = 0.008, -0.006
    x, y = plane.project(np.array([116.4, 116.4 + dlon]), np.array([39.9, 39.9 + dlat]))
    assert np.hypot(*(frame.matrix[0] @ [dlon, dlat])) == pytest.approx(np.hypot(x[1] - x[0], y[1] - y[0]), rel=1e-4)


def test_a_frame_reaches_as_far_as_it_is_asked_to():
    frame = plane_for("EPSG:4548").frame_at(np.array([116.4]), np.array([39.9]))
    width, height = frame.reach_deg(100.0)
    assert geodesic_m(np.array([116.4]), np.array([39.9]), 116.4 + width, np.array([39.9]))[0] == pytest.approx(
        100, 1e-3
    )
    assert geodesic_m(np.array([116.4]), np.array([39.9]), np.array([116.4]), 39.9 + height)[0] == pytest.approx(
        100, 1e-3
    )


def test_a_frame_where_the_projection_ends_is_that_of_a_sphere():
    frame = plane_for("EPSG:4548").frame_at(np.array([116.4, -153.0]), np.array([39.9, 0.0]))
    assert np.isfinite(frame.matrix).all()


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:2154", "EPSG:32721"])
def test_one_place_has_the_same_frame_alone_and_among_others(crs):
    plane, rng = Plane(crs), np.random.default_rng(7)
    lon = np.concatenate([rng.uniform(-180, 180, 200), rng.uniform(115, 118, 200), [116.4, 0.0, 180.0, -153.0]])
    lat = np.concatenate([rng.uniform(-90, 90, 200), rng.uniform(39, 41, 200), [90.0, -90.0, 0.0, 0.0]])
    x, y = plane.project(lon, lat)
    frame = plane.frame_at(lon, lat)
    for i, (one_lon, one_lat) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        one_x, one_y, alone = plane.frame_at_point(one_lon, one_lat)
        assert (one_x, one_y) == (x[i], y[i])
        assert (alone.lon[0], alone.lat[0]) == (one_lon, one_lat)
        assert alone.matrix[0].tolist() == frame.matrix[i].tolist()
        width, height = (half[0] for half in alone.reach_deg(10.0))
        assert alone.reach_of_one(10.0) == pytest.approx((width, height), rel=1e-9)


def test_threads_share_a_plane():
    plane = plane_for("EPSG:4548")
    lon, lat = np.linspace(116, 117, 1000), np.linspace(39, 40, 1000)
    expected = plane.project(lon, lat)
    with ThreadPoolExecutor(8) as pool:
        for x, y in pool.map(lambda _: plane.project(lon, lat), range(64)):
            assert np.array_equal(x, expected[0])
            assert np.array_equal(y, expected[1])
