"""Who answers instead of somebody who is away: stand-ins, other holders, or the next level."""

from collections import Counter
from datetime import date, timedelta

import pytest

from gridsvc.index.roster.staff import Staff, compile_staff
from gridsvc.model.people import Absence, Assignment, Person, Post, Role, TargetKind
from gridsvc.model.roster import Roster, Row, row_key
from gridsvc.roster.passed_on import PassedOn, pass_on

MARCH, APRIL, MAY, JUNE, JULY = (date(2026, month, 1) for month in (3, 4, 5, 6, 7))
DAY = timedelta(1)
AWAY = Absence(code="AWAY", person="A", valid_from=APRIL, valid_to=JUNE)
POSTS = [Post(code=code, role=Role.GRID_OFFICER, target_kind=TargetKind.AREA, target_code=code) for code in "RSTU"]


def gives(post: str, person: str, stand_in: str | None = None, **days: date) -> Assignment:
    return Assignment(code=f"{post}-{person}", post=post, person=person, stand_in=stand_in, **days)


def staff_of(assignments: list[Assignment], absences: list[Absence]) -> Staff:
    people = [Person(code=code, name=code) for code in "ABC"]
    tables: dict[str, list[Row]] = {
        "people": [*people],
        "posts": [*POSTS],
        "assignments": [*assignments],
        "absences": [*absences],
    }
    return compile_staff(Roster(1, {table: {row_key(row): row for row in rows} for table, rows in tables.items()}))


def passed(assignments: list[Assignment], *absences: Absence, away: Absence = AWAY, today: date = MARCH) -> PassedOn:
    told, uncounted = pass_on(staff_of(assignments, [away, *absences]), [away], today)
    assert uncounted == 0
    [only] = told
    return only


def away_every_other_day(person: str, times: int) -> list[Absence]:
    days = [APRIL + timedelta(2 * number) for number in range(times)]
    return [Absence(code=f"{person}{day}", person=person, valid_from=day, valid_to=day + DAY) for day in days]


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


def test_several_absences_are_told_once_for_each_person_by_their_worst_day() -> None:
    first = Absence(code="1", person="A", valid_from=APRIL, valid_to=MAY)
    again = Absence(code="2", person="A", valid_from=JUNE, valid_to=JULY)
    other = Absence(code="3", person="C", valid_from=JUNE)
    lacking = Absence(code="X", person="B", valid_from=JUNE)
    staff = staff_of([gives("R", "A", "B"), gives("S", "C")], [first, again, other, lacking])
    assert pass_on(staff, [first, other], MARCH) == ([PassedOn("A", 1, 0, 0), PassedOn("C", 0, 1, 0)], 0)
    assert pass_on(staff, [first, other, again], MARCH) == ([PassedOn("A", 0, 1, 0), PassedOn("C", 0, 1, 0)], 0)


def test_days_between_the_absences_that_are_asked_of_do_not_count() -> None:
    ends = [Absence(code="1", person="A", valid_to=APRIL), Absence(code="2", person="A", valid_from=JUNE)]
    between = Absence(code="3", person="A", valid_from=APRIL, valid_to=JUNE)
    staff = staff_of([gives("R", "A", valid_from=APRIL, valid_to=JUNE)], [*ends, between])
    assert pass_on(staff, ends, MARCH) == ([PassedOn("A", 0, 0, 0)], 0)


def test_absences_that_overlap_are_asked_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are looked at grow with the square of the absences, not with their cube."""
    many = [Absence(code=f"{n}", person="A", valid_from=APRIL + n * DAY, valid_to=JUNE + n * DAY) for n in range(60)]
    looked = count_absences(monkeypatch)
    assert pass_on(staff_of([gives("R", "A")], many), many, MARCH) == ([PassedOn("A", 0, 1, 0)], 0)
    assert looked["at"] < 10 * len(many) ** 2


def test_who_takes_too_much_work_is_not_counted_but_who_comes_after_is(monkeypatch: pytest.MonkeyPatch) -> None:
    many, few = away_every_other_day("A", 3_000), away_every_other_day("B", 2)
    staff = staff_of([gives("R", "A"), gives("S", "B")], [*many, *few])
    looked = count_absences(monkeypatch)
    assert pass_on(staff, [*many, *few], MARCH) == ([PassedOn("B", 0, 1, 0)], 1)
    assert looked["at"] < len(many)


def test_work_is_bounded_however_many_people_share_it(monkeypatch: pytest.MonkeyPatch) -> None:
    absences = [row for person in "ABC" for row in away_every_other_day(person, 100)]
    staff = staff_of([gives(post, person) for post in "RSTU" for person in "ABC"], absences)
    everybody, none_left = pass_on(staff, absences, MARCH)
    assert (len(everybody), none_left) == (3, 0)
    looked = count_absences(monkeypatch)
    told, uncounted = pass_on(staff, absences, MARCH, most_work=200_000)
    assert (told, uncounted) == (everybody[:1], 2)
    assert 0 < looked["at"] < 3 * 200_000


def count_absences(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count absences that are looked at from now on."""
    looked: Counter[str] = Counter()
    is_absent = Staff.is_absent

    def counted(staff: Staff, person: str, day: date) -> bool:
        looked["at"] += len(staff.absences_of.get(person, ()))
        return is_absent(staff, person, day)

    monkeypatch.setattr(Staff, "is_absent", counted)
    return looked
