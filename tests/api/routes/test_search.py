"""One box for everything, within the rights of whoever asks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from shapely import Point

from gridsvc.model.accounts import AccountRole
from gridsvc.model.territory import Place, PlaceKind, Territory
from tests.fixtures.accounts import sign_in
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City, publish_territory
from tests.fixtures.tiny_city import tiny_territory

COURT = Place("PLACE_LOCAL", "D1", "东四六条57号院", PlaceKind.COMPOUND, Point(116.4006, 39.9016), None, ("老染坊",))


CELL_NAMES = [f"柳溪社区{number:03}网格" for number in range(97, 106)]


@pytest.fixture
def public_city(serve: Callable[..., City]) -> City:
    """The tiny city with a place, its search built."""
    served = serve(public_read=True)
    publish_territory(
        served.services.store, replace(named_territory(), places=(COURT,)), datetime.now(UTC) - timedelta(seconds=1)
    )
    served.services.serving.refresh()
    served.client.app.state.search.refresh()
    return served


def named_territory() -> Territory:
    """The tiny city with cells called as cities call them."""
    city = tiny_territory()
    cells = zip(sorted(city.cells, key=lambda cell: cell.code), CELL_NAMES, strict=True)
    return replace(city, cells=tuple(replace(cell, name=name) for cell, name in cells))


def found(client: Any, q: str, **given: object) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/search", params={"q": q, **given})
    assert answer.status_code == 200, answer.text
    return [(item["kind"], item["code"]) for item in answer.json()["items"]]


def test_nobody_searches_a_city_that_is_not_public(serve: Callable[..., City]) -> None:
    assert serve().client.get("/api/v1/search?q=apricot").status_code == 401


@pytest.mark.parametrize(
    "query", ["", "?q=a&kinds=ship", "?q=a&limit=0", "?q=a&limit=51", f"?q={'a' * 101}", "?q=a&x=1"]
)
def test_wrong_questions_are_refused(public_city: City, query: str) -> None:
    assert public_city.client.get(f"/api/v1/search{query}").status_code == 422


def test_until_it_is_gathered_searching_says_so_and_resolving_goes_on(serve: Callable[..., City]) -> None:
    served = serve(public_read=True)
    served.client.app.state.search._things = None
    served.client.app.state.search.refresh = lambda: None
    answer = served.client.get("/api/v1/search?q=apricot")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")
    assert int(answer.headers["retry-after"]) > 0
    assert served.client.get("/api/v1/resolve?lon=116.4005&lat=39.9005&datum=WGS84").status_code == 200


def test_a_cell_is_found_by_its_name_and_a_few_by_how_theirs_begin(public_city: City) -> None:
    codes = sorted(cell.code for cell in tiny_territory().cells)
    for typed in ("柳溪社区097网格", "柳溪社区 ０９７ 网格", "柳溪社区097"):
        assert found(public_city.client, typed) == [("cell", codes[0])], typed
    assert found(public_city.client, "柳溪社区09") == [("cell", code) for code in codes[:3]]
    assert found(public_city.client, "柳溪社区10", kinds="cell") == [], "too many begin so"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("990101 001 001 001", ("cell", "990101001001001")),
        ("990101001001", ("area", "990101001001")),
        ("apricot lane", ("segment", "L-A")),
        ("apricot", ("area", "990101001001")),
        ("s-bc", ("segment", "S-BC")),
        ("West Subdist", ("area", "990101001")),
    ],
)
def test_a_visitor_finds_what_is_public(public_city: City, typed: str, first: tuple[str, str]) -> None:
    assert found(public_city.client, typed)[0] == first


@pytest.mark.parametrize(
    "typed", ["东四六条57号院", "东四六条57号", "dongsi liutiao 57", "dslt57", "东四６条５７号", "老染坊"]
)
def test_places_are_for_who_has_signed_in(public_city: City, typed: str) -> None:
    assert found(public_city.client, typed) == []
    assert found(sign_in(public_city, AccountRole.STEWARD), typed) == [("place", "D1")]


def test_what_is_common_among_streets_hides_no_place(serve: Callable[..., City]) -> None:
    street = tiny_territory().segments[0]
    streets = [replace(street, code=f"T{number}", name=f"东四第{number}街") for number in range(900)]
    served = serve(demo=True)
    crowded = replace(tiny_territory(), segments=tuple(streets), places=(COURT,))
    publish_territory(served.services.store, crowded, datetime.now(UTC) - timedelta(seconds=1))
    served.services.serving.refresh()
    served.client.app.state.search.refresh()
    assert found(served.client, "东四", kinds="place") == [("place", "D1")]


def test_an_error_is_forgiven_only_where_nothing_else_is_found(public_city: City) -> None:
    steward = sign_in(public_city, AccountRole.STEWARD)
    assert found(steward, "东四六条57号园") == [("place", "D1")]
    assert found(public_city.client, "apricut lane")[0] == ("segment", "L-A")
    assert {kind for kind, _ in found(steward, "apricot lane")} == {"segment"}


def test_whose_names_were_found_is_noted(public_city: City) -> None:
    inspector = sign_in(public_city, AccountRole.INSPECTOR)
    assert found(inspector, "An Yi")[0] == ("person", "P01")
    public_city.client.app.state.readings.flush()
    entries = [entry for _, entry in public_city.services.store.list_audit(before=None, limit=50)]
    assert [entry.details["whose"] for entry in entries if entry.action == "READ_STAFF"] == [["P01"]]


def test_a_person_is_found_with_what_they_answer_for_in_words(public_city: City) -> None:
    inspector = sign_in(public_city, AccountRole.INSPECTOR)
    [item] = inspector.get("/api/v1/search", params={"q": "An Yi", "kinds": "person"}).json()["items"]
    assert item["detail"] == "Apricot Lane"
    [post] = item["posts"]
    assert (post["role"], post["target_kind"], post["target_code"]) == ("LANE_CHIEF", "segment", "L-A")
    assert post["target_name"] == "Apricot Lane"
    assert found(inspector, "P01", kinds="person", limit=1) == [("person", "P01")]


def test_incidents_are_found_by_how_their_number_ends_within_rights(public_city: City) -> None:
    dispatcher = sign_in(public_city, AccountRole.DISPATCHER)
    place = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84"}
    report = {"location": place, "description": "x", "source": "HOTLINE_12345"}
    number = dispatcher.post("/api/v1/incidents", json=report).json()["number"]
    for typed in (number[-6:], number[-6:].lstrip("0"), "００１"):
        assert found(dispatcher, typed)[0] == ("incident", number), typed
    assert found(dispatcher, "000777", kinds="incident") == []
    elsewhere = sign_in(public_city, AccountRole.ACCEPTOR, area="990101002")
    assert found(elsewhere, number[-6:]) == found(public_city.client, number[-6:]) == []


def test_incidents_are_found_by_how_their_number_begins_and_by_whom_who_may_read_them(public_city: City) -> None:
    dispatcher = sign_in(public_city, AccountRole.DISPATCHER)
    place = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84"}
    report = {"location": place, "description": "57号院 2026", "source": "HOTLINE_12345"}
    made = dispatcher.post("/api/v1/incidents", json=report)
    assert made.status_code == 201, made.text
    number = made.json()["number"]
    for typed in (number, f" {number[:9]} ", number[:4], number.translate({ord("2"): "２"})):
        assert found(dispatcher, typed, kinds="incident") == [("incident", number)]
    assert found(dispatcher, "57号院", kinds="incident") == []
    elsewhere = sign_in(public_city, AccountRole.ACCEPTOR, area="990101002")
    assert found(elsewhere, number) == found(public_city.client, number) == []


def test_people_are_for_roles_that_see_staff(serve: Callable[..., City]) -> None:
    served = serve(public_read=True)
    served.client.app.state.search.refresh()
    assert found(served.client, "An Yi", kinds="person") == []
    demo = serve(public_read=True, demo=True)
    demo.client.app.state.search.refresh()
    assert ("person", "P01") in found(demo.client, "An Yi", kinds="person")


@pytest.mark.parametrize(
    ("typed", "datum", "details"),
    [
        ("116.4175,39.9288", None, ["WGS84", "GCJ02"]),
        ("116.4175,39.9288", "GCJ02", ["GCJ02"]),
        ("116.4175,39.9288 GCJ-02", "WGS84", ["GCJ02"]),
        ("39.9288N 116.4175E", "WGS84", ["WGS84"]),
        ("39.9288, 116.4175", "WGS84", ["WGS84; lat, lon?"]),
        ("2.35,48.85", None, ["WGS84"]),
    ],
)
def test_pasted_coordinates(client: Client, typed: str, datum: str | None, details: list[str]) -> None:
    client.app.state.search.refresh()
    given = {} if datum is None else {"datum": datum}
    items = client.get("/api/v1/search", params={"q": typed, "kinds": "coordinates", **given}).json()["items"]
    assert [item["detail"] for item in items] == details
    if details == ["WGS84"] and "116" in typed:
        assert (items[0]["lon"], items[0]["lat"]) == pytest.approx((116.4175, 39.9288))
    if details == ["GCJ02"]:
        assert 0.005 < 116.4175 - items[0]["lon"] < 0.008


def test_an_unknown_datum_is_refused(client: Client) -> None:
    client.app.state.search.refresh()
    assert client.get("/api/v1/search", params={"q": "116.4,39.9", "datum": "MARS"}).status_code == 422


def test_a_new_edition_is_searched_when_it_is_in_force(public_city: City) -> None:
    renamed = replace(COURT, name="新名一号院")
    store = public_city.services.store
    publish_territory(store, replace(tiny_territory(), places=(renamed,)), datetime.now(UTC) - timedelta(seconds=1))
    public_city.services.serving.refresh()
    public_city.client.app.state.search.refresh()
    steward = sign_in(public_city, AccountRole.STEWARD)
    assert found(steward, "新名1号") == [("place", "D1")]
    assert found(steward, "东四六条57号院") == []
