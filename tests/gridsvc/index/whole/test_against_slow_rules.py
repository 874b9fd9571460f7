"""The whole answer against a second, slow and obvious writing of the rules, over damaged invented cities."""

from dataclasses import astuple, is_dataclass, replace
from datetime import timedelta
from random import Random

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from tests.gridsvc.index.whole.random_city import make_territory, spots
from tests.gridsvc.index.whole.random_roster import CATEGORIES, DAY, MIDNIGHT, make_roster
from tests.gridsvc.index.whole.slow_ground import SlowCity, TooClose
from tests.gridsvc.index.whole.slow_resolve import SlowResolver

CITIES = 25
TOLD = {
    "TIE_BETWEEN_BODIES",
    "FLAG_NEAR_BOUNDARY",
    "FLAG_NEAR_EDGE",
    "SEGMENT_FOREIGN_PASSED",
    "SEGMENT_FOREIGN",
    "NO_SEGMENT",
}
seeds = st.integers(0, 2**32)


class Asked:
    """One city, its roster and an instant at or beside midnight, asked of both."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.territory = make_territory(self.rng)
        self.roster = make_roster(self.rng, self.territory)
        before = self.rng.random() < 0.3
        self.at = MIDNIGHT - timedelta(seconds=1) if before else MIDNIGHT + timedelta(hours=self.rng.choice([0, 1]))
        self.edition = compile_territory(1, MIDNIGHT, self.territory)
        self.duties = compile_duties(self.roster)
        day = DAY - timedelta(days=1) if before else DAY
        self.slow = SlowResolver(SlowCity(self.territory), self.roster, self.at, day)

    def quick(self, lon, lat, accuracy, category):
        """The answer as the product gives it; None outside."""
        try:
            return resolve(
                self.edition, self.duties, locate(lon, lat, "WGS84", accuracy), at=self.at, category=category
            )
        except OutsideCoverage:
            return None

    def category(self, key):
        return None if key is None else self.duties.categories[key]


def compare(answer, expected) -> None:
    """Field by field; metres within a hundredth of a millimetre."""
    if expected is None or answer is None:
        assert (answer, expected) == (None, None)
        return
    plain = {name: _tuples(getattr(answer, name)) for name in expected if name not in ("bodies", "trace")}
    plain["flags"] = [flag for flag in answer.flags if flag != "LOW_ACCURACY"]
    plain["groups"] = sorted(plain["groups"])
    plain["bodies"] = sorted({code for line in answer.trace if line.code == "FLAG_NEAR_BOUNDARY" for code in line.ids})
    plain["trace"] = {line.code for line in answer.trace} & TOLD
    assert plain.pop("distance_m") == pytest.approx(expected.pop("distance_m"), abs=1e-5)
    for name in ("segment", "nearest_segment"):
        mine, theirs = plain.pop(name), expected.pop(name)
        assert (mine is None) == (theirs is None)
        if mine is not None:
            assert (*mine[:4], mine[5]) == (*theirs[:4], theirs[5])
            assert mine[4] == pytest.approx(theirs[4], abs=1e-6)
    assert {name: value for name, value in plain.items() if value != expected[name]} == {}, expected


def _tuples(value):
    if isinstance(value, tuple):
        return [_tuples(one) for one in value]
    return astuple(value) if is_dataclass(value) else value


def ask_all(seed: int) -> int:
    """Compare some dozen questions of one city; how many were compared."""
    asked, compared = Asked(seed), 0
    for lon, lat in spots(asked.rng, asked.territory):
        key, accuracy = asked.rng.choice([None, *CATEGORIES]), asked.rng.choice([None, None, 3.0, 25.0])
        try:
            expected = asked.slow.resolve(lon, lat, accuracy, asked.category(key))
        except TooClose:
            continue
        compare(asked.quick(lon, lat, accuracy, key), expected)
        compared += 1
    return compared


@settings(max_examples=CITIES, deadline=None)
@given(seeds)
def test_every_field_is_as_the_rules_say(seed):
    ask_all(seed)


@settings(max_examples=CITIES, deadline=None)
@given(seeds)
def test_probabilities_are_the_shares_of_a_round_gaussian(seed):
    asked = Asked(seed)
    for lon, lat in spots(asked.rng, asked.territory)[3:6]:
        accuracy = asked.rng.choice([5.0, 40.0, 150.0])
        answer = asked.quick(lon, lat, accuracy, None)
        if answer is None:
            continue
        shares, outside = asked.slow.shares(lon, lat, accuracy)
        total = sum(c.probability for c in answer.candidates) + answer.outside_probability + answer.other_probability
        assert total == pytest.approx(1.0, abs=1e-9)
        assert answer.outside_probability == pytest.approx(outside, abs=0.01)
        told = {candidate.code: candidate.probability for candidate in answer.candidates}
        assert all(share >= 0.001 for share in told.values())
        for code, share in shares.items():
            assert told.get(code, 0.0) == pytest.approx(share, abs=0.01)
        winner = answer.other_probability if answer.cell is None else told.get(answer.cell.code, 0.0)
        assert ("LOW_ACCURACY" in answer.flags) is (winner < 0.5)


@settings(max_examples=CITIES, deadline=None)
@given(seeds)
def test_order_of_rows_and_features_does_not_show_and_a_batch_says_the_same(seed):
    asked = Asked(seed)
    shuffled = replace(
        asked.territory,
        **{
            layer: tuple(asked.rng.sample(found, len(found)))
            for layer in ("areas", "cells", "groups", "segments", "components")
            if (found := getattr(asked.territory, layer))
        },
    )
    tables = {t: dict(asked.rng.sample(list(rows.items()), len(rows))) for t, rows in asked.roster.tables.items()}
    edition = compile_territory(1, MIDNIGHT, shuffled)
    duties = compile_duties(replace(asked.roster, tables=tables))
    places = spots(asked.rng, asked.territory)
    keys = [asked.rng.choice([None, *CATEGORIES]) for _ in places]
    lon, lat = (np.array(values) for values in zip(*places, strict=True))
    batch = resolve_many(edition, duties, lon, lat, at=asked.at, categories=keys)
    for row, ((x, y), key) in enumerate(zip(places, keys, strict=True)):
        answer = asked.quick(x, y, None, key)
        if answer is None:
            assert batch.status[row] == "OUTSIDE"
            continue
        location = locate(x, y, "WGS84")
        assert orjson.dumps(answer) == orjson.dumps(resolve(edition, duties, location, at=asked.at, category=key))
        chief, segment = answer.chief, answer.segment
        assert (batch.cell[row], batch.match[row]) == (answer.cell and answer.cell.code, answer.match)
        assert (batch.chief[row], batch.lead[row]) == (chief and chief.person, answer.departments[0].code)
        assert batch.segment[row] == (segment and segment.code)
        told = {batch.community[row], batch.subdistrict[row], batch.district[row]} - {None}
        assert {area.code for area in answer.areas} == told
