"""How sure the named cell is: as single questions weigh it."""

import numpy as np
import pytest

from gridsvc.index.batch import weigh_winners
from gridsvc.index.options import DEFAULT_OPTIONS
from gridsvc.index.rules.candidates import weigh_candidates
from gridsvc.index.territory.ground import find_ground
from gridsvc.index.territory.spot import Spot
from tests.gridsvc.index.batch.test_above import city  # noqa: F401  the city with a gap and ground without a cell


def test_points_are_as_sure_as_each_alone(city):  # noqa: F811  the fixture
    edition, tolerance_m = city[0], DEFAULT_OPTIONS.tolerance_m
    random = np.random.default_rng(6)
    lon, lat = random.uniform(116.3995, 116.4035, 80), random.uniform(39.8995, 39.9035, 80)
    lon[:8], lat[:8] = 116.402 - 1.5e-5, 39.9005
    lon[8:16], lat[8:16] = random.uniform(116.402, 116.403, 8), random.uniform(39.902, 39.903, 8)
    lon[40] = np.nan
    accuracy = random.choice([np.nan, 4.0, 30.0, 200.0], 80)
    probability, outside = weigh_winners(edition, lon, lat, accuracy, tolerance_m)
    seen = set()
    for row in range(80):
        ground = find_ground(edition, lon[row : row + 1], lat[row : row + 1], tolerance_m)
        if row == 40 or ground.outside[0]:
            assert np.isnan([probability[row], outside[row]]).all()
            continue
        radius = None if np.isnan(accuracy[row]) else float(accuracy[row])
        spot = Spot(edition, float(lon[row]), float(lat[row]))
        alone = weigh_candidates(spot, radius, int(ground.cell[0]), float(ground.distance_m[0]))
        assert (probability[row], outside[row]) == pytest.approx((alone.winner, alone.outside), abs=1e-12)
        seen.add((int(ground.match[0]), radius))
    assert len(seen) > 9
