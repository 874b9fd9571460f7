"""Answers that are kept: given again, or frozen with a case, they show what the asker of now may see, and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from gridsvc.model.accounts import AccountRole
from tests.api.access.test_guarded import GAS, WEST_GAS, gas_folder  # noqa: F401  a fixture
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City

PLACE = {"lon": 116.40051, "lat": 39.90051, "datum": "WGS84"}
REPORT = {"location": PLACE, "category": ":".join(GAS), "source": "HOTLINE_12345"}
DISPUTE = {"location": PLACE, "category": ":".join(GAS), "component": f"COMP_2_2_6:{WEST_GAS}", "reason": "not ours"}
KEY = {"Idempotency-Key": "k"}


@pytest.fixture
def city(gas_folder: Path, serve: Callable[..., City]) -> City:  # noqa: F811
    return serve(data_dir=gas_folder)


def bearer_of(client: SignedInClient, *actions: str) -> dict[str, str]:
    asked = {"name": "narrow", "actions": list(actions), "days": 1}
    return {"Authorization": "Bearer " + client.post("/api/v1/tokens", json=asked).json()["secret"]}


def people(answer: httpx.Response) -> list[dict[str, Any]]:
    return list(answer.json()["resolution"]["people"])


@pytest.mark.parametrize(
    ("url", "body", "action"),
    [("/api/v1/incidents", REPORT, "RECORD_INCIDENT"), ("/api/v1/disputes", DISPUTE, "DISPUTE")],
)
def test_given_again_to_a_narrower_token_it_shows_no_more_than_the_token_may_see(
    city: City, url: str, body: dict[str, Any], action: str
) -> None:
    dispatcher = sign_in(city, AccountRole.DISPATCHER, area="990101001")
    first = dispatcher.post(url, json=body, headers=KEY)
    assert first.status_code == 201, first.text
    assert WEST_GAS in first.text
    assert any(person["phone"] and person["name"] for person in people(first))
    narrow = bearer_of(dispatcher, action)
    again = city.client.post(url, json=body, headers=KEY | narrow)
    assert (again.status_code, again.json()["number"]) == (201, first.json()["number"])
    assert again.headers["idempotent-replayed"] == "true"
    assert WEST_GAS not in again.text
    assert {(person["name"], person["phone"]) for person in people(again)} == {(None, None)}
    own = dispatcher.post(url, json=body, headers=KEY)
    assert (own.content, own.headers["idempotent-replayed"]) == (first.content, "true")


def test_what_a_narrow_token_was_answered_it_is_answered_to_the_byte(city: City) -> None:
    narrow = bearer_of(sign_in(city, AccountRole.DISPATCHER, area="990101001"), "RECORD_INCIDENT")
    first, again = (city.client.post("/api/v1/incidents", json=REPORT, headers=KEY | narrow) for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)


def test_a_case_opens_no_phones_that_an_answer_there_does_not(city: City) -> None:
    """Whose department has a part in a matter may dispute it anywhere; that rings nobody of the place."""
    handler = sign_in(city, AccountRole.HANDLER, department="DRAIN")
    asked = f"/api/v1/resolve?lon={PLACE['lon']}&lat={PLACE['lat']}&datum=WGS84&category={':'.join(GAS)}"
    opened = handler.post("/api/v1/disputes", json=DISPUTE)
    assert opened.status_code == 201, opened.text
    kept = handler.get(f"/api/v1/disputes/{opened.json()['number']}")
    assert people(opened) == people(kept) == handler.get(asked).json()["people"]


def test_what_is_answered_again_is_not_counted_again(city: City) -> None:
    collector = sign_in(city, AccountRole.COLLECTOR)
    border = {"location": {"lon": 116.402, "lat": 39.9003, "datum": "WGS84"}, "source": "COLLECTOR"}
    for _ in range(3):
        assert collector.post("/api/v1/incidents", json=border, headers=KEY).status_code == 201
    assert city.client.get("/health/ready").json()["ties"] == {"WEST": 1}
    assert collector.post("/api/v1/incidents", json=border).status_code == 201
    assert city.client.get("/health/ready").json()["ties"] == {"WEST": 2}
