"""Answers that are put together from written parts, against the whole answer written as JSON."""

from dataclasses import replace
from random import Random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index.options import DEFAULT_OPTIONS
from gridsvc.index.ready import Audience, find_ready
from gridsvc.index.resolve import resolve
from gridsvc.index.rules.whole import Asked, answer_whole
from gridsvc.index.territory.spot import Spot
from gridsvc.model.resolution import Resolution
from tests.fixtures.tiny_city import COVER, PARKING, RUBBISH
from tests.gridsvc.index.asked import AT, DUTIES, EDITION
from tests.gridsvc.index.whole.asking import Asked as City
from tests.gridsvc.index.whole.random_city import spots
from tests.gridsvc.index.whole.random_roster import CATEGORIES

EVERYTHING = Audience("all", lambda answer: answer)


def without_people(answer: Resolution) -> Resolution:
    return replace(answer, people=())


def ready(edition, duties, location, at, audience=EVERYTHING, category=None):
    return find_ready(edition, duties, Asked(location, at, category, None, None, DEFAULT_OPTIONS), audience)


def whole(edition, duties, location, at, category=None):
    """By all the rules, whatever is remembered of like places."""
    spot = Spot(edition, location.lon, location.lat)
    return answer_whole(spot, duties, Asked(location, at, category, None, None, DEFAULT_OPTIONS))


def compare(edition, duties, location, at, category):
    """The answer of a place in both forms against the whole one; whether the place is a plain one."""
    try:
        expected = orjson.dumps(whole(edition, duties, location, at, category))
    except OutsideCoverage:
        return False
    assert orjson.dumps(resolve(edition, duties, location, at=at, category=category)) == expected
    answer = ready(edition, duties, location, at, category=category)
    if answer is None:
        return False
    assert answer.body == expected
    document = orjson.loads(expected)
    assert (answer.like.match, list(answer.like.flags)) == (document["match"], document["flags"])
    assert len(answer.like.people) == len(document["people"])
    return True


def test_every_answer_of_the_tiny_city_is_the_same():
    rng, plain = Random(3), 0
    for _ in range(1500):
        location = locate(rng.uniform(116.3995, 116.4035), rng.uniform(39.8995, 39.9035), "WGS84")
        plain += compare(EDITION, DUTIES, location, AT, rng.choice([None, None, RUBBISH, PARKING, COVER]))
    assert plain > 300


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_every_answer_of_invented_cities_is_the_same(seed):
    city = City(seed)
    for lon, lat in spots(city.rng, city.territory):
        for step in range(4):
            location = locate(lon + step * 1e-5, lat, "WGS84")
            compare(city.edition, city.duties, location, city.at, city.rng.choice([None, *CATEGORIES]))


def test_each_audience_has_its_own():
    location = locate(116.4005, 39.9013, "WGS84")
    shown = ready(EDITION, DUTIES, location, AT)
    hidden = ready(EDITION, DUTIES, location, AT, Audience("none", without_people))
    assert shown is not None
    assert hidden is not None
    assert shown.like.people
    assert hidden.body == orjson.dumps(without_people(resolve(EDITION, DUTIES, location, at=AT)))


@pytest.mark.parametrize(
    "location",
    [
        locate(116.4005, 39.9005, "WGS84", 5.0),
        locate(116.4005, 39.9005, "GCJ02"),
        locate(116.401, 39.9005, "WGS84"),
        locate(116.5, 39.9005, "WGS84"),
    ],
    ids=["accuracy", "another datum", "on a border", "outside"],
)
def test_what_is_not_plain_is_for_the_resolver(location):
    assert ready(EDITION, DUTIES, location, AT) is None


def test_a_place_outside_is_refused_by_the_resolver_alone():
    with pytest.raises(OutsideCoverage):
        resolve(EDITION, DUTIES, locate(116.5, 39.9005, "WGS84"), at=AT)
