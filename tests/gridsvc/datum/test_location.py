"""One place from one pair: refusals with a remedy first, then conversions."""

import math

import pytest
from pyproj import CRS

from gridsvc.datum import locate
from gridsvc.errors import InvalidInput, InvalidLocation, UnknownDatum

TIANANMEN = (116.397470, 39.908820)

REFUSED = [
    ((math.nan, 39.9, "WGS84"), "not a finite number"),
    ((116.4, math.inf, "GCJ02"), "not a finite number"),
    ((math.nan, 4419578.8, "EPSG:4548"), "easting or northing is not a finite number"),
    ((39.9, 116.4, "WGS84"), "lat 116.4 is not a latitude: are lon and lat swapped?"),
    ((39.9, 116.4, "GCJ02"), "lat 116.4 is not a latitude: are lon and lat swapped?"),
    ((39.9, 116.4, "EPSG:4555"), "are lon and lat swapped?"),
    ((116.4, 99.0, "WGS84"), "latitudes run from -90 to 90"),
    ((181.0, 10.0, "CGCS2000"), "longitudes run from -180 to 180"),
    ((2.35, 48.85, "GCJ02"), "outside mainland China, where GCJ02 does not apply"),
    ((114.158, 22.281, "BD09"), "outside mainland China, where BD09 does not apply"),
    ((39448479.1, 4419578.8, "EPSG:4548"), "carries the zone prefix 39, which EPSG:4548 does not have"),
    ((448479.1, 4419578.8, "EPSG:4527"), "lacks the zone prefix 39 of EPSG:4527: put 39 before it"),
    ((40448479.1, 4419578.8, "EPSG:4527"), "is not in zone 39 of EPSG:4527"),
    ((4419578.8, 448479.1, "EPSG:4548"), "are easting and northing swapped?"),
    ((4419578.8, 39448479.1, "EPSG:4527"), "are easting and northing swapped?"),
    ((1e12, 4e6, "EPSG:2154"), "is no easting of EPSG:2154"),
    ((7e5, 3e7, "EPSG:2154"), "is no place in EPSG:2154"),
    ((-1e9, 1.0, "EPSG:4548"), "is no place in EPSG:4548"),
    ((1e5, 1e12, "EPSG:4548"), "is no place in EPSG:4548"),
]


def test_degrees_are_labelled_with_their_own_datum_and_the_pair_with_its():
    location = locate(116.403714, 39.910223, "GCJ02")
    assert (location.datum, location.submitted.datum) == ("WGS84", "GCJ02")
    assert (location.lon, location.lat) == pytest.approx(TIANANMEN, abs=1e-6)


@pytest.mark.parametrize(("sent", "words"), REFUSED, ids=[words[:30] for _, words in REFUSED])
def test_a_pair_that_is_no_place_is_refused_with_a_remedy(sent, words):
    with pytest.raises(InvalidLocation) as caught:
        locate(*sent)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_message_about_well_known_text_stays_on_one_line():
    with pytest.raises(InvalidLocation) as caught:
        locate(39448479.1, 4419578.8, CRS.from_epsg(4548).to_wkt(pretty=True))
    assert "CM 117E does not have" in caught.value.message
    assert "\n" not in caught.value.message


def test_a_fix_without_datum_is_refused():
    with pytest.raises(UnknownDatum):
        locate(*TIANANMEN, None)


@pytest.mark.parametrize("accuracy", [0.0, -1.0, math.nan, math.inf, 100_000.1])
def test_an_accuracy_that_is_no_radius_is_refused(accuracy):
    with pytest.raises(InvalidInput, match="accuracy_m"):
        locate(*TIANANMEN, "WGS84", accuracy)


def test_an_unknown_accuracy_level_is_refused():
    with pytest.raises(InvalidInput, match="accuracy_level"):
        locate(*TIANANMEN, "WGS84", 10.0, 0.99)


def test_the_raw_pair_is_kept_and_wgs84_untouched():
    location = locate(*TIANANMEN, "wgs-84", 12.5)
    assert (location.lon, location.lat, location.accuracy_m) == (*TIANANMEN, 12.5)
    assert (location.submitted.x, location.submitted.y, location.submitted.datum) == (*TIANANMEN, "WGS84")
    assert locate(*TIANANMEN, "CGCS2000").lon == TIANANMEN[0]


def test_a_95_percent_radius_becomes_the_68_percent_one():
    sigma = 30.0 / math.sqrt(-2 * math.log(0.05))
    assert locate(*TIANANMEN, "WGS84", 30.0, 0.95).accuracy_m == pytest.approx(sigma * math.sqrt(-2 * math.log(0.32)))


@pytest.mark.parametrize(("easting", "datum"), [(448479.1, "EPSG:4548"), (39448479.1, "EPSG:4527")])
def test_gauss_krueger_with_and_without_zone_prefix_is_the_same_place(easting, datum):
    location = locate(easting, 4419578.8, datum)
    assert (location.lon, location.lat) == pytest.approx(TIANANMEN, abs=1e-6)


@pytest.mark.parametrize("datum", ["EPSG:2193", "EPSG:32650", "EPSG:2154", "EPSG:31467"])
def test_eastings_of_other_countries_pass_the_zone_test(datum):
    crs = CRS.from_user_input(datum)
    west, south, east, north = crs.area_of_use.bounds
    lon, lat = (west + east) / 2 if west < east else 178.0, (south + north) / 2
    from gridsvc.datum.plane import Plane

    x, y = Plane(datum).project_point(lon, lat)
    location = locate(x, y, datum)
    assert (location.lon, location.lat) == pytest.approx((lon, lat), abs=1e-3)
