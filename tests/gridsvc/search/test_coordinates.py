"""Coordinates as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridsvc.search.coordinates import Pasted, read_coordinates


@pytest.mark.parametrize(
    "text",
    [
        "",
        "116.4175",
        "东四六条57号",
        "1,2,3",
        "116.4175,95",
        "200,39.9",
        "39.9N 40.1N",
        "N39.9N 116.4E",
        "116°61'E 39.9N",
        "116.4175 39.9288 x",
        "1e5,3",
        "nan,nan",
        "57号 60号",
        "110101 001 001 003",
        "000043",
        "123456",
        "20261122-000043",
        "1122-43",
        "123-45",
        "1" * 500,
    ],
)
def test_what_is_no_pair_is_none(text: str) -> None:
    assert read_coordinates(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "116.4175,39.9288",
        " 116.4175 39.9288 ",
        "(116.4175, 39.9288)",
        "１１６．４１７５，３９．９２８８",
        "116.4175、39.9288",
        "39.9288N 116.4175E",
        "N39.9288 E116.4175",
        "39.9288°N, 116.4175°E",
        "北纬39.9288°，东经116.4175°",
        "39°55'43.68\"N 116°25'3\"E",
        "39°55.728'N 116°25.05'E",
        "116度25分3秒 39度55分43.68秒",
        "lon=116.4175 lat=39.9288",
        "经度:116.4175 纬度:39.9288",
        "116°25′3″E 39°55′43.68″N",
        "E 116.4175, N 39.9288",
    ],
)
def test_one_place_in_many_writings(text: str) -> None:
    found = read_coordinates(text)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((116.4175, 39.9288), abs=1e-9)
    assert (found.datum, found.swapped) == (None, False)


@pytest.mark.parametrize(
    ("text", "datum"), [("GCJ02 116.4,39.9", "GCJ02"), ("116.4,39.9 gcj-02", "GCJ02"), ("116.4 39.9 (BD09)", "BD09")]
)
def test_a_datum_in_the_text_is_taken(text: str, datum: str) -> None:
    assert read_coordinates(text) == Pasted(116.4, 39.9, datum, swapped=False)


def test_latitude_first_without_letters_is_told_as_swapped() -> None:
    assert read_coordinates("39.9288, 116.4175") == Pasted(116.4175, 39.9288, None, swapped=True)
    assert read_coordinates("39.9, 40.1") == Pasted(39.9, 40.1, None, swapped=False)


def test_south_and_west_are_negative() -> None:
    assert read_coordinates("33.45S 70.66W") == Pasted(-70.66, -33.45, None, swapped=False)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_plain_decimals_come_back(lon: float, lat: float) -> None:
    assert read_coordinates(f"{lon:.9f},{lat:.9f}") == Pasted(
        pytest.approx(lon, abs=1e-9), pytest.approx(lat, abs=1e-9), None, swapped=False
    )


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    read_coordinates(text)
