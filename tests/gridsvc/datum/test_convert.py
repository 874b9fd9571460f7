"""Many pairs at once."""

import numpy as np
import pytest

from gridsvc.datum import from_wgs84, reasons, to_wgs84
from gridsvc.datum.convert import place_of

LON, LAT = np.array([116.39747, 117.32, 115.97]), np.array([39.90882, 40.18, 40.46])


def test_bad_pairs_become_nan_and_are_told_while_good_ones_are_converted():
    x, y = np.array([116.4, np.nan, 39.9, 2.0]), np.array([39.9, 39.9, 116.4, 48.0])
    lon, lat = to_wgs84(x, y, "GCJ02")
    told = reasons(x, y, "GCJ02")
    assert np.isfinite(lon).tolist() == np.isfinite(lat).tolist() == [True, False, False, False]
    assert told[0] is None
    assert "finite" in told[1]
    assert "swapped" in told[2]
    assert "China" in told[3]


@pytest.mark.parametrize("datum", ["WGS84", "CGCS2000", "GCJ02", "BD09", "EPSG:4548", "EPSG:4527", "EPSG:32650"])
def test_there_and_back_is_the_same_place(datum):
    lon, lat = to_wgs84(*from_wgs84(LON, LAT, datum), datum)
    assert np.abs(lon - LON).max() < 1e-9
    assert np.abs(lat - LAT).max() < 1e-9


def test_the_given_arrays_stay_untouched():
    x, y = np.array([200.0, 116.4]), np.array([10.0, 39.9])
    to_wgs84(x, y, "WGS84")
    assert (x.tolist(), y.tolist()) == ([200.0, 116.4], [10.0, 39.9])


def test_no_pairs_give_no_places():
    lon, lat = to_wgs84(np.zeros(0), np.zeros(0), "BD09")
    assert (len(lon), len(lat), reasons(np.zeros(0), np.zeros(0), "BD09")) == (0, 0, [])


@pytest.mark.parametrize("datum", ["WGS84", "GCJ02", "BD09"])
def test_one_pair_is_read_as_among_others(datum):
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.uniform(70, 140, 300), rng.uniform(113.4, 114.5, 100), [181.0, -181.0, 116.4, 72.004]])
    y = np.concatenate([rng.uniform(0, 57, 300), rng.uniform(22.0, 22.6, 100), [39.9, 39.9, 91.0, 30.0]])
    lon, lat = to_wgs84(x, y, datum)
    for i, pair in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        place = place_of(*pair, datum)
        assert (place is None) == bool(np.isnan(lon[i]))
        assert place is None or place == pytest.approx((lon[i], lat[i]), abs=1e-11)
