"""Handing a post over on a day; posts that nobody answers for."""

from datetime import date

import pytest

from gridsvc.errors import Conflict, NotFound
from gridsvc.index.roster.duties import compile_duties
from gridsvc.model.people import Assignment
from gridsvc.roster.holders import Handover, hand_over, list_vacancies
from tests.fixtures.tiny_city import tiny_roster

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def held(code: str, start: date | None = None, end: date | None = None) -> Assignment:
    return Assignment(code=code, post="X", person=f"P-{code}", valid_from=start, valid_to=end)


def test_the_old_holder_ends_where_the_new_one_begins() -> None:
    ended, begun = hand_over(Handover("X", "P", APRIL, "Q"), [held("A"), held("B", None, MARCH), held("C", MARCH, MAY)])
    assert [(row.code, row.valid_to) for row in ended] == [("A", APRIL), ("C", APRIL)]
    assert (begun.person, begun.stand_in, begun.valid_from, begun.valid_to, begun.code) == ("P", "Q", APRIL, None, "")


def test_an_assignment_that_ends_on_that_day_stays_as_it_is() -> None:
    ended, _ = hand_over(Handover("X", "P", APRIL), [held("A", MARCH, APRIL)])
    assert ended == []


def test_one_of_several_holders_can_be_replaced() -> None:
    ended, _ = hand_over(Handover("X", "P", APRIL, replaces="B"), [held("A"), held("B")])
    assert [row.code for row in ended] == ["B"]
    with pytest.raises(NotFound):
        hand_over(Handover("X", "P", APRIL, replaces="B"), [held("B", None, MARCH)])


@pytest.mark.parametrize("start", [APRIL, MAY])
def test_a_post_that_is_given_away_already_is_no_plan(start: date) -> None:
    with pytest.raises(Conflict, match="change A instead"):
        hand_over(Handover("X", "P", APRIL), [held("A", start)])


def test_a_vacancy_says_who_comes() -> None:
    roster = tiny_roster()
    coming = Assignment(code="A9", post="CHIEF-S-BC", person="P01", valid_from=date(2026, 9, 1))
    tables = {**roster.tables, "assignments": {**roster.tables["assignments"], "A9": coming}}
    [vacancy] = list_vacancies(compile_duties(type(roster)(1, tables)), date(2026, 7, 1))
    assert (vacancy.post.code, vacancy.last and vacancy.last.code, vacancy.next) == ("CHIEF-S-BC", "A2", coming)
    assert list_vacancies(compile_duties(type(roster)(1, tables)), date(2026, 9, 1)) == []
