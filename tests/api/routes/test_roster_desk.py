"""The desk beside single rows: handing a post over, vacancies, the matrix of LEADs, the log of a row, findings."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import City

HOLDER = "/api/v1/posts/CHIEF-L-A/holder"


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    return serve()


@pytest.fixture
def clerk(served: City) -> SignedInClient:
    return sign_in(served, AccountRole.ROSTER_CLERK)


def chief_on(clerk: SignedInClient, day: str) -> tuple[str, str | None]:
    asked = {"lon": 116.4005, "lat": 39.9013, "datum": "WGS84", "at": f"{day}T09:00:00+08:00"}
    chief = clerk.get("/api/v1/resolve", params=asked).json()["chief"]
    return chief["person"], chief["stand_in_for"]


def test_a_holder_changes_from_a_day_on_and_is_answered_at_once(clerk: SignedInClient) -> None:
    given = clerk.post(HOLDER, json={"person": "P03", "from": "2026-12-01", "stand_in": "P07"})
    assert given.status_code == 200, given.text
    [ended] = given.json()["ended"]
    assert (ended["code"], ended["valid_to"]) == ("A1", "2026-12-01")
    begun = given.json()["assignment"]
    assert (begun["code"], begun["valid_from"], begun["stand_in"]) == ("CHIEF-L-A-2026-12-01", "2026-12-01", "P07")
    assert chief_on(clerk, "2026-11-30") == ("P01", None)
    assert chief_on(clerk, "2026-12-01") == ("P03", None)


def test_the_second_clerk_who_gives_a_post_away_has_to_look(clerk: SignedInClient) -> None:
    assert clerk.post(HOLDER, json={"person": "P03", "from": "2026-12-01"}).status_code == 200
    again = clerk.post(HOLDER, json={"person": "P04", "from": "2026-12-01"})
    assert (again.status_code, again.json()["assignment"]) == (409, "CHIEF-L-A-2026-12-01")
    stale = clerk.post(HOLDER, json={"person": "P04", "from": "2027-01-01"}, headers={"If-Match": '"r1"'})
    assert stale.status_code == 412


def test_a_handover_is_previewed_by_what_then_writes_it(clerk: SignedInClient) -> None:
    asked = {"person": "P03", "from": "2026-12-01", "comment": "moved house"}
    planned = clerk.post(HOLDER, json={**asked, "preview": True}, headers={"If-Match": '"r1"'})
    assert planned.status_code == 200, planned.text
    assert clerk.get("/api/v1/assignments/A1").json()["valid_to"] is None
    assert clerk.get("/api/v1/assignments/CHIEF-L-A-2026-12-01").status_code == 404
    written = clerk.post(HOLDER, json=asked, headers={"If-Match": '"r1"'}).json()
    assert planned.json() == written | {"roster": 1, "written": False}
    [changed], [added] = written["changed"], written["added"]
    assert (changed["key"], changed["fields"], added["row"]) == ("A1", ["valid_to"], written["assignment"])
    [newest, _] = clerk.get("/api/v1/roster/history?table=assignments&key=A1").json()["items"]
    assert newest["comment"] == "moved house"


def test_a_preview_of_a_handover_tells_what_would_block_it(clerk: SignedInClient) -> None:
    nobody = {"person": "P99", "from": "2026-12-01"}
    planned = clerk.post(HOLDER, json={**nobody, "preview": True}).json()
    assert planned["blocking"] == planned["brought"] == 1
    refused = clerk.post(HOLDER, json=nobody)
    assert (refused.status_code, refused.json()["issues"]) == (409, planned["issues"][:1])
    for wrong in ({**nobody, "preview": "yes"}, {**nobody, "preview": 1}):
        assert clerk.post(HOLDER, json=wrong).status_code == 422
    taken = {"person": "P03", "from": "2026-12-01", "preview": True}
    assert clerk.post("/api/v1/posts/NONE/holder", json=taken).status_code == 404
    assert clerk.post(HOLDER, json=taken, headers={"If-Match": '"r0"'}).status_code == 412


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("/api/v1/posts/NONE/holder", {"person": "P03", "from": "2026-12-01"}, 404),
        (HOLDER, {"person": "P99", "from": "2026-12-01"}, 409),
        (HOLDER, {"person": "P03", "from": "2026-12-01", "replaces": "A9"}, 404),
        (HOLDER, {"person": "P03"}, 422),
    ],
)
def test_a_handover_that_cannot_be(clerk: SignedInClient, address: str, body: dict[str, str], status: int) -> None:
    assert clerk.post(address, json=body).status_code == status


def test_vacant_posts_say_who_held_them_and_who_comes(clerk: SignedInClient) -> None:
    page = clerk.get("/api/v1/roster/vacancies?at=2026-07-01").json()
    [vacancy] = page["items"]
    assert (vacancy["post"]["code"], vacancy["state"], vacancy["target_name"]) == (
        "CHIEF-S-BC",
        "VACANT",
        "Border Street",
    )
    assert (vacancy["last"]["code"], vacancy["next"]) == ("A2", None)
    assert clerk.get("/api/v1/roster/vacancies?at=2026-05-31").json()["items"] == []
    assert clerk.get("/api/v1/roster/vacancies?at=2026-07-01&area=990101002").json()["items"] == []


def test_a_holder_who_is_away_without_a_stand_in_leaves_a_vacancy(clerk: SignedInClient) -> None:
    away = {"person": "P04", "valid_from": "2026-07-01", "valid_to": "2026-07-03"}
    assert clerk.post("/api/v1/absences", json=away).json()["code"] == "AWAY-P04-2026-07-01"
    found = {v["post"]["code"]: v for v in clerk.get("/api/v1/roster/vacancies?at=2026-07-02").json()["items"]}
    assert (found["CHIEF-WEST"]["state"], found["CHIEF-WEST"]["absent"]) == ("ABSENT", ["P04"])
    first = clerk.get("/api/v1/roster/vacancies?at=2026-07-02&limit=1").json()
    rest = clerk.get(f"/api/v1/roster/vacancies?at=2026-07-02&limit=1&cursor={first['next_cursor']}").json()
    assert [page["items"][0]["post"]["code"] for page in (first, rest)] == ["CHIEF-S-BC", "CHIEF-WEST"]


def test_the_matrix_tells_who_leads_and_where_nobody_does(client: Client) -> None:
    matrix = client.get("/api/v1/roster/coverage").json()
    by_category = {row["category"]: row for row in matrix["categories"]}
    parking = by_category["EVENT_CJT214:0505"]
    assert [(cell["department"], cell["part"], cell["areas"]) for cell in parking["cells"]] == [
        ("TRAFFIC", "LEAD", ["990101"]),
        ("WEST", "ASSIST", ["990101001"]),
    ]
    assert parking["gaps"] == []
    assert by_category["EVENT_CJT214:0102"]["gaps"] == [{"area": "990101", "name": "Lakeside District", "areas": 3}]
    assert {department["name"] for department in matrix["departments"]} == {
        "District Traffic Police",
        "West Subdistrict Office",
    }


def test_a_row_tells_its_history(clerk: SignedInClient) -> None:
    clerk.post(HOLDER, json={"person": "P03", "from": "2026-12-01"})
    newest, first = clerk.get("/api/v1/roster/history?table=assignments&key=A1").json()["items"]
    assert (newest["revision"], newest["made_by"], newest["row"]["valid_to"]) == (2, "roster_clerk", "2026-12-01")
    assert (first["revision"], first["made_by"], first["row"]["valid_to"]) == (1, None, None)
    assert newest["at"].endswith("+08:00")
    assert clerk.get("/api/v1/roster/history?table=assignments&key=ZZ").status_code == 404
    assert clerk.get("/api/v1/roster/history?table=kings&key=A1").status_code == 422


def test_findings_of_the_roster_are_listed(client: Client) -> None:
    items = client.get("/api/v1/roster/issues").json()["items"]
    assert {item["code"] for item in items} == {"NO_LEAD"}


def test_what_posts_are_about_has_names_and_outlines(served: City) -> None:
    """Officers hold groups of cells, which no layer draws."""
    clerk = sign_in(served, AccountRole.ROSTER_CLERK)
    new = {"code": "LOST", "role": "STEWARD", "target_kind": "group", "target_code": "D-0001"}
    assert clerk.post("/api/v1/posts", json=new).status_code == 201
    first = clerk.get("/api/v1/roster/targets?limit=2").json()
    rest = clerk.get(f"/api/v1/roster/targets?cursor={first['next_cursor']}").json()
    names = {item["post"]: item["name"] for item in [*first["items"], *rest["items"]]}
    posts = {item["code"]: item for item in clerk.get("/api/v1/posts").json()["items"]}
    assert names.keys() == posts.keys()
    assert names["CHIEF-WEST"] == "West Subdistrict"
    kinds = {}
    for code, post in posts.items():
        feature = clerk.get(f"/api/v1/posts/{code}/target").json()
        assert feature["properties"] == {"post": code, "code": post["target_code"], "name": names[code]}
        kinds[post["target_kind"]] = feature["geometry"]["type"]
    assert kinds["segment"] == "LineString"
    assert {kinds["group"], kinds["area"]} <= {"Polygon", "MultiPolygon"}
    assert clerk.get("/api/v1/posts/NOBODY/target").status_code == 404
    assert served.client.get("/api/v1/roster/targets").status_code == 401


def test_the_tree_of_areas_comes_without_outlines(clerk: SignedInClient) -> None:
    told = clerk.get("/api/v1/roster/areas").json()
    assert (told["edition"], len(told["items"])) == (1, 6)
    lakeside = {"code": "990101", "name": "Lakeside District", "level": "DISTRICT", "parent": None}
    assert told["items"][0] == lakeside


def test_long_lists_are_packed_for_who_takes_that(clerk: SignedInClient) -> None:
    rows = [{"table": "people", "key": f"Q{n:03d}", "row": {"code": f"Q{n:03d}", "name": "某某"}} for n in range(60)]
    assert clerk.post("/api/v1/roster/changes", json={"changes": rows}).status_code == 200
    plain = clerk.get("/api/v1/people?limit=1000", headers={"Accept-Encoding": "identity"})
    packed = clerk.get("/api/v1/people?limit=1000", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == (
        "gzip",
        "Accept, Accept-Encoding, Cookie, Authorization",
    )
    assert packed.json() == plain.json()


def test_who_answers_for_the_posts_of_somebody_away_is_told_before_it_is_written(clerk: SignedInClient) -> None:
    """The resolver answers as it was told."""
    days = {"valid_from": "2098-12-01", "valid_to": "2098-12-08"}
    body = {"changes": [{"table": "absences", "row": {"person": "P01", **days}}]}
    told = clerk.post("/api/v1/roster/changes", json={**body, "preview": True}).json()["passed_on"]
    assert told == [{"person": "P01", "to_stand_in": 1, "to_next_level": 0, "shared": 0}]
    assert clerk.post("/api/v1/roster/changes", json=body).json()["passed_on"] == []
    assert chief_on(clerk, "2098-12-01")[1] == "P01"
    other = {"changes": [{"table": "people", "row": {"code": "Q", "name": "Q"}}], "preview": True}
    assert clerk.post("/api/v1/roster/changes", json=other).json()["passed_on"] == []


def test_of_whom_it_is_too_much_to_count_who_answers_is_told(clerk: SignedInClient) -> None:
    """A file whose every row would take looking at all of them again, for every day on which one begins or ends."""
    days = [date(2027, 1, 1) + timedelta(number) for number in range(1_500)]
    rows = [f"AWAY-{day},P01,{day},{day + timedelta(20_000)}" for day in days]
    file = "\n".join(["code,person,valid_from,valid_to", *rows, "AWAY-P04,P04,2098-12-01,2098-12-08"])
    told = clerk.post("/api/v1/roster/preview?table=absences", content=file, headers={"Content-Type": "text/csv"})
    assert told.status_code == 200, told.text
    seen = told.json()
    assert ([one["person"] for one in seen["passed_on"]], seen["passed_on_uncounted"]) == (["P04"], 1)
    assert len(seen["added"]) == 1_501
