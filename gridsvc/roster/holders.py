"""Who holds a post: handing it over on a day, and the posts that nobody answers for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gridsvc.errors import Conflict, NotFound
from gridsvc.index.roster.duties import Duties
from gridsvc.model.people import Assignment, Post


@dataclass(frozen=True, slots=True)
class Handover:
    """Somebody takes a post over on a day. `replaces` is the one assignment that ends, None: all of the post's."""

    post: str
    person: str
    start: date
    stand_in: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post for which nobody answers: its holders who are `absent` without a stand-in, and who comes `next`."""

    post: Post
    absent: tuple[str, ...]
    last: Assignment | None
    next: Assignment | None


def hand_over(handover: Handover, held: Sequence[Assignment]) -> tuple[list[Assignment], Assignment]:
    """(the assignments that end on the day, the one that begins); the code of the new one is still empty.

    Conflict where the post is given to somebody from that day on already: of two clerks the second has to look.
    """
    lasting = [row for row in held if row.valid_to is None or row.valid_to > handover.start]
    if handover.replaces is not None:
        lasting = [row for row in lasting if row.code == handover.replaces]
        if not lasting:
            msg = f"{handover.post} has no assignment {handover.replaces} that lasts beyond {handover.start}"
            zh = f"岗位 {handover.post} 在 {handover.start} 之后没有任职记录 {handover.replaces}。"
            raise NotFound(msg, zh=zh, table="assignments", key=handover.replaces)
    for row in lasting:
        if row.valid_from is not None and row.valid_from >= handover.start:
            msg = f"{handover.post} is given to {row.person} from {row.valid_from} already: change {row.code} instead"
            zh = f"岗位 {handover.post} 自 {row.valid_from} 起已任命他人：请改任职记录 {row.code}。"
            raise Conflict(msg, zh=zh, assignment=row.code)
    closed = [replace(row, valid_to=handover.start) for row in lasting]
    begun = Assignment(
        code="",
        post=handover.post,
        person=handover.person,
        stand_in=handover.stand_in,
        valid_from=handover.start,
    )
    return closed, begun


def list_vacancies(duties: Duties, day: date) -> list[Vacancy]:
    """Posts that exist on the day and have nobody who answers, by code."""
    found = []
    for post in duties.staff.posts.values():
        if not post.valid_on(day):
            continue
        holding = duties.staff.holding(post, day)
        if holding.holders:
            continue
        held = duties.staff.assignments_to.get(post.code, ())
        past = [row for row in held if row.valid_to is not None and row.valid_to <= day]
        coming = [row for row in held if row.valid_from is not None and row.valid_from > day]
        last = max(past, key=lambda row: row.valid_to or date.min, default=None)
        following = min(coming, key=lambda row: row.valid_from or date.max, default=None)
        found.append(Vacancy(post, holding.absent, last, following))
    return sorted(found, key=lambda vacancy: vacancy.post.code)
