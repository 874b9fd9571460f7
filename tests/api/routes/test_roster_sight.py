"""Nobody widens their own sight by a write: whom a clerk gives a post, they must have already."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from gridsvc.model.accounts import AccountRole
from gridsvc.model.people import Assignment, Person
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.served_city import City, append_rows

WEST = "990101001"
CLERK = AccountRole.ROSTER_CLERK
LATER = "2199-01-01"
HERE = "/api/v1/resolve?lon=116.4005&lat=39.9015&datum=WGS84"
POST = "STEWARD-A"


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    """Somebody of the west and of the east, two of whom nothing is said, one who comes to the west next century, and
    one who left it.
    """
    served = serve()
    people = [
        Person(code="W", name="Wu", phone="000-5551", belongs_to="WEST-CITY"),
        Person(code="E", name="Ermao", phone="000-5552", belongs_to="EAST"),
        Person(code="N", name="Ning", phone="000-5553"),
        Person(code="Q", name="Qiu"),
        Person(code="C", name="Chen", phone="000-5554", belongs_to="EAST"),
        Person(code="L", name="Lu", phone="000-5555", belongs_to="EAST"),
    ]
    coming = Assignment(code="COMING", post="OFFICER-1", person="C", valid_from=date(2199, 1, 1))
    left = Assignment(code="LEFT", post="OFFICER-1", person="L", valid_to=date(2026, 1, 2))
    append_rows(served.services.store, {"people": list(people), "assignments": [coming, left]})
    served.services.serving.refresh()
    return served


@pytest.fixture
def west(served: City) -> SignedInClient:
    return sign_in(served, CLERK, area=WEST)


@pytest.fixture
def east(served: City) -> SignedInClient:
    make_account(served.services.store, CLERK, "east", area="990101002")
    return SignedInClient(served, "east")


def phone(client: SignedInClient, person: str) -> str | None:
    shown: str | None = client.get(f"/api/v1/people/{person}").json()["phone"]
    return shown


def assign(client: SignedInClient, person: str, **more: str) -> httpx.Response:
    return client.post("/api/v1/assignments", json={"post": POST, "person": person, "valid_from": LATER, **more})


def give_holder(client: SignedInClient, person: str) -> httpx.Response:
    return client.post(f"/api/v1/posts/{POST}/holder", json={"person": person, "from": LATER})


def stand_in(client: SignedInClient, person: str) -> httpx.Response:
    return assign(client, "W", stand_in=person)


def replace(client: SignedInClient, person: str) -> httpx.Response:
    seen = client.get("/api/v1/assignments/A1")
    body, match = seen.json() | {"stand_in": person}, {"If-Match": seen.headers["etag"]}
    return client.request("PUT", "/api/v1/assignments/A1", json=body, headers=match)


def change(client: SignedInClient, person: str) -> httpx.Response:
    row = {"post": POST, "person": person, "valid_from": LATER}
    return client.post("/api/v1/roster/changes", json={"changes": [{"table": "assignments", "row": row}]})


def preview(client: SignedInClient, person: str) -> httpx.Response:
    row = {"post": POST, "person": person, "valid_from": LATER}
    body = {"changes": [{"table": "assignments", "row": row}], "preview": True}
    return client.post("/api/v1/roster/changes", json=body)


def import_file(client: SignedInClient, person: str) -> httpx.Response:
    file = f"code,post,person,valid_from\nNEW,{POST},{person},{LATER}\n"
    seen = client.get("/api/v1/posts", params={"limit": 1}).json()["roster"]
    headers = {"Content-Type": "text/csv", "If-Match": f'"r{seen}"'}
    return client.post("/api/v1/roster/import?table=assignments", content=file.encode(), headers=headers)


def shift(client: SignedInClient, person: str) -> httpx.Response:
    """Whoever a shift names on a post is answered for its place, with their own number."""
    hours = {"starts_at": "2026-01-02T00:00:00+08:00", "ends_at": "2099-01-02T00:00:00+08:00"}
    return client.post("/api/v1/shifts", json={"post": "OFFICER-1", "person": person, **hours})


def duty(client: SignedInClient, person: str) -> httpx.Response:
    """A shift of a department says who is rung for every post that its person holds."""
    hours = {"starts_at": "2026-01-02T00:00:00+08:00", "ends_at": "2099-01-02T00:00:00+08:00"}
    return client.post("/api/v1/shifts", json={"department": "WEST", "person": person, "phone": "000-6666", **hours})


WAYS = [assign, give_holder, stand_in, replace, change, preview, import_file, shift, duty]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_clerk_gives_no_post_to_who_is_not_theirs(
    served: City, west: SignedInClient, way: Callable[[SignedInClient, str], httpx.Response]
) -> None:
    for person, whom in (("E", "East Subdistrict Office"), ("N", "全市")):
        assert phone(west, person) is None
        refused = way(west, person)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed"), refused.text
        assert person in refused.json()["detail_zh"]
        assert whom in refused.json()["detail_zh"]
        assert phone(west, person) is None
        assert "000-555" not in west.get(HERE).text
    assert served.services.store.state().roster_revision == 2


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("person", ["W", "Q", "P06"])
def test_a_clerk_gives_posts_to_who_is_theirs_or_hides_nothing(
    west: SignedInClient, way: Callable[[SignedInClient, str], httpx.Response], person: str
) -> None:
    """Of a unit of their office, of nowhere and without a number, and an officer of theirs of whom no more is said."""
    assert way(west, person).is_success


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_whole_citys_clerk_gives_posts_to_everybody(
    served: City, way: Callable[[SignedInClient, str], httpx.Response]
) -> None:
    assert way(sign_in(served, CLERK), "E").is_success


def test_somebody_new_comes_with_their_post(west: SignedInClient) -> None:
    person = {"table": "people", "key": "NEW", "row": {"name": "Hu", "phone": "000-5556", "belongs_to": "WEST"}}
    held = {"table": "assignments", "row": {"post": POST, "person": "NEW", "valid_from": LATER}}
    assert west.post("/api/v1/roster/changes", json={"changes": [person, held]}).status_code == 200
    assert phone(west, "NEW") == "000-5556"


def test_somebody_who_is_not_there_is_a_finding(west: SignedInClient) -> None:
    assert assign(west, "NOBODY").json()["type"] == "/problems/publish-refused"


@pytest.mark.parametrize(
    ("code", "dates", "status"),
    [
        ("COMING", {"valid_from": "2026-01-01"}, 403),
        ("COMING", {"valid_from": None}, 403),
        ("LEFT", {"valid_to": None}, 403),
        ("COMING", {"post": POST}, 403),
        ("COMING", {"valid_to": "2200-01-01"}, 200),
        ("LEFT", {"valid_to": "2026-01-01"}, 200),
    ],
)
def test_an_assignment_of_somebody_elses_is_shortened_only(
    west: SignedInClient, code: str, dates: dict[str, Any], status: int
) -> None:
    seen = west.get(f"/api/v1/assignments/{code}")
    body, match = seen.json() | dates, {"If-Match": seen.headers["etag"]}
    assert west.request("PUT", f"/api/v1/assignments/{code}", json=body, headers=match).status_code == status
    assert phone(west, body["person"]) is None


def test_an_assignment_of_somebody_elses_is_taken_back(west: SignedInClient) -> None:
    match = {"If-Match": west.get("/api/v1/assignments/COMING").headers["etag"]}
    assert west.request("DELETE", "/api/v1/assignments/COMING", headers=match).status_code == 204


def test_posts_count_for_numbers_while_they_are_held(served: City, west: SignedInClient) -> None:
    """In the roster, and in an answer about a coming day."""
    held = {"post": "OFFICER-1", "person": "E", "valid_from": "2026-01-02", "valid_to": "2198-01-01"}
    make_account(served.services.store, CLERK, "whole")
    whole = SignedInClient(served, "whole")
    assert whole.post("/api/v1/assignments", json=held).status_code == 201
    assert (phone(west, "E"), phone(west, "C"), phone(west, "L")) == ("000-5552", None, None)
    coming = HERE + "&at=2199-06-01T00:00:00%2B08:00"
    for client, shown in ((west, None), (whole, "000-5554")):
        people = {person["person"]: person for person in client.get(coming).json()["people"]}
        assert (people["C"]["phone"], people["P06"]["phone"]) == (shown, "000-0006")


def set_away(client: SignedInClient, person: str, start: str | None, end: str | None) -> httpx.Response:
    return client.post("/api/v1/absences", json={"person": person, "valid_from": start, "valid_to": end})


def test_who_held_a_post_here_once_is_not_set_absent_by_its_clerk(west: SignedInClient) -> None:
    """L left in January."""
    assert set_away(west, "L", "2026-11-01", "2027-01-01").status_code == 403
    assert set_away(west, "L", "2026-01-01", "2027-01-01").status_code == 403
    assert set_away(west, "L", "2025-12-01", "2026-01-02").status_code == 201


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2198-12-31", "2199-02-01", 403),
        ("2028-12-01", None, 403),
        (None, None, 403),
        ("2199-01-01", "2199-02-01", 201),
        ("2199-01-01", None, 201),
    ],
)
def test_somebody_elses_is_set_absent_on_the_days_of_their_posts_here(
    west: SignedInClient, start: str | None, end: str | None, status: int
) -> None:
    """C comes next century. The table of a file and a preview are held against the same."""
    assert set_away(west, "C", start, end).status_code == status
    file = f"code,person,valid_from,valid_to\nX,C,{start or ''},{end or ''}\n"
    sent = west.post("/api/v1/roster/preview?table=absences", content=file, headers={"Content-Type": "text/csv"})
    assert sent.status_code == (403 if status == 403 else 200)


def test_on_which_days_and_whom_to_ask_is_said(served: City, west: SignedInClient) -> None:
    west_too = Assignment(code="AGAIN", post=POST, person="L", valid_from=date(2027, 1, 1), valid_to=date(2027, 2, 1))
    append_rows(served.services.store, {"assignments": [west_too]})
    served.services.serving.refresh()
    told = set_away(west, "L", "2025-12-01", "2028-01-01").json()
    assert "on these days only: through 2026-01-01, 2027-01-01 through 2027-01-31. " in told["detail"]
    assert "the roster clerk of" not in told["detail"]
    assert "仅在以下日期于您的辖区任职：至 2026-01-01、2027-01-01 至 2027-01-31。" in told["detail_zh"]
    office = "East Subdistrict Office"
    assert f"for a roster clerk of {office} or of the whole city" in told["detail"]
    assert f"请联系{office}或全市的名册员办理" in told["detail_zh"]
    assert "自 2199-01-01 起" in set_away(west, "C", None, None).json()["detail_zh"]


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ({"valid_to": "2199-06-01"}, 200),
        ({"valid_to": "2200-06-01"}, 200),
        ({"valid_to": "2198-06-01"}, 403),
        ({"valid_from": "2199-03-01"}, 403),
        ({"valid_from": "2197-03-01"}, 403),
        ({"person": "L"}, 403),
        ({}, 200),
    ],
)
def test_what_somebody_elses_clerk_said_is_changed_on_days_of_posts_here_alone(
    east: SignedInClient, west: SignedInClient, days: dict[str, str], status: int
) -> None:
    """C is away from 2198 to 2200 by their own clerk."""
    made = set_away(east, "C", "2198-01-01", "2200-01-01")
    assert made.status_code == 201
    path, match = f"/api/v1/absences/{made.json()['code']}", {"If-Match": made.headers["etag"]}
    assert west.request("PUT", path, json=made.json() | days, headers=match).status_code == status


def test_what_somebody_elses_clerk_said_is_taken_back_within_those_days_alone(
    east: SignedInClient, west: SignedInClient
) -> None:
    for start, status in (("2198-06-01", 403), ("2199-06-01", 204)):
        made = set_away(east, "C", start, "2200-01-01")
        path, match = f"/api/v1/absences/{made.json()['code']}", {"If-Match": made.headers["etag"]}
        assert west.request("DELETE", path, headers=match).status_code == status


def test_ones_own_are_set_absent_whenever(west: SignedInClient) -> None:
    assert set_away(west, "W", None, None).status_code == 201
