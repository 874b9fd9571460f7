"""Reading incidents: scope, filters, pages, who reported, and names of staff."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gridsvc.model.accounts import AccountRole
from gridsvc.model.people import Person
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.in_process import Client
from tests.fixtures.reports import URL, listed, send, serve_apart
from tests.fixtures.served_city import City, append_rows

Serve = Callable[..., City]


@pytest.fixture(scope="module")
def busy_city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[City]:
    """A served city with an incident of a collector in West, of a dispatcher in the park and in East."""
    for city in serve_apart(tmp_path_factory, tiny_database):
        send(sign_in(city, AccountRole.COLLECTOR), "A1")
        dispatcher = sign_in(city, AccountRole.DISPATCHER)
        send(dispatcher, "B2", category="EVENT_CJT214:0102", contact={"name": "张三", "phone": "555"})
        send(dispatcher, "C1", category="EVENT_CJT214:0505", source="HOTLINE_12345", address="100%_纯")
        yield city


@pytest.fixture(scope="module")
def dispatcher(busy_city: City) -> SignedInClient:
    """Somebody who may read everything there."""
    return SignedInClient(busy_city, "dispatcher")


@pytest.mark.parametrize(
    ("role", "scope", "seen"),
    [
        (AccountRole.DISPATCHER, {}, "321"),
        (AccountRole.DISPATCHER, {"area": "990101001"}, "21"),
        (AccountRole.DISPATCHER, {"area": "990101001001"}, "1"),
        (AccountRole.HANDLER, {"department": "TRAFFIC"}, "3"),
        (AccountRole.HANDLER, {"department": "PARKS"}, "2"),
        (AccountRole.HANDLER, {"department": "PARKS", "area": "990101002"}, ""),
        (AccountRole.COLLECTOR, {"login": "collector"}, "1"),
        (AccountRole.LANE_CHIEF, {"login": "dispatcher", "area": "990101001001"}, "321"),
        (AccountRole.STEWARD, {}, ""),
    ],
)
def test_the_scope_decides_about_lists_and_single_ones(
    busy_city: City, role: AccountRole, scope: dict[str, str], seen: str
) -> None:
    client = sign_in(busy_city, role, **{"login": "somebody", **scope})
    assert "".join(item["number"][-1] for item in listed(client)) == seen
    day = busy_city.services.settings.now().strftime("%Y%m%d")
    for last in "123":
        expected = 200 if last in seen else 403
        number = f"{day}-00000{last}"
        assert client.get(f"{URL}/{number}").status_code == expected
        assert client.get(f"{URL}/{number}/again").status_code == expected


def test_roles_without_the_right_and_visitors_read_none(busy_city: City) -> None:
    number = listed(SignedInClient(busy_city, "dispatcher"))[0]["number"]
    with Client(busy_city.client.app) as visitor:
        assert [visitor.get(url).status_code for url in (URL, f"{URL}/{number}")] == [401, 401]
    assert sign_in(busy_city, AccountRole.PLANNER).get(URL).status_code == 403
    client = SignedInClient(busy_city, "dispatcher")
    for unknown in ("20200101-000001", "%00", "x" * 1000, "²0200101-000001", number.replace("-", "-0")):
        assert client.get(f"{URL}/{unknown}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "EVENT_CJT214:0102"}, "2"),
        ({"source": "HOTLINE_12345"}, "3"),
        ({"state": "REPORTED"}, "321"),
        ({"subdistrict": "990101002"}, "3"),
        ({"bbox": "116.4,39.9,116.401,39.903"}, "1"),
        ({"mine": "true"}, "32"),
        ({"q": "六条"}, "321"),
        ({"q": "100%_"}, "3"),
        ({"q": "20"}, ""),
        ({"from": "2020-01-01T00:00:00+08:00", "to": "2020-02-01T00:00:00Z"}, ""),
        ({"limit": "1"}, "3"),
    ],
)
def test_lists_are_filtered(dispatcher: SignedInClient, query: dict[str, str], found: str) -> None:
    items = listed(dispatcher, **query)
    assert "".join(item["number"][-1] for item in items) == found
    assert all("resolution" not in item and "contact" not in item for item in items)


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "nan,0,1,1"},
        {"from": "2026-11-22"},
        {"state": "LOST"},
        {"cursor": "x"},
        {"cursor": "WyIyMDI2LTA0LTAxVDAyOjAwOjAwWiIsIDFlMzBd"},
        {"limit": "0"},
        {"limit": "1001"},
        {"q": "a\x00b"},
        {"subdistrict": "a\x00b"},
        {"category": "a:\x00"},
        {"q": "x" * 101},
        {"color": "red"},
        {"mine": "perhaps"},
    ],
)
def test_wrong_filters_are_422(dispatcher: SignedInClient, query: dict[str, str]) -> None:
    assert dispatcher.get(URL, params=query).status_code == 422


def test_pages_follow_each_other_while_new_ones_arrive(busy_city: City) -> None:
    client = SignedInClient(busy_city, "dispatcher")
    expected = [item["number"] for item in listed(client)]
    seen, cursor = [], None
    while True:
        page = client.get(URL, params={"limit": "1"} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        send(client)
    assert seen == expected


def test_who_reported_is_for_who_rings_back_and_reading_it_is_logged(busy_city: City) -> None:
    [number] = [
        item["number"] for item in listed(SignedInClient(busy_city, "dispatcher"), category="EVENT_CJT214:0102")
    ]

    def readings() -> list[tuple[str | None, str]]:
        entries = busy_city.services.store.list_audit(before=None, limit=100)
        return [(entry.login, entry.target) for _, entry in entries if entry.action == "READ_CONTACTS"]

    before = readings()
    inspector = sign_in(busy_city, AccountRole.INSPECTOR)
    answer = inspector.get(f"{URL}/{number}")
    assert answer.status_code == 200
    assert "contact" not in answer.json()
    assert "张三" not in answer.text
    assert readings() == before
    handler = sign_in(busy_city, AccountRole.HANDLER, department="PARKS")
    assert handler.get(f"{URL}/{number}").json()["contact"] == {"name": "张三", "phone": "555"}
    assert readings() == [("handler", number), *before]


def test_names_and_phones_of_staff_are_masked_by_role(busy_city: City) -> None:
    number = listed(sign_in(busy_city, AccountRole.COLLECTOR, login="collector"))[0]["number"]
    whole = SignedInClient(busy_city, "dispatcher").get(f"{URL}/{number}").json()["resolution"]
    assert [person["name"] for person in whole["people"]] == ["Fu Liu", "Gao Qi"]
    assert any(person["phone"] for person in whole["people"])
    masked = SignedInClient(busy_city, "collector").get(f"{URL}/{number}").json()["resolution"]
    assert [person["phone"] for person in masked["people"]] == [None, None]
    assert masked | {"people": None} == whole | {"people": None}


def test_reading_a_name_is_noted_beside_reading_a_phone(busy_city: City) -> None:
    services = busy_city.services
    append_rows(services.store, {"people": [Person(code="P06", name="Fu Liu")]})
    services.serving.refresh()
    dispatcher = SignedInClient(busy_city, "dispatcher")
    number = send(dispatcher).json()["number"]
    busy_city.client.app.state.readings.flush()
    latest = services.store.list_audit(before=None, limit=1)[0][0]
    noted = sign_in(busy_city, AccountRole.DUTY_CHIEF)
    people = noted.get(f"{URL}/{number}").json()["resolution"]["people"]
    assert [(person["person"], person["phone"] is None) for person in people] == [("P06", True), ("P07", False)]
    busy_city.client.app.state.readings.flush()
    entries = [entry for id_, entry in services.store.list_audit(before=None, limit=9) if id_ > latest]
    read = {entry.action: entry.details["whose"] for entry in entries if entry.target == "people"}
    assert read == {"READ_PHONES": ["P07"], "READ_STAFF": ["P06"]}
