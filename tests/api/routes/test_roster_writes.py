"""Changing the roster over HTTP: versions, findings, territory, the log."""

from collections.abc import Callable
from typing import Any

import pytest

from gridsvc.model.accounts import AccountRole
from gridsvc.model.work import Topic
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City

CLERK = AccountRole.ROSTER_CLERK


@pytest.fixture
def served(serve: Callable[..., City]) -> City:
    return serve()


@pytest.fixture
def clerk(served: City) -> SignedInClient:
    return sign_in(served, CLERK)


def put(client: SignedInClient, place: str, document: dict[str, Any], etag: str | None = None) -> Any:
    headers = {} if etag is None else {"If-Match": etag}
    return client.request("PUT", f"/api/v1/{place}", json=document, headers=headers)


def seen(client: SignedInClient, place: str) -> tuple[dict[str, Any], str]:
    answer = client.get(f"/api/v1/{place}")
    return answer.json(), answer.headers["etag"]


def test_a_visitor_and_a_planner_may_not(served: City) -> None:
    assert served.client.post("/api/v1/people", json={"name": "X"}).status_code == 401
    assert sign_in(served, AccountRole.PLANNER).post("/api/v1/people", json={"name": "X"}).status_code == 403


def test_a_new_row_gets_a_code_and_is_read_back(served: City, clerk: SignedInClient) -> None:
    made = clerk.post("/api/v1/people", json={"name": "<i>Hu</i> 胡", "phone": "000-1234", "belongs_to": "WEST"})
    assert made.status_code == 201, made.text
    assert made.json()["code"] == "P-0001"
    assert made.headers["location"].endswith("/api/v1/people/P-0001")
    again, etag = seen(clerk, "people/P-0001")
    assert again == made.json()
    assert etag == made.headers["etag"] == '"r2"'
    assert clerk.post("/api/v1/people", json={"name": "Second"}).json()["code"] == "P-0002"
    taken = clerk.post("/api/v1/people", json={"name": "Third", "code": "P-0002"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/conflict")


def test_a_new_row_with_a_chinese_code_is_found_where_its_answer_says(clerk: SignedInClient) -> None:
    made = clerk.post("/api/v1/people", json={"name": "胡", "code": "东四-胡 1%"})
    assert made.status_code == 201, made.text
    assert clerk.get(made.headers["location"]).json() == made.json()


def test_a_key_that_was_taken_back_is_not_made_again(clerk: SignedInClient) -> None:
    etag = clerk.post("/api/v1/people", json={"name": "Hu"}).headers["etag"]
    gone = clerk.request("DELETE", "/api/v1/people/P-0001", headers={"If-Match": etag})
    assert gone.status_code == 204
    assert clerk.get("/api/v1/people/P-0001").status_code == 404
    assert clerk.post("/api/v1/people", json={"name": "Hu"}).json()["code"] == "P-0002"


def test_of_two_clerks_at_one_row_the_second_is_told(served: City, clerk: SignedInClient) -> None:
    row, etag = seen(clerk, "people/P01")
    assert put(clerk, "people/P01", row | {"name": "An"}).status_code == 428
    first = put(clerk, "people/P01", row | {"name": "An"}, etag)
    assert (first.status_code, first.json()["name"]) == (200, "An")
    second = put(clerk, "people/P01", row | {"name": "Ann"}, etag)
    assert (second.status_code, second.json()["current_etag"]) == (412, first.headers["etag"])
    assert seen(clerk, "people/P01") == (first.json(), first.headers["etag"])
    assert put(clerk, "people/P99", row | {"code": "P99"}, etag).status_code == 404
    assert put(clerk, "people/P01", row | {"code": "P02"}, etag).status_code == 422


def test_the_same_content_is_no_change(served: City, clerk: SignedInClient) -> None:
    row, etag = seen(clerk, "posts/CHIEF-WEST")
    same = put(clerk, "posts/CHIEF-WEST", row, etag)
    assert (same.status_code, same.headers["etag"], same.json()) == (200, etag, row)
    assert served.services.store.state().roster_revision == 1


def test_rows_of_other_things_keep_their_version(clerk: SignedInClient) -> None:
    row, etag = seen(clerk, "people/P01")
    assert clerk.post("/api/v1/people", json={"name": "Hu"}).status_code == 201
    assert put(clerk, "people/P01", row | {"name": "An"}, etag).status_code == 200


def test_a_finding_that_blocks_refuses_in_both_languages_and_writes_nothing(
    served: City, clerk: SignedInClient
) -> None:
    answer = clerk.post("/api/v1/posts", json={"role": "STEWARD", "target_kind": "segment", "target_code": "L-X"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/publish-refused")
    [issue] = answer.json()["issues"]
    assert issue["code"] == "POST_TARGET_UNKNOWN"
    assert "not on the map" in issue["en"]["message"]
    assert "不在地图上" in issue["zh"]["message"]
    assert served.services.store.state().roster_revision == 1
    _, etag = seen(clerk, "people/P04")
    gone = clerk.request("DELETE", "/api/v1/people/P04", headers={"If-Match": etag})
    assert gone.status_code == 409
    assert {issue["code"] for issue in gone.json()["issues"]} == {"ROW_PERSON_UNKNOWN"}


def test_a_second_lead_is_refused_and_an_old_fault_only_told(served: City, clerk: SignedInClient) -> None:
    lead = {"category": "EVENT_CJT214:0505", "area": "990101", "department": "PARKS", "part": "LEAD"}
    answer = clerk.post("/api/v1/competences", json=lead)
    assert [issue["code"] for issue in answer.json()["issues"]] == ["TWO_LEADS"]


def test_a_chief_post_has_one_holder(clerk: SignedInClient) -> None:
    answer = clerk.post("/api/v1/assignments", json={"post": "CHIEF-L-A", "person": "P07", "valid_from": "2030-01-01"})
    assert [issue["code"] for issue in answer.json()["issues"]] == ["TWO_HOLDERS"]
    steward = clerk.post("/api/v1/assignments", json={"post": "STEWARD-A", "person": "P01", "valid_from": "2030-01-01"})
    assert (steward.status_code, steward.json()["code"]) == (201, "STEWARD-A-2030-01-01")


def test_a_segment_has_one_lane_chief(clerk: SignedInClient) -> None:
    post = {"code": "SECOND", "role": "LANE_CHIEF", "target_kind": "segment", "target_code": "L-A"}
    assert clerk.post("/api/v1/posts", json=post | {"target_scheme": "STREET_LOCAL"}).status_code == 201
    answer = clerk.post("/api/v1/assignments", json={"post": "SECOND", "person": "P07", "valid_from": "2030-01-01"})
    assert (answer.status_code, [issue["code"] for issue in answer.json()["issues"]]) == (409, ["TWO_CHIEFS"])


def test_a_single_row_tells_which_findings_it_brings(clerk: SignedInClient) -> None:
    row, etag = seen(clerk, "competences/K1")
    assist = put(clerk, "competences/K1", row | {"part": "ASSIST"}, etag)
    assert (assist.status_code, assist.headers["gridsvc-findings"]) == (200, "NO_LEAD")
    lead = put(clerk, "competences/K1", row, assist.headers["etag"])
    assert (lead.status_code, "gridsvc-findings" in lead.headers) == (200, False)
    gone = clerk.request("DELETE", "/api/v1/competences/K1", headers={"If-Match": lead.headers["etag"]})
    assert (gone.status_code, gone.headers["gridsvc-findings"]) == (204, "NO_LEAD")


def test_an_ended_department_takes_no_new_rows(clerk: SignedInClient) -> None:
    row, etag = seen(clerk, "departments/DRAIN")
    assert put(clerk, "departments/DRAIN", row | {"valid_to": "2020-01-01"}, etag).status_code == 200
    lead = {"category": "EVENT_CJT214:0102", "area": "990101", "department": "DRAIN", "part": "LEAD"}
    answer = clerk.post("/api/v1/competences", json=lead)
    assert (answer.status_code, answer.json()["issues"][0]["code"]) == (409, "DEPARTMENT_ENDED")
    row, etag = seen(clerk, "departments/DRAIN")
    assert put(clerk, "departments/DRAIN", row | {"successor": "WATER"}, etag).status_code == 200
    told = clerk.post("/api/v1/roster/changes", json={"changes": [{"table": "competences", "row": lead}]})
    assert told.status_code == 200, told.text
    assert "DEPARTMENT_SUCCEEDED" in {issue["code"] for issue in told.json()["issues"]}


def test_shifts_of_one_post_that_overlap_are_told(clerk: SignedInClient) -> None:
    shift = {"post": "OFFICER-1", "starts_at": "2030-01-01T08:00:00+08:00", "ends_at": "2030-01-01T20:00:00+08:00"}
    later = shift | {"starts_at": "2030-01-01T19:00:00+08:00", "ends_at": "2030-01-02T08:00:00+08:00"}
    changes = [{"table": "shifts", "row": shift}, {"table": "shifts", "row": later}]
    answer = clerk.post("/api/v1/roster/changes", json={"changes": changes})
    assert [issue["code"] for issue in answer.json()["issues"]] == ["SHIFTS_OVERLAP"]
    assert len(answer.json()["added"]) == 2


def test_several_rows_are_one_revision_or_none(served: City, clerk: SignedInClient) -> None:
    person, etag = seen(clerk, "people/P01")
    changes = [
        {"table": "people", "key": "NEW", "row": {"code": "NEW", "name": "Hu"}},
        {"table": "people", "key": "P01", "row": person | {"name": "An"}, "etag": etag},
        {"table": "posts", "row": {"role": "STEWARD", "target_kind": "segment", "target_code": "L-X"}},
    ]
    assert clerk.post("/api/v1/roster/changes", json={"changes": changes}).status_code == 409
    assert served.services.store.state().roster_revision == 1
    changes[2]["row"]["target_code"] = "H-C"  # type: ignore[index]
    looked = clerk.post("/api/v1/roster/changes", json={"changes": changes, "preview": True}).json()
    assert (looked["written"], looked["roster"], len(looked["added"])) == (False, 1, 2)
    assert served.services.store.state().roster_revision == 1
    done = clerk.post("/api/v1/roster/changes", json={"changes": changes, "comment": "spring"}).json()
    assert (done["written"], done["roster"]) == (True, 2)
    assert {"people/NEW", "posts/STEWARD-H-C"} == {f"{item['table']}/{item['key']}" for item in done["added"]}
    [item] = done["changed"]
    assert (item["key"], item["fields"], item["before"]["name"], item["after"]["name"]) == (
        "P01",
        ["name"],
        "An Yi",
        "An",
    )
    assert clerk.post("/api/v1/roster/changes", json={"changes": changes[1:2]}).status_code == 412


def test_several_rows_need_the_version_that_was_seen(clerk: SignedInClient) -> None:
    row, _ = seen(clerk, "people/P01")
    changes = {"changes": [{"table": "people", "key": "P01", "row": row | {"name": "An"}}]}
    assert clerk.post("/api/v1/roster/changes", json=changes).status_code == 428
    assert clerk.post("/api/v1/roster/changes", json=changes, headers={"If-Match": "1"}).status_code == 422
    assert clerk.post("/api/v1/roster/changes", json=changes, headers={"If-Match": '"r0"'}).status_code == 412
    assert clerk.post("/api/v1/roster/changes", json=changes, headers={"If-Match": '"r1"'}).status_code == 200


def test_a_change_is_logged_without_phones_and_told(served: City, clerk: SignedInClient) -> None:
    row, etag = seen(clerk, "people/P01")
    put(clerk, "people/P01", row | {"phone": "000-9999"}, etag)
    store = served.services.store
    [entry] = [entry for _, entry in store.list_audit(before=None, limit=10) if entry.action == "CHANGE_ROSTER"]
    assert (entry.login, entry.target, entry.details["revision"]) == ("roster_clerk", "people/P01", 2)
    assert "000-" not in str(entry.details)
    assert entry.details["changes"][0]["before"]["name"] == "An Yi"  # type: ignore[index]
    *_, message = (message for message in store.list_messages(0, 100) if message.topic is Topic.ROSTER_CHANGED)
    assert message.body == {"revision": 2, "tables": ["people"], "keys": {"people": ["P01"]}, "areas": []}
    [newest, first] = store.list_row_history("people", "P01")
    assert (newest.made_by, first.made_by) == ("roster_clerk", None)


def test_who_changes_a_row_that_was_taken_back_meanwhile_is_told(served: City, clerk: SignedInClient) -> None:
    """It would come back as if it had never been taken back."""
    row, etag = seen(clerk, "people/P02")
    since = f'"r{served.services.store.state().roster_revision}"'
    gone = clerk.request("DELETE", "/api/v1/people/P02", headers={"If-Match": etag})
    assert gone.status_code == 409, "the tiny city needs P02"
    row, etag = clerk.post("/api/v1/people", json={"name": "Hu"}).json(), '"r2"'
    since = '"r2"'
    assert clerk.request("DELETE", f"/api/v1/people/{row['code']}", headers={"If-Match": etag}).status_code == 204
    change = {"table": "people", "key": row["code"], "row": row | {"name": "Hu Er"}}
    one = clerk.post("/api/v1/roster/changes", json={"changes": [change | {"etag": etag}]})
    assert (one.status_code, one.json()["current_etag"]) == (412, '"r3"')
    every = clerk.post("/api/v1/roster/changes", json={"changes": [change]}, headers={"If-Match": since})
    assert every.status_code == 412
    knowing = clerk.post("/api/v1/roster/changes", json={"changes": [change | {"etag": '"r3"'}]})
    assert knowing.status_code == 200, knowing.text


def test_a_look_at_what_would_change_is_a_reading_too(served: City, clerk: SignedInClient) -> None:
    change = {"table": "people", "key": "P05", "row": None, "etag": '"r1"'}
    asked = {"changes": [change], "preview": True}
    told = clerk.post("/api/v1/roster/changes", json=asked, headers={"X-Request-ID": "look-1"})
    assert told.json()["removed"][0]["row"]["name"]
    served.client.app.state.readings.flush()
    entries = [entry for _, entry in served.services.store.list_audit(before=None, limit=50, target="people")]
    read = {entry.action: entry.details for entry in entries if entry.request == "look-1"}
    assert read == {name: {"whose": ["P05"]} for name in ("READ_PHONES", "READ_STAFF")}
