"""Who is remembered as whom: nobody longer than until something changed, or than their own time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gridsvc.errors import NotReady
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import sign_in
from tests.fixtures.served_city import City

Serve = Callable[..., City]
SESSION = "/api/v1/session"


def _token(city: City) -> dict[str, str]:
    client = sign_in(city, AccountRole.PLANNER)
    body = {"name": "program", "actions": ["READ_DRAFTS"], "days": 1}
    return {"Authorization": f"Bearer {client.post('/api/v1/tokens', json=body).json()['secret']}"}


def test_what_was_being_read_while_a_token_was_revoked_is_not_kept(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = serve()
    token, store = _token(city), city.services.store
    find, begun, go_on = store.find_token, threading.Event(), threading.Event()

    def find_slowly(*given: Any) -> Any:
        found = find(*given)
        begun.set()
        go_on.wait(10)
        return found

    monkeypatch.setattr(store, "find_token", find_slowly)
    slow = threading.Thread(target=city.client.get, args=("/api/v1/drafts",), kwargs={"headers": token})
    slow.start()
    assert begun.wait(10)
    monkeypatch.setattr(store, "find_token", find)
    with store.begin() as work:
        work.revoke_token(1, city.services.settings.now())
    city.client.app.state.callers.forget()
    go_on.set()
    slow.join()
    assert city.client.get("/api/v1/drafts", headers=token).status_code == 401


def test_a_token_outlives_no_outage_beyond_its_own_end(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    city = serve()
    token, callers = _token(city), city.client.app.state.callers
    address = "/api/v1/resolve?lon=116.4005&lat=39.9005&datum=WGS84"
    assert city.client.get("/api/v1/drafts", headers=token).status_code == 200

    def gone(*_: object) -> None:
        raise NotReady("the database is gone")

    monkeypatch.setattr(city.services.store, "find_token", gone)
    [(name, known)] = [(name, known) for name, known in callers._known.items() if name.startswith("token")]
    callers._known[name] = replace(known, until=known.until - 60)
    assert city.client.get(address, headers=token).status_code == 403  # known, and not for this
    over = city.services.settings.now() - timedelta(seconds=1)
    callers._known[name] = replace(known, until=known.until - 60, expires_at=over)
    assert city.client.get(address, headers=token).status_code == 503
