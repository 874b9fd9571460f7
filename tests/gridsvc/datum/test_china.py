"""The ground on which the shifted datums apply."""

import numpy as np
import pytest

from gridsvc.datum.china import is_shifted_ground

NOT_SHIFTED = {
    "Hong Kong, Central": (114.158, 22.281),
    "Hong Kong, Sha Tin": (114.188, 22.381),
    "Hong Kong airport": (113.915, 22.308),
    "Hong Kong, Tai Po": (114.164, 22.45),
    "Macau peninsula": (113.545, 22.199),
    "Taipa": (113.56, 22.155),
    "Taipei": (121.565, 25.033),
    "Kaohsiung": (120.301, 22.627),
    "Paris": (2.35, 48.85),
    "Tokyo": (139.69, 35.68),
}
SHIFTED = {
    "Beijing": (116.4, 39.9),
    "Shenzhen, Futian": (114.055, 22.522),
    "Shenzhen, Shekou": (113.915, 22.48),
    "Shenzhen, Yantian": (114.237, 22.557),
    "Zhuhai, Gongbei": (113.552, 22.219),
    "Zhuhai, Hengqin": (113.54, 22.12),
    "Xiamen": (118.089, 24.479),
    "Pingtan": (119.79, 25.5),
    "Sanya": (109.51, 18.25),
    "Mohe": (122.54, 52.97),
    "Kashgar": (75.99, 39.47),
}


@pytest.mark.parametrize("place", NOT_SHIFTED)
def test_abroad_and_in_hong_kong_macau_and_taiwan_nothing_is_shifted(place):
    assert not is_shifted_ground(*(np.array([value]) for value in NOT_SHIFTED[place]))[0]


@pytest.mark.parametrize("place", SHIFTED)
def test_no_city_of_the_mainland_is_refused(place):
    assert is_shifted_ground(*(np.array([value]) for value in SHIFTED[place]))[0]
