"""What a decision would change is told before it is made, by what resolving answers; nothing is written by it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from gridsvc.index.geometry.partition import Partition, cut_shape
from gridsvc.index.shape import ground
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City
from tests.flows.test_dispute import CHIEF, CLERK, GROUND, PARKING, decide, lead, open_one

PARKS = {"code": "PARKS", "name": "District Parks Office"}
TWO_CELLS = {
    "type": "Polygon",
    "coordinates": [[[116.4005, 39.9], [116.402, 39.9], [116.402, 39.901], [116.4005, 39.901], [116.4005, 39.9]]],
}


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    return serve()


@pytest.fixture
def today(served: City) -> datetime:
    return served.services.settings.now()


def foresee(client: SignedInClient, number: int, day: datetime, etag: str | None = '"v1"', **more: Any) -> Any:
    body = {"geometry": GROUND, "datum": "WGS84", "categories": [PARKING], "department": "PARKS", "basis": "visit"}
    body = {**body, "decided_on": day.date().isoformat(), **more}
    headers = {} if etag is None else {"If-Match": etag}
    body = {name: value for name, value in body.items() if value is not None}
    return client.post(f"/api/v1/disputes/{number}/determine/preview", json=body, headers=headers)


def test_it_is_refused_as_deciding_is(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    assert foresee(chief, number, today).status_code == 403
    assert foresee(sign_in(served, AccountRole.COLLECTOR), number, today).status_code == 403
    assert foresee(clerk, number, today, None).status_code == 428
    assert foresee(clerk, number, today, '"v2"').status_code == 412
    assert foresee(clerk, number, today + timedelta(days=1)).status_code == 422
    elsewhere = {
        "type": "Polygon",
        "coordinates": [[[116.4, 39.9], [116.4002, 39.9], [116.4002, 39.9002], [116.4, 39.9]]],
    }
    assert foresee(clerk, number, today, geometry=elsewhere).status_code == 422


def test_it_tells_who_leads_now_and_from_then_on_and_writes_nothing(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    answer = foresee(clerk, number, today, geometry=TWO_CELLS)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["ground"]["cells"], told["written"], told["blocking"]) == (2, False, 0)
    assert told["ground"]["area_m2"] > 10_000
    [change] = told["ground"]["leads"]
    assert (change["before"]["code"], change["after"]) == (lead(chief)[0], PARKS)
    assert (change["categories"], change["cells"]) == ([PARKING], 2)
    [added] = told["added"]
    assert (added["key"], added["row"]["valid_from"]) == ("DET-0001", today.date().isoformat())
    assert lead(chief) == ("TRAFFIC", "COMPETENCE")
    assert served.services.store.state().roster_revision == 1
    assert clerk.get(f"/api/v1/disputes/{number}").json()["state"] == "OPEN"
    assert decide(clerk, number, today, geometry=TWO_CELLS).json()["determination"] == added["key"]
    assert lead(chief)[0] == change["after"]["code"]


def test_its_ground_is_cut_once(served: City, today: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting is most of the work of a wide ground."""
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    cuts: list[float] = []

    def counted(shape: BaseGeometry, *others: Any) -> Partition:
        cuts.append(shape.area)
        return cut_shape(shape, *others)

    monkeypatch.setattr(ground, "cut_shape", counted)
    whole = shapely.box(116.4011, 39.9001, 116.4019, 39.9019)  # in two cells, away from what was settled before
    assert foresee(clerk, number, today, geometry=shapely.geometry.mapping(whole)).status_code == 200
    assert [area for area in cuts if area == pytest.approx(whole.area)] == pytest.approx([whole.area])


def test_of_all_categories_it_tells_each_as_it_is_answered(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    leads = foresee(clerk, number, today, categories=[]).json()["ground"]["leads"]
    told = {key: change["before"]["code"] for change in leads for key in change["categories"]}
    assert len(told) == sum(len(change["categories"]) for change in leads) == 3
    middle = {"lon": 116.4015, "lat": 39.9005}
    assert told == {key: lead(chief, category=key, **middle)[0] for key in told}
    assert {change["after"]["code"] for change in leads} == {"PARKS"}


def test_what_was_settled_before_is_told_apart(served: City, today: datetime) -> None:
    """On half of the ground a younger decision stays above the new one; on the other half somebody else leads now."""
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    half = {
        "type": "Polygon",
        "coordinates": [[[116.401, 39.9], [116.4014, 39.9], [116.4014, 39.901], [116.401, 39.901], [116.401, 39.9]]],
    }
    row = {"department": "WATER", "geometry": half, "categories": [PARKING], "decided_on": today.date().isoformat()}
    changes = {"changes": [{"table": "determinations", "row": row}]}
    assert clerk.post("/api/v1/roster/changes", json=changes).status_code == 200
    before = foresee(clerk, number, today - timedelta(days=1)).json()["ground"]["leads"]
    assert [(each["before"]["code"], each["after"]["code"], each["cells"]) for each in before] == [
        ("TRAFFIC", "PARKS", 1),
        ("WATER", "WATER", 1),
    ]


def test_a_decision_that_is_over_changes_nothing_today(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    told = foresee(clerk, number, today - timedelta(days=2), valid_to=(today - timedelta(days=1)).date().isoformat())
    assert [(each["before"]["code"], each["after"]["code"]) for each in told.json()["ground"]["leads"]] == [
        ("TRAFFIC", "TRAFFIC")
    ]


def test_of_a_component_it_tells_its_own_category(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    cover = {"location": {"lon": 116.4005, "lat": 39.9005, "datum": "WGS84"}, "category": "COMPONENT_CJT214:0102"}
    component = "COMP_2_2_6:9901010102000001"
    number = open_one(chief, **cover, component=component)["number"]
    about = {"geometry": None, "datum": None, "component": component, "categories": []}
    told = foresee(clerk, number, today, **about)
    assert told.status_code == 200, told.text
    ground = told.json()["ground"]
    [change] = ground["leads"]
    assert (ground["cells"], change["after"], change["categories"]) == (1, PARKS, [cover["category"]])
    assert change["before"]["code"] != "PARKS"


def test_what_blocks_is_told_and_not_refused(served: City, today: datetime) -> None:
    chief, clerk = sign_in(served, CHIEF), sign_in(served, CLERK)
    number = open_one(chief)["number"]
    told = foresee(clerk, number, today, department="NOBODY").json()
    assert told["blocking"] == told["brought"] == 1
    assert told["issues"][0]["zh"]["message"]
