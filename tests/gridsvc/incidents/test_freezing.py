"""Frozen answers: what is kept of them, and when the same question gives the same bytes."""

from dataclasses import replace

import orjson
import pytest

from gridsvc.incidents.freezing import Asked, ask, ask_again, freeze, reporter_of
from gridsvc.index.options import DEFAULT_OPTIONS
from gridsvc.model.accounts import Account, AccountRole
from tests.fixtures.incidents import NOW, PLACES, make_incident, tiny_snapshot
from tests.fixtures.tiny_city import PARKING, RUBBISH


@pytest.mark.parametrize(
    ("place", "departments"), [("A1", ("WEST-CITY", "WEST")), ("B2", ("PARKS", "WEST")), ("C1", ("EAST",))]
)
def test_the_lead_stands_first(place: str, departments: tuple[str, ...]) -> None:
    answer = make_incident("1", place, category=RUBBISH).answer
    assert answer.lead == departments[0]
    assert len(set(answer.departments)) == len(answer.departments)


def test_areas_and_keys_are_those_of_the_document() -> None:
    answer = make_incident("1", "A1").answer
    document = orjson.loads(answer.document)
    assert answer.areas == tuple(area["code"] for area in document["areas"])
    assert answer.cell is not None
    assert answer.cell.code == document["cell"]["code"]
    assert (answer.edition, answer.roster, answer.at) == (document["edition"], document["roster"], document["at"])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("category", [None, RUBBISH, PARKING])
def test_the_same_question_gives_the_same_bytes(place: str, category: object) -> None:
    incident = make_incident("1", place, category=category)
    answer, same = ask_again(incident, *tiny_snapshot(), DEFAULT_OPTIONS)
    assert same
    assert freeze(answer) == incident.answer


def test_another_question_does_not() -> None:
    incident = make_incident("1", "A1", category=RUBBISH)
    for changed in (replace(incident, category=PARKING), replace(incident, location=make_incident("2", "C1").location)):
        assert not ask_again(changed, *tiny_snapshot(), DEFAULT_OPTIONS)[1]


@pytest.mark.parametrize(
    ("role", "person", "reporter"),
    [
        (AccountRole.COLLECTOR, "P06", "P06"),
        (AccountRole.COLLECTOR, "nobody", None),
        (AccountRole.COLLECTOR, None, None),
        (AccountRole.DISPATCHER, "P06", None),
    ],
)
def test_only_who_stands_on_the_spot_is_held_against_their_territory(
    role: AccountRole, person: str | None, reporter: str | None
) -> None:
    account = Account(login="a", name="A", role=role, person=person)
    assert reporter_of(account, tiny_snapshot()[1]) == reporter
    assert reporter_of(None, tiny_snapshot()[1]) is None


def test_an_answer_to_a_reporter_can_be_given_again() -> None:
    location = make_incident("1", "C1").location
    asked = Asked(location=location, at=NOW, reporter="P06")
    frozen = freeze(ask(*tiny_snapshot(), asked, DEFAULT_OPTIONS))
    incident = make_incident("1", "C1", answer=frozen, reporter="P06")
    assert ask_again(incident, *tiny_snapshot(), DEFAULT_OPTIONS)[1]
