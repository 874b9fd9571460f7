"""Whom a change of a row gives a post: they are answered where the post is from then on, with their number."""

from datetime import date
from typing import Any, NamedTuple

from gridsvc.model.people import Assignment, Shift
from gridsvc.model.roster import Row


class _Term(NamedTuple):
    """On which post somebody is answered from when until when: days, of a shift instants."""

    post: str
    start: Any
    end: Any


def list_appointed(before: Row | None, after: Row | None) -> list[str]:
    """Codes of the people who by `after` are answered for a post of which, or at a time when, by `before` they were
    not. To shorten somebody's time or to take a row back appoints nobody.
    """
    was = _terms(before)
    return [person for person, term in _terms(after).items() if not _lies_within(term, was.get(person))]


def _terms(row: Row | None) -> dict[str, _Term]:
    """Of an assignment both who holds the post and who stands in; of a shift whom it names beside them."""
    if isinstance(row, Assignment):
        term = _Term(row.post, row.valid_from or date.min, row.valid_to or date.max)
        return {person: term for person in (row.person, row.stand_in) if person is not None}
    if isinstance(row, Shift) and row.person is not None:
        # One of a department speaks for every post that its person holds.
        return {row.person: _Term(row.post or f"department {row.department}", row.starts_at, row.ends_at)}
    return {}


def _lies_within(term: _Term, other: _Term | None) -> bool:
    return other is not None and term.post == other.post and other.start <= term.start and term.end <= other.end
