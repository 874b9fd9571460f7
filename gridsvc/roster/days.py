"""Spans of local days, half-open: put together, taken from each other, and looked up."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

from gridsvc.model.validity import Valid

Span = tuple[date, date]


def span_of(row: Valid) -> Span:
    """When a row holds; where it is open, from the first day that there is, or to the last."""
    return row.valid_from or date.min, row.valid_to or date.max


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same days as spans that neither meet nor touch, in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return merged


def holds(merged: Sequence[Span], span: Span) -> bool:
    """Whether all days of a span, which has one at least, are among merged ones."""
    start, end = span
    at = bisect_right(merged, start, key=lambda known: known[0]) - 1
    return at >= 0 and end <= merged[at][1]


def meets(merged: Sequence[Span], span: Span) -> bool:
    """Whether a day of a span is among merged ones."""
    start, end = span
    at = bisect_right(merged, start, key=lambda known: known[1])
    return start < end and at < len(merged) and merged[at][0] < end


def without(span: Span, other: Span) -> list[Span]:
    """The days of a span that are not of another: before it, and after it."""
    start, end = span
    parts = [(start, min(end, other[0])), (max(start, other[1]), end)]
    return [part for part in parts if part[0] < part[1]]
