"""What is remembered: as long as it holds, no longer than its edition, and no more than there is room for."""

import gc
import weakref
from dataclasses import replace
from datetime import timedelta
from random import Random

import orjson
import pytest

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index import plain_sight
from gridsvc.index.options import DEFAULT_OPTIONS
from gridsvc.index.resolve import resolve
from gridsvc.index.rules import known
from gridsvc.index.rules.known import Memory, known_of
from gridsvc.index.rules.trace import Trace
from gridsvc.model.people import Shift
from tests.gridsvc.index.asked import AT, DUTIES, EDITION, ask, duties_with
from tests.gridsvc.index.whole.asking import Asked
from tests.gridsvc.index.whole.random_city import spots
from tests.gridsvc.index.whole.random_roster import CATEGORIES

HERE = locate(116.4005, 39.9013, "WGS84")


def with_a_shift(rows):
    person = ask(HERE.lon, HERE.lat).people[0].person
    starts, ends = AT + timedelta(hours=1), AT + timedelta(hours=2)
    rows["shifts"] = [Shift(code="N", person=person, starts_at=starts, ends_at=ends, phone="1")]


@pytest.mark.parametrize("beside", [-1, 0, 1])
@pytest.mark.parametrize("hours", [1, 2])
def test_answers_change_with_the_shift(hours, beside):
    duties, instant = duties_with(with_a_shift), AT + timedelta(hours=hours, microseconds=beside)
    for at in (AT, AT + timedelta(minutes=90), instant):
        answer = ask(HERE.lon, HERE.lat, duties=duties, at=at)
        assert answer == ask(HERE.lon, HERE.lat, duties=duties_with(with_a_shift), at=at)
        runs = AT + timedelta(hours=1) <= at < AT + timedelta(hours=2)
        assert answer.people[0].on_duty is runs


def test_what_is_good_until_the_next_shift_says_so():
    duties = duties_with(with_a_shift)
    memory = known_of(EDITION, duties).memory(duties, AT.astimezone(DEFAULT_OPTIONS.zone), DEFAULT_OPTIONS)
    assert memory.watch.good_until == (AT + timedelta(hours=1)).timestamp()


def test_each_set_of_options_has_its_own():
    wide = replace(DEFAULT_OPTIONS, segment_radius_m=500.0, city_name="Elsewhere")
    for _ in range(2):
        assert ask(116.4005, 39.9029) != ask(116.4005, 39.9029, options=wide)


def test_no_edition_is_kept_alive():
    duties, edition = duties_with(), replace(EDITION, number=4)
    assert resolve(edition, duties, HERE, at=AT).edition == 4
    gone = weakref.ref(edition)
    del edition
    gc.collect()
    assert gone() is None
    assert not len(duties.kept)


def test_an_edition_without_components_is_another_one():
    assert known_of(replace(EDITION, number=4), DUTIES) is not known_of(EDITION, DUTIES)


def test_what_was_not_asked_for_again_is_forgotten(monkeypatch):
    monkeypatch.setattr(known, "MOST_ANSWERS", 10)
    asked, memory = [], Memory(DUTIES.watches.at(AT.astimezone(DEFAULT_OPTIONS.zone)), DEFAULT_OPTIONS)

    def rule(number, trace):
        asked.append(number)
        return number

    for number in (0, *range(100), 99, 95, 0):
        assert memory.recall(number, Trace(), rule, number) == number
    assert asked == [0, *range(1, 100), 0]


def test_without_eyes_the_answers_are_the_same(monkeypatch):
    """What is seen at a glance, against a closer look at everything."""
    for seed in range(12):
        city, rng = Asked(seed), Random(seed)
        questions = [
            (lon, lat, rng.choice([None, None, 6.0]), rng.choice([None, *CATEGORIES]))
            for lon, lat in spots(city.rng, city.territory)
        ]
        seen = [answers(city, *question) for question in questions]
        with monkeypatch.context() as patch:
            patch.setattr("gridsvc.index.territory.spot.eyes", lambda: plain_sight)
            patch.setattr("gridsvc.index.territory.cells.eyes", lambda: plain_sight)
            assert [answers(city, *question) for question in questions] == seen


def answers(city, lon, lat, accuracy, category):
    try:
        location = locate(lon, lat, "WGS84", accuracy)
        return orjson.dumps(resolve(city.edition, city.duties, location, at=city.at, category=category))
    except OutsideCoverage as refused:
        return refused.details


def test_details_are_left_out_where_nobody_asked_for_them():
    for lon in (116.4005, 116.401):
        whole, short = ask(lon, 39.9013), ask(lon, 39.9013, detail=False)
        assert whole.trace
        assert short == replace(whole, trace=(), candidates=())
