"""Whose turn it is: shifts of a post that overlap; a chief's post or role at a place that two hold on one day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from geodata.checks.rows import RosterContext
from gridsvc.model.issue import Issue
from gridsvc.model.people import CHIEF_ROLES, Assignment, Person, Post, Shift, Side, TargetKind


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


@dataclass(frozen=True, slots=True)
class _Held:
    """A chief's post that a person in service holds on [start, end)."""

    post: Post
    assignment: str
    start: date
    end: date


def check_chiefs_of_targets(context: RosterContext) -> Iterator[Issue]:
    """A segment has one street chief and one lane chief at a time on each side, an area one chief of its role.

    A post without a side counts on both, one without a scheme in each that has its target. Posts without a holder
    answer for nothing and may be any number; two holders of one post are told by `check_chiefs`.
    """
    at: dict[tuple[str | None, ...], list[_Held]] = defaultdict(list)
    for held in _list_held(context):
        post = held.post
        schemes = [post.target_scheme] if post.target_scheme else context.ground.schemes_of(*_target_of(post)) or [None]
        sides = [post.side] if post.side else [Side.LEFT, Side.RIGHT]
        for scheme, side in product(schemes, sides):
            at[post.role, *_target_of(post), scheme, side].append(held)
    pairs: dict[tuple[str, str], tuple[_Held, _Held]] = {}
    for side_by_side in at.values():
        for one, other in _overlapping(side_by_side):
            pairs.setdefault((one.assignment, other.assignment), (one, other))
    for keys, (one, other) in pairs.items():
        told = {"role": other.post.role.value, "target": other.post.target_code, "day": other.start.isoformat()}
        posts = ", ".join((one.post.code, other.post.code))
        yield context.found("TWO_CHIEFS", "assignments", keys, posts=posts, **told)


def _target_of(post: Post) -> tuple[TargetKind, str]:
    return post.target_kind, post.target_code


def _list_held(context: RosterContext) -> Iterator[_Held]:
    posts = {post.code: post for post in context.rows("posts", Post) if post.role in CHIEF_ROLES}
    people = {person.code: person for person in context.rows("people", Person)}
    for row in context.rows("assignments", Assignment):
        if (post := posts.get(row.post)) is not None and (person := people.get(row.person)) is not None:
            spans = (row, post, person)
            start = max(context.today, *(span.valid_from or date.min for span in spans))
            end = min(span.valid_to or date.max for span in spans)
            if start < end:
                yield _Held(post, row.code, start, end)


def _overlapping(held: list[_Held]) -> Iterator[tuple[_Held, _Held]]:
    """Holders of different posts on one day, each with the one before that reaches farthest into it."""
    held.sort(key=lambda one: (one.start, one.assignment))
    last = held[0]
    for one in held[1:]:
        if one.start < last.end and one.post is not last.post:
            yield last, one
        last = max(last, one, key=lambda span: span.end)
