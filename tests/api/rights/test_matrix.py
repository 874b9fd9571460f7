"""Role × action × territory: the service does what the table says, no more and no less."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridsvc.accounts.rights import Opening, reach, rights
from gridsvc.model.accounts import Account, AccountRole, Action, Caller, Reach
from tests.api.rights.questions import EVERYWHERE, QUESTIONS
from tests.api.rights.stage import Stage, Where, make_city, set_stage

CELLS = [
    (action, role, where)
    for action, question in QUESTIONS.items()
    for role in AccountRole
    for where in question.where
    if where is not Where.OWN or role in question.owners
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Path:
    made = Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("rights") / "city"))
    make_city(made)
    return made


@pytest.fixture(scope="module")
def stage(folder: Path) -> Iterator[Stage]:
    yield from set_stage(folder)


def _caller(role: AccountRole) -> Caller:
    return Caller() if role is AccountRole.VISITOR else Caller(Account(login="x", name="x", role=role))


def _expected(far: Reach, where: Where) -> bool:
    if far is Reach.SCOPE:
        return where is not Where.OUTSIDE
    return far is Reach.ALL or (far is Reach.OWN and where is Where.OWN)


@pytest.mark.parametrize(("action", "role", "where"), CELLS)
def test_cell(stage: Stage, action: Action, role: AccountRole, where: Where) -> None:
    far = reach(_caller(role), action, Opening())
    assert QUESTIONS[action].ask(stage, role, where) is _expected(far, where)


@pytest.mark.parametrize("role", [role for role in AccountRole if role is not AccountRole.VISITOR])
def test_lists_and_search_hold_what_may_be_read_one_by_one(stage: Stage, role: AccountRole) -> None:
    stage.city.client.app.state.search.refresh()
    for address, numbers in (("/api/v1/incidents", stage.incidents), ("/api/v1/disputes", stage.disputes)):
        listed = stage.ask(role, "GET", f"{address}?limit=1000")
        found = {item["number"] for item in listed.json().get("items", [])}
        for where in EVERYWHERE:
            number = numbers.get((role, where))
            if number is None:
                continue
            may = stage.ask(role, "GET", f"{address}/{number}").status_code == 200
            assert (number in found) is may
            if numbers is stage.incidents:
                hits = stage.ask(role, "GET", f"/api/v1/search?q={number}&kinds=incident").json()["items"]
                assert [hit["code"] for hit in hits] == ([number] if may else [])


def test_every_action_is_asked_about() -> None:
    assert QUESTIONS.keys() == set(Action)


def test_visitors_may_what_is_open_and_nothing_else(tmp_path: Path, folder: Path) -> None:
    for opening in (Opening(public=True), Opening(public=True, demo=True)):
        copy = Path(shutil.copytree(folder, tmp_path / f"demo-{opening.demo}"))
        for stage in set_stage(copy, public_read=opening.public, demo=opening.demo):
            for action, question in QUESTIONS.items():
                right = rights()[action]
                expected = right.public or (opening.demo and right.reading)
                asked = [question.ask(stage, AccountRole.VISITOR, where) for where in question.where if where != "OWN"]
                assert all(answer is expected for answer in asked), action
