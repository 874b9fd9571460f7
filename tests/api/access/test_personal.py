"""Names and phones in answers: for whom, where, and that their reading is logged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gridsvc.accounts.rights import Place, rights
from gridsvc.model.accounts import AccountRole, Action
from gridsvc.model.people import Assignment, Person, Post, Role, TargetKind
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.served_city import City, append_rows

Serve = Callable[..., City]
WEST, EAST = "990101001", "990101002"
HERE = "/api/v1/resolve?lon=116.4005&lat=39.9015&datum=WGS84"
SHAPE = {"type": "LineString", "coordinates": [[116.4002, 39.9025], [116.4028, 39.9025]]}


@pytest.fixture
def city(serve: Serve) -> City:
    """With an officer in the east too, and a commissioner of the whole district."""
    served = serve(public_read=True)
    people = [Person(code="P08", name="Hu Ba", phone="000-0008"), Person(code="P09", name="Ji Jiu", phone="000-0009")]
    posts = [
        Post(code="OFFICER-2", role=Role.GRID_OFFICER, target_kind=TargetKind.GROUP, target_code="D-0002"),
        Post(code="COM", role=Role.COMMISSIONER, target_kind=TargetKind.AREA, target_code="990101"),
    ]
    held = [Assignment(code="A8", post="OFFICER-2", person="P08"), Assignment(code="A9", post="COM", person="P09")]
    append_rows(served.services.store, {"people": list(people), "posts": list(posts), "assignments": list(held)})
    served.services.serving.refresh()
    return served


def _shown(document: dict[str, Any]) -> dict[str, tuple[bool, bool]]:
    return {
        person["person"]: (person["name"] is not None, person["phone"] is not None) for person in document["people"]
    }


def test_a_visitor_sees_the_chief_and_nobody_elses_name_or_phone(city: City) -> None:
    answer = city.client.get(HERE).json()
    assert answer["chief"]["name"] == "An Yi"
    assert set(_shown(answer).values()) == {(False, False)}
    shape = city.client.post("/api/v1/resolve/shape?datum=WGS84", json=SHAPE).json()
    assert shape["people"]
    assert set(_shown(shape).values()) == {(False, False)}


def test_phones_are_for_ones_own_territory(city: City) -> None:
    west = _shown(sign_in(city, AccountRole.DISPATCHER, area=WEST).get(HERE).json())
    assert west["P06"] == (True, True)
    assert west["P09"] == (True, False), "the district's commissioner works beyond the subdistrict"
    make_account(city.services.store, AccountRole.DISPATCHER, "east", area=EAST)
    assert set(_shown(SignedInClient(city, "east").get(HERE).json()).values()) == {(True, False)}
    make_account(city.services.store, AccountRole.DISPATCHER, "whole")
    assert set(_shown(SignedInClient(city, "whole").get(HERE).json()).values()) == {(True, True)}
    assert set(_shown(sign_in(city, AccountRole.STEWARD).get(HERE).json()).values()) == {(False, False)}
    assert set(_shown(sign_in(city, AccountRole.INSPECTOR).get(HERE).json()).values()) == {(True, False)}


def test_a_shape_across_the_border_gives_the_phones_of_one_side(city: City) -> None:
    client = sign_in(city, AccountRole.DISPATCHER, area=WEST)
    shown = _shown(client.post("/api/v1/resolve/shape?datum=WGS84", json=SHAPE).json())
    assert (shown["P06"], shown["P08"]) == ((True, True), (True, False))


def test_one_sees_ones_own_phone_anywhere(city: City) -> None:
    client = sign_in(city, AccountRole.GRID_OFFICER, area=EAST, person="P06")
    assert _shown(client.get(HERE).json())["P06"] == (True, True)


def test_a_department_sees_the_phones_of_its_own_ground(city: City) -> None:
    client = sign_in(city, AccountRole.HANDLER, department="WEST")
    assert _shown(client.get(HERE).json())["P06"] == (True, True)
    make_account(city.services.store, AccountRole.HANDLER, "parks", department="PARKS")
    assert _shown(SignedInClient(city, "parks").get(HERE).json())["P06"] == (True, False)


def test_what_was_read_is_logged_with_reader_persons_and_request(city: City) -> None:
    client = sign_in(city, AccountRole.DISPATCHER, area=WEST)
    for _ in range(3):
        client.get(HERE, headers={"X-Request-ID": "r-1"})
    city.client.get(HERE)
    city.client.app.state.readings.flush()
    entries = [entry for _, entry in city.services.store.list_audit(before=None, limit=50, target="people")]
    read = {(entry.login, entry.action): entry for entry in entries}
    assert read.keys() == {("dispatcher", "READ_PHONES"), ("dispatcher", "READ_STAFF")}
    assert "P06" in read["dispatcher", "READ_PHONES"].details["whose"]  # type: ignore[operator]
    assert read["dispatcher", "READ_STAFF"].details == {"whose": ["P09"]}
    assert {entry.request for entry in entries} == {"r-1"}


def test_a_token_without_names_reads_a_roster_without_names(city: City) -> None:
    client = sign_in(city, AccountRole.ROSTER_CLERK)
    body = {"name": "x", "actions": ["READ_ROSTER"], "days": 1}
    token = {"Authorization": f"Bearer {client.post('/api/v1/tokens', json=body).json()['secret']}"}
    for accept in ("application/json", "text/csv"):
        table = city.client.get("/api/v1/people", headers={**token, "Accept": accept}).text
        assert "P06" in table
        assert "Fu Liu" not in table
        assert "000-0006" not in table
    assert city.client.get("/api/v1/people/P06", headers=token).json()["name"] == "***"
    assert client.get("/api/v1/people/P06").json()["phone"] == "000-0006"


def test_a_token_for_resolving_alone_shows_no_people(city: City) -> None:
    client = sign_in(city, AccountRole.DISPATCHER)
    secret = client.post("/api/v1/tokens", json={"name": "x", "actions": ["RESOLVE"], "days": 1}).json()["secret"]
    shown = city.client.get(HERE, headers={"Authorization": f"Bearer {secret}"}).json()
    assert set(_shown(shown).values()) == {(False, False)}


def test_the_roster_and_an_answer_show_a_number_to_the_same_people(city: City) -> None:
    """By where somebody belongs, and by each of their posts: one rule, wherever the number is read."""
    people = [Person(code="P20", name="Ke Er", phone="000-0020", belongs_to="EAST")]
    posts = [Post(code="OFFICER-W", role=Role.GRID_OFFICER, target_kind=TargetKind.GROUP, target_code="D-0001")]
    held = [Assignment(code="A20", post="OFFICER-W", person="P20")]
    append_rows(city.services.store, {"people": list(people), "posts": list(posts), "assignments": list(held)})
    city.services.serving.refresh()
    for area, department in ((WEST, None), (EAST, None), (None, "EAST"), (None, "PARKS")):
        login = f"at-{area}-{department}".lower()
        make_account(city.services.store, AccountRole.DISPATCHER, login, area=area, department=department)
        client = SignedInClient(city, login)
        row = client.get("/api/v1/people/P20").json()["phone"]
        rings = _shown(client.get(HERE).json())["P20"][1]
        assert (row is not None, rings) == ((department != "PARKS"),) * 2, login


def test_where_people_lie_is_data(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(rights())
    table[Action.READ_PHONES] = replace(table[Action.READ_PHONES], lies=frozenset({Place.DEPARTMENT}))
    monkeypatch.setattr("api.access.personal.rights", lambda: table)
    west = sign_in(city, AccountRole.DISPATCHER, area=WEST)
    assert west.get("/api/v1/people/P06").json()["phone"] is None, "an officer of the west who belongs nowhere"


def test_ones_own_number_is_in_the_roster_too(city: City) -> None:
    client = sign_in(city, AccountRole.GRID_OFFICER, area=EAST, person="P06")
    assert client.get("/api/v1/people/P06").json()["phone"] == "000-0006"


def test_a_token_without_names_reads_no_liaison(city: City) -> None:
    client = sign_in(city, AccountRole.ROSTER_CLERK)
    row = {"department": "PARKS", "subdistrict": WEST, "mode": "LIAISON", "liaison": "Ma Er", "phone": "000-7777"}
    assert client.post("/api/v1/stationings", json={"code": "ST9", **row}).status_code == 201
    body = {"name": "x", "actions": ["READ_ROSTER"], "days": 1}
    token = {"Authorization": f"Bearer {client.post('/api/v1/tokens', json=body).json()['secret']}"}
    for place in ("stationings", "stationings/ST9", "roster/history?table=stationings&key=ST9"):
        seen = city.client.get(f"/api/v1/{place}", headers=token).text
        assert "PARKS" in seen
        assert "Ma Er" not in seen
        assert "7777" not in seen
