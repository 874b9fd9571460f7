"""Reading the audit log."""

from collections.abc import Callable

import pytest

from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
URL = "/api/v1/audit"


@pytest.mark.parametrize("query", ["before=0", "before=x", "limit=0", "limit=1001", "login=", "who=x"])
def test_a_bad_question_is_refused(serve: Serve, query: str) -> None:
    assert sign_in(serve(), AccountRole.INSPECTOR).get(f"{URL}?{query}").status_code == 422


def test_it_is_for_admins_and_inspectors_and_changed_by_nobody(serve: Serve) -> None:
    city = serve()
    assert city.client.get(URL).status_code == 401
    assert sign_in(city, AccountRole.PLANNER).get(URL).status_code == 403
    admin = sign_in(city, AccountRole.ADMIN)
    assert admin.get(URL).status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert admin.request(method, URL, json={}).status_code == 405


def test_pages_go_back_in_time_while_new_entries_come(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ADMIN)
    for role in (AccountRole.PLANNER, AccountRole.STEWARD, AccountRole.DISPATCHER):
        sign_in(city, role)
    first = client.get(f"{URL}?limit=2").json()
    sign_in(city, AccountRole.HANDLER)
    second = client.get(f"{URL}?limit=2&before={first['next_cursor']}").json()
    logins = [item["login"] for item in first["items"] + second["items"]]
    assert logins == ["dispatcher", "steward", "planner", "admin"]
    assert second["next_cursor"] is None
    assert [item["login"] for item in client.get(f"{URL}?login=steward").json()["items"]] == ["steward"]
    assert first["items"][0]["at"].endswith("+08:00")


def test_every_request_id_is_one_that_may_be_logged(serve: Serve) -> None:
    city = serve()
    client = sign_in(city, AccountRole.ADMIN)
    client.request("DELETE", "/api/v1/session", headers={"X-Request-ID": 'x" <b>' + "y" * 500})
    [entry] = [entry for _, entry in city.services.store.list_audit(before=None, limit=1)]
    assert entry.action == "SIGN_OUT"
    assert entry.request is not None
    assert len(entry.request) == 16
