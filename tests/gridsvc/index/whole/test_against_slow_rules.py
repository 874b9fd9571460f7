"""The whole answer against a second, slow and obvious writing of the rules, over damaged invented cities."""

from dataclasses import replace

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridsvc.datum import locate
from gridsvc.index.batch import resolve_many
from gridsvc.index.compile import compile_territory
from gridsvc.index.resolve import resolve
from gridsvc.index.roster.duties import compile_duties
from tests.gridsvc.index.whole.asking import Asked, ask_all
from tests.gridsvc.index.whole.random_city import spots
from tests.gridsvc.index.whole.random_roster import CATEGORIES, MIDNIGHT

CITIES = 25
seeds = st.integers(0, 2**32)


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
