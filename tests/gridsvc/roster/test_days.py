"""Spans of days, against the days themselves one by one."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gridsvc.model.people import Absence
from gridsvc.roster.days import Span, holds, meets, merge, span_of, without

DAYS = [date(2026, 3, 1) + timedelta(number) for number in range(12)]
SPANS = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))
REAL = SPANS.filter(lambda span: span[0] < span[1])


def days_of(*spans: Span) -> set[date]:
    return {day for day in DAYS for start, end in spans if start <= day < end}


def test_what_is_open_holds_from_the_first_day_to_the_last() -> None:
    assert span_of(Absence(code="A", person="P")) == (date.min, date.max)


@given(st.lists(SPANS))
def test_merged_spans_have_the_same_days_and_do_not_touch(spans: list[Span]) -> None:
    merged = merge(spans)
    assert days_of(*merged) == days_of(*spans)
    assert all(one[1] < other[0] for one, other in pairwise(merged))


@given(st.lists(SPANS), REAL)
def test_all_days_of_a_span_are_held_or_not(spans: list[Span], span: Span) -> None:
    assert holds(merge(spans), span) == (days_of(span) <= days_of(*spans))


@given(st.lists(SPANS), SPANS)
def test_one_day_of_a_span_is_met_or_none(spans: list[Span], span: Span) -> None:
    assert meets(merge(spans), span) == bool(days_of(span) & days_of(*spans))


@given(REAL, REAL)
def test_what_is_left_of_a_span_without_another(span: Span, other: Span) -> None:
    left = without(span, other)
    assert days_of(*left) == days_of(span) - days_of(other)
    assert sum(len(days_of(part)) for part in left) == len(days_of(*left))
