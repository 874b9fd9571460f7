"""Whoever is shut out hears nothing that comes after, whichever process did it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from api.live import answer as answering
from api.settings import Settings
from gridsvc.accounts import manage
from gridsvc.accounts.manage import Doer
from gridsvc.model.accounts import AccountRole, Caller
from tests.api.routes.listening import dispatcher, listen, tell
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.real_server import served_for_real
from tests.fixtures.served_city import City


@pytest.fixture
def city(city_folder: Path) -> Iterator[City]:
    with served_for_real(Settings(data_dir=city_folder, city_name="Tiny City")) as served:
        yield served


def _shut_out(client: SignedInClient, admin: SignedInClient, way: str, token: dict[str, Any]) -> httpx.Response:
    if way == "session":
        return client.request("DELETE", "/api/v1/session")
    if way == "token":
        return client.request("DELETE", f"/api/v1/tokens/{token['number']}")
    is_open, seen = way == "narrowed", admin.get("/api/v1/accounts/dispatcher")
    fields = ("name", "role", "area", "department", "person", "subject", "active")
    account = {name: seen.json()[name] for name in fields}
    account |= {"active": is_open, "area": "990101002" if is_open else None}
    headers = {"If-Match": seen.headers["etag"]}
    return admin.request("PUT", "/api/v1/accounts/dispatcher", json=account, headers=headers)


@pytest.mark.parametrize("way", ["account", "account of a token", "token", "session", "narrowed"])
def test_whoever_is_shut_out_hears_nothing_more(city: City, way: str) -> None:
    """From the moment that the change is answered: however young what the stream knows of its caller is."""
    client, admin = dispatcher(city), sign_in(city, AccountRole.ADMIN)
    token = client.post("/api/v1/tokens", json={"name": "x", "actions": ["READ_INCIDENTS"], "days": 1}).json()
    by_token = {"Authorization": f"Bearer {token['secret']}"}
    with listen(city, by_token if "token" in way else client.headers) as ear:
        ear.next()
        tell(city, "in time")
        assert ear.names(1) == ["in time"]
        ended = _shut_out(client, admin, way, token)
        assert ended.is_success, ended.text
        tell(city, "too late")
        tell(city, "elsewhere", areas=("990101002",))
        event = ear.next()
    heard = None if event is None else orjson.loads(event["data"])["name"]
    assert heard == ("elsewhere" if way == "narrowed" else None)


@pytest.mark.parametrize("way", ["token", "session", "account", "narrowed"])
def test_whoever_is_shut_out_by_another_process_hears_nothing_that_comes_after(city: City, way: str) -> None:
    """At the terminal, or by another worker: the change is in the database and nobody here is told of it."""
    client, store = dispatcher(city), city.services.store
    token = client.post("/api/v1/tokens", json={"name": "x", "actions": ["READ_INCIDENTS"], "days": 1}).json()
    headers = {"Authorization": f"Bearer {token['secret']}"} if way == "token" else client.headers
    doer = Doer(caller=Caller(), at=city.services.settings.now(), door="terminal")
    with listen(city, headers) as ear:
        ear.next()
        tell(city, "in time")
        assert ear.names(1) == ["in time"]
        if way == "token":
            manage.revoke_token(store, token["number"], doer)
        elif way == "session":
            with store.begin() as work:
                work.end_sessions_of("dispatcher")
        else:
            change = {"active": False} if way == "account" else {"area": "990101002"}
            manage.change_account(store, "dispatcher", lambda known: replace(known, **change), doer)
        tell(city, "too late")
        tell(city, "elsewhere", areas=("990101002",))
        event = ear.next()
    heard = None if event is None else orjson.loads(event["data"])["name"]
    assert heard == ("elsewhere" if way == "narrowed" else None)


def test_quiet_stream_ends_soon_after_its_token_was_revoked_at_the_terminal(city: City) -> None:
    client = dispatcher(city)
    token = client.post("/api/v1/tokens", json={"name": "x", "actions": ["READ_INCIDENTS"], "days": 1}).json()
    with listen(city, {"Authorization": f"Bearer {token['secret']}"}) as ear:
        ear.next()
        begun = time.monotonic()
        doer = Doer(caller=Caller(), at=city.services.settings.now(), door="terminal")
        manage.revoke_token(city.services.store, token["number"], doer)
        assert ear.next() is None
        assert time.monotonic() - begun < answering.HEARTBEAT_S / 2
