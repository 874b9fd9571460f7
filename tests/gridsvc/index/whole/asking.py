"""A question asked of the product and of the slow rules, and their answers side by side."""

from dataclasses import astuple, is_dataclass
from datetime import timedelta
from random import Random

import pytest

from gridsvc.datum import locate
from gridsvc.errors import OutsideCoverage
from gridsvc.index.compile import compile_territory
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from tests.gridsvc.index.whole.random_city import make_territory, spots
from tests.gridsvc.index.whole.random_roster import CATEGORIES, DAY, MIDNIGHT, make_roster
from tests.gridsvc.index.whole.slow_ground import SlowCity, TooClose
from tests.gridsvc.index.whole.slow_resolve import SlowResolver

TOLD = {
    "TIE_BETWEEN_BODIES",
    "FLAG_NEAR_BOUNDARY",
    "FLAG_NEAR_EDGE",
    "SEGMENT_FOREIGN_PASSED",
    "SEGMENT_FOREIGN",
    "NO_SEGMENT",
}


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
