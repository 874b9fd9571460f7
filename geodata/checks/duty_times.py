"""Whose turn it is: shifts of a post that overlap, and chiefs' posts that two people hold on one day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from geodata.checks.rows import RosterContext
from gridsvc.model.issue import Issue
from gridsvc.model.people import CHIEF_ROLES, Assignment, Post, Shift


def check_shifts(context: RosterContext) -> Iterator[Issue]:
    """Shifts of one post that run at the same time, each told with the one that reaches farthest into it."""
    of_post: dict[str, list[Shift]] = defaultdict(list)
    for shift in context.rows("shifts", Shift):
        if shift.post is not None:
            of_post[shift.post].append(shift)
    for post, shifts in of_post.items():
        shifts.sort(key=lambda shift: (shift.starts_at, shift.code))
        last = shifts[0]
        for shift in shifts[1:]:
            if shift.starts_at < last.ends_at:
                yield _overlap(context, post, last, shift)
            last = max(last, shift, key=lambda one: one.ends_at)


def _overlap(context: RosterContext, post: str, one: Shift, other: Shift) -> Issue:
    start: datetime = other.starts_at
    return context.found("SHIFTS_OVERLAP", "shifts", (one.code, other.code), post=post, start=start.isoformat())


def check_chiefs(context: RosterContext) -> Iterator[Issue]:
    """A chief's post has one holder at a time; any number of stewards may share one."""
    chiefs = {post.code for post in context.rows("posts", Post) if post.role in CHIEF_ROLES}
    of_post: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in context.rows("assignments", Assignment):
        if assignment.post in chiefs:
            of_post[assignment.post].append(assignment)
    for post, held in of_post.items():
        held.sort(key=lambda row: (row.valid_from or date.min, row.code))
        last = held[0]
        for row in held[1:]:
            start = max(row.valid_from or date.min, context.today)
            if start < (last.valid_to or date.max):
                codes = (last.code, row.code)
                yield context.found("TWO_HOLDERS", "assignments", codes, post=post, day=start.isoformat())
            last = max(last, row, key=lambda one: one.valid_to or date.max)
