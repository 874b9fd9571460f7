"""What a valid report is, for which instant it is answered, and the number that it gets."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gridsvc.errors import InvalidInput
from gridsvc.incidents.reports import FARTHEST_AHEAD, OLDEST, check_text, day_of, instant_of, number_of

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("text", ["a\x00", "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfffx", "\ufffe", "a\x0bb"])
def test_characters_that_nothing_takes_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"U\+[0-9A-F]{4}"):
        check_text(text)


@pytest.mark.parametrize("text", ["", "<script>", "a\tb\nc\r\nd", "东四六条", "𠀀🀄️", "👩‍🔧", "'; DROP"])
def test_every_other_text_stays_as_it_is(text: str) -> None:
    assert check_text(f" {text}\n") == text


def test_signs_that_turn_other_text_round_are_taken_out() -> None:
    assert check_text("\u202d138\u202c \u2066a\u2069\u200b\u200e\ufeff \u202e") == "138 a"


@pytest.mark.parametrize(
    ("told", "used"),
    [
        (None, NOW),
        (NOW - OLDEST, NOW - OLDEST),
        (NOW - OLDEST - TICK, NOW),
        (NOW + FARTHEST_AHEAD, NOW + FARTHEST_AHEAD),
        (NOW + FARTHEST_AHEAD + TICK, NOW),
    ],
)
def test_an_instant_is_believed_up_to_its_bounds(told: datetime | None, used: datetime) -> None:
    assert instant_of(told, NOW) == used


def test_the_day_of_a_number_is_that_of_the_city() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert day_of(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), zone) == date(2026, 11, 22)
    assert day_of(datetime(2026, 11, 22, 16, tzinfo=UTC), zone) == date(2026, 11, 23)
    assert number_of(date(2026, 11, 22), 17) == "20261122-000017"
    assert number_of(date(2026, 1, 2), 1_234_567) == "20260102-1234567"
