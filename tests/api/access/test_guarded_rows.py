"""Rows of the roster that name a guarded component: told without its name, by every door of the roster."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_store
from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.model.departments import Determination
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange
from gridsvc.model.work import Topic
from tests.api.access.test_guarded import EAST_GAS, WEST_GAS, gas_folder  # noqa: F401  a fixture
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import FIRST_EDITION, City

PLAIN = "9901010102000001"
GONE = "9901010111000007"
HIDDEN = "COMP_2_2_6:***"
ROW = "/api/v1/determinations/DET-W"
DOORS = (
    ROW,
    "/api/v1/determinations",
    "/api/v1/determinations?code=DET-W&at=2026-06-01",
    "/api/v1/determinations?limit=1",
    "/api/v1/roster/history?table=determinations&key=DET-W",
    "/api/v1/roster/issues",
)


def determination(code: str, component: str) -> Determination:
    return Determination(
        code=code, department="WATER", component=Key("COMP_2_2_6", component), basis="met", decided_on=date(2026, 1, 2)
    )


@pytest.fixture
def city(gas_folder: Path, serve: Callable[..., City]) -> City:  # noqa: F811
    """What was determined about a gas cover in the west, one in the east, one that is gone, and a plain one."""
    named = {"DET-W": WEST_GAS, "DET-E": EAST_GAS, "DET-GONE": GONE, "DET-P": PLAIN}
    with open_store(Settings(data_dir=gas_folder)) as store:
        rows = [RosterChange("determinations", code, determination(code, name)) for code, name in named.items()]
        store.append_roster(rows, FIRST_EDITION)
    return serve(data_dir=gas_folder)


def components(client: SignedInClient) -> dict[str, str]:
    rows = client.get("/api/v1/determinations").json()["items"]
    return {row["code"]: row["component"].partition(":")[2] for row in rows if row["component"] is not None}


def test_determinations_name_components_to_who_may_see_them(city: City) -> None:
    hidden = {"DET-W": "***", "DET-E": "***", "DET-GONE": "***", "DET-P": PLAIN}
    assert components(sign_in(city, AccountRole.INSPECTOR)) == hidden
    assert components(sign_in(city, AccountRole.ROSTER_CLERK)) == hidden
    west = {"DET-W": WEST_GAS, "DET-E": "***", "DET-GONE": "***", "DET-P": PLAIN}
    assert components(sign_in(city, AccountRole.DISPATCHER, area="990101001")) == west
    whole = {"DET-W": WEST_GAS, "DET-E": EAST_GAS, "DET-GONE": GONE, "DET-P": PLAIN}
    assert components(sign_in(city, AccountRole.DUTY_CHIEF)) == whole


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("media_type", ["application/json", "text/csv"])
def test_no_door_names_a_guarded_component_to_a_clerk(city: City, door: str, media_type: str) -> None:
    told = sign_in(city, AccountRole.ROSTER_CLERK).get(door, headers={"Accept": media_type})
    assert told.status_code == 200
    assert not {code for code in (WEST_GAS, EAST_GAS, GONE) if code in told.text}


def test_a_token_without_components_is_told_none_at_all(city: City) -> None:
    chief = sign_in(city, AccountRole.DUTY_CHIEF)
    asked = {"name": "roster", "actions": ["READ_ROSTER"], "days": 1}
    bearer = {"Authorization": "Bearer " + chief.post("/api/v1/tokens", json=asked).json()["secret"]}
    told = city.client.get("/api/v1/determinations", headers=bearer)
    assert told.status_code == 200
    assert {row["component"] for row in told.json()["items"]} == {HIDDEN, None}


def changes(client: SignedInClient, row: dict[str, Any] | None, **given: Any) -> Any:
    change = {"table": "determinations", "key": "DET-W", "row": row}
    return client.post("/api/v1/roster/changes", json={"changes": [change], **given}, headers={"If-Match": '"r99"'})


def test_a_change_shows_and_keeps_what_is_hidden(city: City) -> None:
    clerk = sign_in(city, AccountRole.ROSTER_CLERK)
    row = clerk.get(ROW).json() | {"basis": "met again"}
    planned = changes(clerk, row, preview=True)
    [changed] = planned.json()["changed"]
    assert (changed["fields"], changed["before"]["component"]) == (["basis"], HIDDEN)
    written = changes(clerk, row)
    taken = changes(clerk, None, preview=True)
    seen = clerk.get(ROW)
    put = clerk.request("PUT", ROW, json=row | {"basis": "and again"}, headers={"If-Match": seen.headers["etag"]})
    table = clerk.get("/api/v1/determinations", headers={"Accept": "text/csv"}).text.replace("and again", "at last")
    seen_now = f'"r{put.headers["gridsvc-roster"]}"'
    file = {"content": table, "headers": {"Content-Type": "text/csv", "If-Match": seen_now}}
    previewed = clerk.post("/api/v1/roster/preview?table=determinations&datum=WGS84", **file)
    imported = clerk.post("/api/v1/roster/import?table=determinations&datum=WGS84", **file)
    for told in (planned, written, taken, put, previewed, imported):
        assert told.status_code == 200, told.text
        assert WEST_GAS not in told.text
        assert HIDDEN in told.text
    kept = city.services.serving.roster().tables["determinations"]["DET-W"]
    assert isinstance(kept, Determination)
    assert (kept.component, kept.basis) == (Key("COMP_2_2_6", WEST_GAS), "at last")


def test_naming_a_hidden_component_is_answered_as_if_there_were_none(city: City) -> None:
    clerk, url = sign_in(city, AccountRole.ROSTER_CLERK), "/api/v1/determinations"
    body = {"department": "WATER", "basis": "met", "decided_on": "2026-01-02"}
    told = [clerk.post(url, json=body | {"component": f"COMP_2_2_6:{code}"}) for code in (EAST_GAS, "1", "***")]
    assert {answer.status_code for answer in told} == {422}
    assert len({answer.json()["detail"].replace(EAST_GAS, "1").replace("***", "1") for answer in told}) == 1
    other = clerk.get(ROW).json() | {"component": f"COMP_2_2_6:{EAST_GAS}"}
    assert changes(clerk, other, preview=True).status_code == 422
    assert clerk.post(url, json=body | {"component": f"COMP_2_2_6:{PLAIN}"}).status_code == 201


def test_guessing_what_a_row_names_is_answered_as_any_other_guess(city: City) -> None:
    clerk = sign_in(city, AccountRole.ROSTER_CLERK)
    seen = clerk.get(ROW)
    lines = clerk.get("/api/v1/determinations?code=DET-W", headers={"Accept": "text/csv"}).text
    url = "/api/v1/roster/preview?table=determinations&datum=WGS84"
    for code in (WEST_GAS, EAST_GAS, "1"):
        row = seen.json() | {"component": f"COMP_2_2_6:{code}"}
        put = clerk.request("PUT", ROW, json=row, headers={"If-Match": seen.headers["etag"]})
        table = lines.replace(HIDDEN, f"COMP_2_2_6:{code}")
        sent = clerk.post(url, content=table, headers={"Content-Type": "text/csv"})
        assert (put.status_code, changes(clerk, row).status_code, sent.status_code) == (422, 422, 422), code
    ended = lines.replace(HIDDEN, "").replace(",component", ",nothing")
    kept = clerk.post(url + "&mode=replace&valid_from=2027-01-01", content=ended, headers={"Content-Type": "text/csv"})
    assert kept.status_code == 200, kept.text
    assert WEST_GAS not in kept.text


def test_neither_the_audit_log_nor_what_is_told_live_names_a_component(city: City) -> None:
    clerk = sign_in(city, AccountRole.ROSTER_CLERK)
    assert changes(clerk, clerk.get(ROW).json() | {"basis": "met again"}).status_code == 200
    told = sign_in(city, AccountRole.INSPECTOR).get("/api/v1/audit")
    assert "met again" in told.text
    assert WEST_GAS not in told.text
    messages = [m for m in city.services.store.list_messages(0, 1000) if m.topic is Topic.ROSTER_CHANGED]
    assert "DET-W" in str(messages[-1].body)
    assert WEST_GAS not in str([message.body for message in messages])


def test_the_audit_log_names_nobody_to_a_token_that_is_not_for_names(city: City) -> None:
    clerk = sign_in(city, AccountRole.ROSTER_CLERK)
    seen = clerk.get("/api/v1/people/P01")
    renamed = {"json": seen.json() | {"name": "An Yi Er"}, "headers": {"If-Match": seen.headers["etag"]}}
    assert clerk.request("PUT", "/api/v1/people/P01", **renamed).status_code == 200
    inspector = sign_in(city, AccountRole.INSPECTOR)
    asked = {"name": "log", "actions": ["READ_AUDIT"], "days": 1}
    bearer = {"Authorization": "Bearer " + inspector.post("/api/v1/tokens", json=asked).json()["secret"]}
    assert "An Yi" in inspector.get("/api/v1/audit").text
    assert "An Yi" not in city.client.get("/api/v1/audit", headers=bearer).text


def test_a_decision_tells_no_name_by_its_refusal(city: City) -> None:
    """What would still lead is told without the component by which it does."""
    chief = sign_in(city, AccountRole.DUTY_CHIEF)
    place = {"lon": 116.40051, "lat": 39.90051, "datum": "WGS84"}
    dispute = {"location": place, "reason": "not ours", "category": "COMPONENT_CJT214:0102"}
    number = chief.post("/api/v1/disputes", json=dispute).json()["number"]
    clerk = sign_in(city, AccountRole.ROSTER_CLERK)
    decision = {"department": "WATER", "basis": "met", "decided_on": f"{city.services.settings.now():%Y-%m-%d}"}
    for name in (WEST_GAS, EAST_GAS, "1"):
        body = decision | {"component": f"COMP_2_2_6:{name}"}
        refused = clerk.post(f"/api/v1/disputes/{number}/determine", json=body, headers={"If-Match": '"v1"'})
        assert (refused.status_code, "may name" in refused.json()["detail"]) == (422, True), refused.text
