"""One place over HTTP: refusals first, then the answer, then who may see what of it."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from gridsvc.model.people import Person
from gridsvc.model.roster import RosterChange
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City
from tests.fixtures.tiny_city import cell_code

AT = "2026-02-01T10:00:00+08:00"
INSIDE_A1 = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84", "at": AT}


def ask(client: Client, **changes: Any) -> Any:
    parameters = {name: value for name, value in (INSIDE_A1 | changes).items() if value is not None}
    return client.get("/api/v1/resolve", params=parameters)


REFUSED = {
    "no datum": ({"datum": None}, "unknown-datum", "never guessed"),
    "empty datum": ({"datum": ""}, "unknown-datum", "never guessed"),
    "unknown datum": ({"datum": "WGS85"}, "unknown-datum", "EPSG"),
    "misspelt parameter": ({"data": "WGS84"}, "invalid-parameters", "data"),
    "no lon": ({"lon": None}, "invalid-parameters", "lon"),
    "lon is a word": ({"lon": "east"}, "invalid-parameters", "lon"),
    "NaN": ({"lon": "nan"}, "invalid-location", "number"),
    "infinity": ({"lat": "inf"}, "invalid-location", "number"),
    "too large to be a number": ({"lon": "1e400"}, "invalid-location", "number"),
    "swapped axes": ({"lon": 39.9013, "lat": 116.4005}, "invalid-location", "swap"),
    "GCJ-02 outside China": ({"lon": 2.35, "lat": 48.85, "datum": "GCJ02"}, "invalid-location", "China"),
    "accuracy of nothing": ({"accuracy_m": 0}, "invalid-input", "accuracy"),
    "accuracy level of ours": ({"accuracy_m": 5, "accuracy_level": "0.5"}, "invalid-parameters", "accuracy_level"),
    "category without scheme": ({"category": "0102"}, "invalid-input", "SCHEME:CODE"),
    "unknown category": ({"category": "EVENT_CJT214:9999"}, "unknown-category", "9999"),
    "time without offset": ({"at": "2026-02-01T10:00:00"}, "invalid-input", "offset"),
    "unescaped plus": ({"at": "2026-02-01T10:00:00 08:00"}, "invalid-input", "%2B"),
    "no time at all": ({"at": "yesterday"}, "invalid-input", "instant"),
    "end of the calendar": ({"at": "9999-12-31T23:59:59-12:00"}, "invalid-input", "2200"),
    "beginning of the calendar": ({"at": "0001-01-01T00:00:00+14:00"}, "invalid-input", "1900"),
    "edition of nothing": ({"edition": 0}, "invalid-parameters", "edition"),
}


@pytest.mark.parametrize(("changes", "kind", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_question_is_refused_with_what_to_do(client: Client, changes: Any, kind: str, says: str) -> None:
    answer = ask(client, **changes)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == 422
    assert says.lower() in problem["detail"].lower()
    assert client.get(problem["type"]).status_code == 200


def test_outside_coverage_tells_the_nearest_cell(client: Client) -> None:
    answer = ask(client, lat=39.905)
    assert answer.status_code == 404
    problem = answer.json()
    assert problem["type"] == "/problems/outside-coverage"
    assert problem["nearest"]["code"] == cell_code("A2")
    assert problem["nearest"]["distance_m"] == pytest.approx(222, abs=2)
    assert problem["suspect_datum"] is None


def test_outside_coverage_suspects_the_datum(client: Client) -> None:
    """The city's own place as GCJ-02, declared as WGS84."""
    answer = ask(client, lon=116.4005 + 0.00624, lat=39.9013 + 0.0014)
    assert answer.status_code == 404
    assert answer.json()["suspect_datum"] == "GCJ02"


def test_before_the_first_edition_there_is_no_answer(client: Client) -> None:
    answer = ask(client, at="2025-12-31T23:59:59+08:00")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/no-edition"


@pytest.mark.parametrize(
    "changes", [{"edition": 9, "roster": 1}, {"edition": 1, "roster": 9}, {"edition": 9}, {"roster": 9}]
)
def test_what_is_not_there_cannot_be_reproduced(client: Client, changes: dict[str, int]) -> None:
    answer = ask(client, **changes)
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


def test_the_whole_answer(client: Client) -> None:
    answer = ask(client, category="EVENT_CJT214:0102")
    assert answer.status_code == 200
    document = answer.json()
    assert document["cell"]["code"] == cell_code("A1")
    assert document["match"] == "INSIDE"
    assert [area["code"] for area in document["areas"]] == ["990101", "990101001", "990101001001"]
    assert document["segment"]["code"] == "L-A"
    assert document["chief"]["name"] == "An Yi"
    assert [part["code"] for part in document["departments"] if part["part"] == "LEAD"] == ["WEST-CITY"]
    assert document["next_step"] == "DISPATCH"
    assert document["at"] == AT
    assert document["edition"] == document["roster"] == 1
    assert all(line["zh"] and line["en"] for line in document["trace"])


def test_an_answer_is_reproduced_to_the_byte(client: Client) -> None:
    first = ask(client)
    again = ask(client, edition=first.json()["edition"], roster=first.json()["roster"])
    assert again.content == first.content


@pytest.mark.parametrize("changes", [{"edition": 1}, {"roster": 1}, {"roster": 1, "at": None}])
def test_an_edition_or_a_roster_can_be_named_alone(client: Client, changes: dict[str, Any]) -> None:
    document = ask(client, **changes).json()
    assert document["edition"] == document["roster"] == 1
    assert document["cell"]["code"] == cell_code("A1")


def test_an_edition_named_alone_goes_with_the_latest_roster(serve: Callable[..., City]) -> None:
    city = serve(demo=True, public_read=True)
    services = city.services
    services.store.append_roster(
        [RosterChange("people", "P-NEW", Person(code="P-NEW", name="Zhao Xin"))], services.settings.now()
    )
    services.serving.refresh()
    assert ask(city.client, edition=1).json()["roster"] == 2
    assert ask(city.client, edition=1, roster=1).json()["roster"] == 1


def test_without_a_time_the_answer_is_of_now(client: Client) -> None:
    assert ask(client, at=None).json()["at"].endswith("+08:00")


def test_a_fix_in_another_datum_finds_the_same_cell(client: Client) -> None:
    answer = ask(client, lon=116.4005 + 0.00624, lat=39.9013 + 0.0014, datum="GCJ02", accuracy_m=30)
    assert answer.json()["cell"]["code"] == cell_code("A1")
    assert answer.json()["location"]["submitted"]["datum"] == "GCJ02"


def test_a_visitor_of_a_closed_city_has_to_sign_in(serve: Callable[..., City]) -> None:
    answer = ask(serve().client)
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/sign-in-required"
    assert "www-authenticate" in answer.headers


def test_in_public_only_chiefs_have_names(serve: Callable[..., City]) -> None:
    answer = ask(serve(public_read=True).client)
    assert answer.json()["chief"]["name"] == "An Yi"
    assert answer.json()["people"]
    assert all(person["name"] is None and person["phone"] is None for person in answer.json()["people"])
    for word in (b"Fu Liu", b"Gao Qi", b"000-00"):
        assert word not in answer.content


def test_head_is_answered_like_get_without_a_body(client: Client) -> None:
    answer = client.head("/api/v1/resolve", params=INSIDE_A1)
    assert answer.status_code == 200
    assert not answer.content


def test_keys_are_those_of_the_contract(client: Client) -> None:
    names = list(orjson.loads(ask(client).content))
    assert names == [
        *("location", "edition", "roster", "at", "flags", "cell", "match", "distance_m", "areas", "groups"),
        *("candidates", "outside_probability", "other_probability", "segment", "nearest_segment", "chief"),
        *("people", "departments", "next_step", "trace"),
    ]
