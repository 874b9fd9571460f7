"""Who answers instead of somebody who is away: stand-ins, other holders, or the next level."""

from datetime import date

import pytest

from gridsvc.index.roster.staff import compile_staff
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, TargetKind
from gridsvc.model.roster import Roster, Row, row_key
from gridsvc.roster.passed_on import PassedOn, pass_on

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
AWAY = Absence(code="AWAY", person="A", valid_from=APRIL, valid_to=JUNE)
POSTS = [Post(code=code, role=Role.GRID_OFFICER, target_kind=TargetKind.AREA, target_code=code) for code in "RSTU"]


def gives(post: str, person: str, stand_in: str | None = None, **days: date) -> Assignment:
    return Assignment(code=f"{post}-{person}", post=post, person=person, stand_in=stand_in, **days)


def passed(assignments: list[Assignment], *absences: Absence, away: Absence = AWAY, today: date = MARCH) -> PassedOn:
    people = [Person(code=code, name=code) for code in "ABC"]
    tables: dict[str, list[Row]] = {
        "people": [*people],
        "posts": [*POSTS],
        "assignments": [*assignments],
        "absences": [away, *absences],
    }
    roster = Roster(1, {table: {row_key(row): row for row in rows} for table, rows in tables.items()})
    return pass_on(compile_staff(roster), away, today)


def test_posts_go_to_stand_ins_to_other_holders_and_to_the_next_level() -> None:
    given = [gives("R", "A", "B"), gives("S", "A"), gives("T", "A"), gives("U", "A"), gives("U", "B")]
    assert passed(given) == PassedOn("A", to_stand_in=1, to_next_level=2, shared=1)


def test_a_stand_in_who_leaves_meanwhile_leaves_nobody() -> None:
    assert passed([gives("R", "A", "B")], Absence(code="X", person="B", valid_from=MAY)).to_next_level == 1
    assert passed([gives("R", "A", "B")], Absence(code="X", person="B", valid_from=JUNE)).to_stand_in == 1
    ends = [gives("R", "A", "B", valid_to=MAY), Assignment(code="N", post="R", person="A", valid_from=MAY)]
    assert passed(ends) == PassedOn("A", to_stand_in=0, to_next_level=1, shared=0)


def test_who_stands_in_for_somebody_leaves_that_post_too() -> None:
    stands_in = [gives("R", "C", "A")]
    assert passed(stands_in) == PassedOn("A", 0, 0, 0), "whose post it is is there"
    assert passed(stands_in, Absence(code="X", person="C", valid_from=MAY)).to_next_level == 1


@pytest.mark.parametrize(
    ("given", "today"),
    [
        ([gives("R", "A", valid_to=APRIL)], MARCH),
        ([gives("R", "A", valid_from=JUNE)], MARCH),
        ([gives("R", "A")], JUNE),
        ([gives("R", "B")], MARCH),
    ],
    ids=["held before", "held after", "over by now", "held by others"],
)
def test_what_is_not_theirs_meanwhile_does_not_count(given: list[Assignment], today: date) -> None:
    assert passed(given, today=today) == PassedOn("A", 0, 0, 0)


def test_without_an_end_what_they_get_later_counts() -> None:
    away = Absence(code="AWAY", person="A")
    assert passed([gives("R", "A", valid_from=JUNE)], away=away).to_next_level == 1
