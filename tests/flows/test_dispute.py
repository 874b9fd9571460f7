"""A quarrel settled once stays settled: dispute, determination, and the answer from then on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Topic
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.served_city import City

PLACE = {"lon": 116.4015, "lat": 39.9005, "datum": "WGS84"}
GROUND = {
    "type": "Polygon",
    "coordinates": [[[116.401, 39.9], [116.402, 39.9], [116.402, 39.901], [116.401, 39.901], [116.401, 39.9]]],
}
PARKING = "EVENT_CJT214:0505"
CHIEF, CLERK = AccountRole.DUTY_CHIEF, AccountRole.ROSTER_CLERK


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    return serve()


@pytest.fixture
def today(served: City) -> datetime:
    return served.services.settings.now()


def open_one(client: SignedInClient, **more: Any) -> dict[str, Any]:
    body = {"location": PLACE, "category": PARKING, "reason": "这里由园林负责 <b>", "claimed": "PARKS", **more}
    answer = client.post("/api/v1/disputes", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def decide(client: SignedInClient, number: int, day: datetime, etag: str = '"v1"', **more: Any) -> Any:
    body = {
        "geometry": GROUND,
        "datum": "WGS84",
        "categories": [PARKING],
        "department": "PARKS",
        "basis": "joint visit",
        "documents": ["minutes 7"],
        "decided_on": day.date().isoformat(),
        **more,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return client.post(f"/api/v1/disputes/{number}/determine", json=body, headers={"If-Match": etag})


def lead(client: SignedInClient, **asked: Any) -> tuple[str, str]:
    answer = client.get("/api/v1/resolve", params=PLACE | {"category": PARKING} | asked).json()
    [found] = [department for department in answer["departments"] if department["part"] == "LEAD"]
    return found["code"], found["rule"]


def test_from_a_dispute_to_the_answer_that_stays(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    dispute = open_one(chief)
    assert (dispute["state"], dispute["sides"]["answered"]["code"], dispute["sides"]["claimed"]) == (
        "OPEN",
        "TRAFFIC",
        {"code": "PARKS", "name": "District Parks Office"},
    )
    frozen = dispute["resolution"]
    assert lead(chief) == ("TRAFFIC", "COMPETENCE")
    done = decide(clerk, dispute["number"], today)
    assert done.status_code == 200, done.text
    code = done.json()["determination"]
    assert (done.json()["state"], done.json()["decided_by"], code) == ("DETERMINED", "roster_clerk", "DET-0001")
    assert lead(chief) == ("PARKS", "DETERMINATION")
    trace = chief.get("/api/v1/resolve", params=PLACE | {"category": PARKING}).json()["trace"]
    assert any(line["code"] == "LEAD_DETERMINATION" and code in line["ids"] for line in trace)
    yesterday = (today - timedelta(days=1)).isoformat()
    assert lead(chief, at=yesterday) == ("TRAFFIC", "COMPETENCE")
    again = {"at": frozen["at"], "edition": frozen["edition"], "roster": frozen["roster"]}
    assert lead(chief, **again) == ("TRAFFIC", "COMPETENCE")
    row = clerk.get(f"/api/v1/determinations/{code}").json()
    assert (row["department"], row["documents"], row["valid_from"]) == ("PARKS", ["minutes 7"], row["decided_on"])
    assert row["geometry"]["type"] == "Polygon"
    assert clerk.get(f"/api/v1/disputes/{dispute['number']}").json() == done.json()


def test_it_is_told_and_logged_and_decided_once(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    assert decide(clerk, number, today).status_code == 200
    assert decide(clerk, number, today).status_code == 412
    assert decide(clerk, number, today, '"v2"').status_code == 409
    late = clerk.post(f"/api/v1/disputes/{number}/decline", json={"reason": "no"}, headers={"If-Match": "*"})
    assert late.status_code == 409
    store = served.services.store
    assert store.state().roster_revision == 2
    told = [m.topic for m in store.list_messages(0, 100) if m.topic.name.startswith(("DISPUTE", "ROSTER"))]
    assert told[-3:] == [Topic.DISPUTE_OPENED, Topic.ROSTER_CHANGED, Topic.DISPUTE_DECIDED]
    logged = {entry.action for _, entry in store.list_audit(before=None, limit=20)}
    assert {"OPEN_DISPUTE", "DETERMINE", "CLOSE_DISPUTE"} <= logged


def test_who_opened_it_does_not_decide_it(served: City, today: datetime) -> None:
    chief = sign_in(served, CHIEF)
    number = open_one(chief)["number"]
    assert decide(chief, number, today).status_code == 403
    declined = chief.post(f"/api/v1/disputes/{number}/decline", json={"reason": "x"}, headers={"If-Match": '"v1"'})
    assert declined.status_code == 403
    assert served.services.store.state().roster_revision == 1


def test_a_component_is_decided_about_where_it_is_disputed(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    cover = {"location": {"lon": 116.4005, "lat": 39.9005, "datum": "WGS84"}, "category": "COMPONENT_CJT214:0102"}
    component = "COMP_2_2_6:9901010102000001"
    number = open_one(chief, **cover, component=component)["number"]
    done = decide(clerk, number, today, geometry=None, datum=None, component=component, categories=[])
    assert done.status_code == 200, done.text
    asked = cover["location"] | {"category": cover["category"], "component": component}  # type: ignore[operator]
    answer = chief.get("/api/v1/resolve", params=asked).json()
    assert [d["rule"] for d in answer["departments"] if d["part"] == "LEAD"] == ["DETERMINATION"]


def test_a_declined_dispute_changes_no_answer(served: City) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    address = f"/api/v1/disputes/{number}/decline"
    assert clerk.post(address, json={"reason": "the list says so"}).status_code == 428
    done = clerk.post(address, json={"reason": "the list says so"}, headers={"If-Match": '"v1"'})
    assert (done.status_code, done.json()["state"], done.json()["decision"]) == (200, "DECLINED", "the list says so")
    assert lead(chief) == ("TRAFFIC", "COMPETENCE")


def test_disputes_are_seen_and_decided_within_ones_territory(served: City, today: datetime) -> None:
    chief = sign_in(served, CHIEF)
    numbers = [open_one(chief)["number"] for _ in range(3)]
    for login, area in (("west", "990101001"), ("east", "990101002")):
        make_account(served.services.store, CLERK, login, area=area)
    west, east = SignedInClient(served, "west"), SignedInClient(served, "east")
    page = west.get("/api/v1/disputes?limit=2").json()
    assert [item["number"] for item in page["items"]] == numbers[:0:-1]
    rest = west.get(f"/api/v1/disputes?limit=2&cursor={page['next_cursor']}").json()
    assert ([item["number"] for item in rest["items"]], rest["next_cursor"]) == (numbers[:1], None)
    assert east.get("/api/v1/disputes").json()["items"] == []
    assert east.get(f"/api/v1/disputes/{numbers[0]}").status_code == 403
    assert decide(east, numbers[0], today).status_code == 403
    wide = [[[116.401, 39.9], [116.4025, 39.9], [116.4025, 39.901], [116.401, 39.901], [116.401, 39.9]]]
    assert decide(west, numbers[0], today, geometry=GROUND | {"coordinates": wide}).status_code == 403
    assert decide(west, numbers[0], today).status_code == 200
    assert [item["number"] for item in west.get("/api/v1/disputes?state=OPEN").json()["items"]] == numbers[:0:-1]
    assert west.get(f"/api/v1/disputes/{10**30}").status_code == 422
    assert west.get("/api/v1/disputes/99").status_code == 404


def test_the_same_dispute_sent_again_is_one(served: City) -> None:
    chief = sign_in(served, CHIEF)
    body = {"location": PLACE, "reason": "not ours", "category": None, "incident": None}
    first, second = (chief.post("/api/v1/disputes", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert second.headers["idempotent-replayed"] == "true"
    assert sign_in(served, AccountRole.PLANNER).post("/api/v1/disputes", json=body).status_code == 403
    assert chief.post("/api/v1/disputes", json=body | {"claimed": "NOBODY"}).status_code == 422
    assert chief.post("/api/v1/disputes", json=body | {"location": PLACE | {"lon": 117}}).status_code == 404


def test_the_answer_of_an_incident_is_the_evidence(served: City) -> None:
    chief = sign_in(served, CHIEF)
    report = {"location": PLACE, "category": PARKING, "description": "x", "source": "HOTLINE_12345"}
    incident = chief.post("/api/v1/incidents", json=report).json()
    dispute = open_one(chief, incident=incident["number"], category=None, location=PLACE | {"lon": 116.4005})
    assert (dispute["incident"], dispute["category"]) == (incident["number"], PARKING)
    assert dispute["resolution"] == incident["resolution"]
    assert dispute["location"]["lon"] == PLACE["lon"]
    elsewhere = sign_in(served, AccountRole.HANDLER, area="990101002")
    body = {"location": PLACE, "reason": "x", "incident": incident["number"]}
    assert elsewhere.post("/api/v1/disputes", json=body).status_code == 404


def test_a_second_quarrel_about_a_place_is_settled_too(served: City, today: datetime) -> None:
    """On the very day of the first decision: the last one stands."""
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    for department in ("PARKS", "WATER"):
        number = open_one(chief)["number"]
        assert decide(clerk, number, today, department=department).status_code == 200
        assert lead(chief) == (department, "DETERMINATION")


def test_a_decision_that_something_else_goes_before_is_told(served: City, today: datetime) -> None:
    """One about the component goes before one about the ground."""
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    place = {"lon": 116.4005, "lat": 39.9005, "datum": "WGS84"}
    cover = {"location": place, "category": "COMPONENT_CJT214:0102"}
    number = open_one(chief, **cover)["number"]
    about = {"component": "COMP_2_2_6:9901010102000001", "geometry": None, "datum": None, "categories": []}
    assert decide(clerk, number, today, **about).status_code == 200, "picked by the officer, nobody had named it"
    number = open_one(chief, **cover)["number"]
    ground = [[[116.4, 39.9], [116.401, 39.9], [116.401, 39.901], [116.4, 39.901], [116.4, 39.9]]]
    refused = decide(clerk, number, today, geometry=GROUND | {"coordinates": ground}, categories=[], department="WATER")
    assert (refused.status_code, refused.json()["rule_id"]) == (422, "DET-0001")
    assert served.services.store.state().roster_revision == 2


def test_a_component_is_disputed_where_it_stands(served: City) -> None:
    """Else whose territory it is would be a matter of the place that somebody writes down."""
    chief = sign_in(served, CHIEF)
    body = {"location": PLACE, "component": "COMP_2_2_6:9901010102000001", "reason": "x"}
    answer = chief.post("/api/v1/disputes", json=body)
    assert (answer.status_code, "m from the place" in answer.json()["detail"]) == (422, True)


def test_a_department_does_not_decide_by_itself(served: City, today: datetime) -> None:
    chief = sign_in(served, CHIEF)
    number = open_one(chief)["number"]
    for login, department in (("parks", "PARKS"), ("west", "WEST")):
        make_account(served.services.store, CLERK, login, department=department)
    assert decide(SignedInClient(served, "parks"), number, today).status_code == 403
    wide = [[[116.401, 39.9], [116.4025, 39.9], [116.4025, 39.901], [116.401, 39.901], [116.401, 39.9]]]
    west = SignedInClient(served, "west")
    beyond = decide(west, number, today, geometry=GROUND | {"coordinates": wide})
    assert (beyond.status_code, "territory" in beyond.json()["detail"]) == (403, True)
