"""Shifts of an hour are those that a look at all of them finds, and few of the others are looked at."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gridsvc.index.roster.rota import Rota, Watches, rota_of, watches_of
from gridsvc.model.people import Shift

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
MINUTES = st.integers(0, 600)


def _shift(number: int, start: int, length: int) -> Shift:
    begin = NEW_YEAR + timedelta(minutes=start)
    return Shift(code=f"S{number:05d}", starts_at=begin, ends_at=begin + timedelta(minutes=length), post="P")


@given(st.lists(st.tuples(MINUTES, MINUTES)), MINUTES, st.sampled_from([-1, 0, 1]))
def test_the_running_ones_are_found(spans: list[tuple[int, int]], minute: int, beside: int) -> None:
    shifts = [_shift(number, *span) for number, span in enumerate(spans)]
    instant = (NEW_YEAR + timedelta(minutes=minute, microseconds=beside)).astimezone(SHANGHAI)
    expected = [shift for shift in shifts if shift.starts_at <= instant < shift.ends_at]
    assert rota_of(shifts).at(instant) == sorted(expected, key=lambda shift: (shift.starts_at, shift.code))


def test_nobody_is_on_duty_without_shifts() -> None:
    assert Rota().at(NEW_YEAR) == []


def test_a_year_of_shifts_is_not_looked_through() -> None:
    seen: list[str] = []

    class Watched(Shift):
        def __getattribute__(self, name: str) -> object:
            if name == "ends_at":
                seen.append(name)
            return super().__getattribute__(name)

    plain = [_shift(number, 480 * number, 480) for number in range(1095)]
    rota = rota_of(Watched(code=one.code, starts_at=one.starts_at, ends_at=one.ends_at) for one in plain)
    seen.clear()
    found = rota.at(NEW_YEAR + timedelta(days=200, hours=9))
    assert [shift.code for shift in found] == ["S00601"]
    assert len(seen) < 5


@given(st.lists(st.tuples(MINUTES, MINUTES)), MINUTES, st.sampled_from([-1, 0, 1]))
def test_a_watch_lasts_while_the_same_shifts_run(spans: list[tuple[int, int]], minute: int, beside: int) -> None:
    shifts = [_shift(number, *span) for number, span in enumerate(spans)]
    rota, watches = rota_of(shifts), watches_of(shifts)
    instant = (NEW_YEAR + timedelta(minutes=minute, microseconds=beside)).astimezone(SHANGHAI)
    watch = watches.at(instant)
    assert watch.holds(instant)
    for other in range(-1, 602):
        for near in (-1, 0, 1):
            there = (NEW_YEAR + timedelta(minutes=other, microseconds=near)).astimezone(SHANGHAI)
            if watch.holds(there):
                assert rota.at(there) == rota.at(instant)
                assert there.date() == instant.date()


def test_a_watch_ends_at_midnight_of_the_city() -> None:
    watch = Watches().at(datetime(2026, 5, 1, 15, 59, 59, 999_999, tzinfo=UTC).astimezone(SHANGHAI))
    assert watch.good_until == datetime(2026, 5, 1, 16, tzinfo=UTC).timestamp()
    assert not watch.holds(datetime(2026, 5, 1, 16, tzinfo=UTC).astimezone(SHANGHAI))


def test_a_day_of_another_length_is_one_watch() -> None:
    paris = ZoneInfo("Europe/Paris")
    watch = Watches().at(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(paris))
    assert watch.good_until - watch.begins == 25 * 3600
    assert watch.holds(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(paris))
