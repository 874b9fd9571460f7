"""Circles of doubt that reach over too much are refused by counting; ordinary ones are never counted."""

import pytest

from gridsvc.errors import InvalidInput
from gridsvc.index.territory import reach
from gridsvc.index.territory.reach import WIDE_M, check_reach
from gridsvc.index.territory.spot import Spot
from tests.gridsvc.index.asked import EDITION, ask

HERE = (116.4015, 39.9015)


@pytest.mark.parametrize("limit", ["MOST_CELLS", "MOST_LOOSE"])
def test_a_circle_over_too_much_is_refused_with_what_to_do(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, limit, 5)
    with pytest.raises(InvalidInput, match=r"accuracy_m: .* 5 at most; wait for a better fix") as refused:
        ask(*HERE, accuracy_m=100_000.0)
    assert refused.value.zh is not None
    assert refused.value.details["limit"] == 5


def test_a_circle_within_the_bounds_is_answered() -> None:
    assert ask(*HERE, accuracy_m=100_000.0).other_probability > 0


@pytest.mark.parametrize("accuracy_m", [None, 5.0, WIDE_M])
def test_an_ordinary_circle_is_not_counted(accuracy_m: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MOST_CELLS", -1)
    check_reach(Spot(EDITION, *HERE), accuracy_m)
