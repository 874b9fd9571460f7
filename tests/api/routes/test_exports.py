"""A layer exported by a job: for who may see it, with what they may see, fetched by nobody else."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from shapely import Point
from sqlalchemy import update

from api.jobs import exporting, uploads, worker
from gridsvc.model.accounts import AccountRole
from gridsvc.model.places import Key
from gridsvc.model.territory import Component
from gridsvc.store.work_tables import job
from tests.fixtures.accounts import SignedInClient, make_account, sign_in
from tests.fixtures.served_city import FIRST_EDITION, City, publish_territory
from tests.fixtures.tiny_city import COMPONENTS, tiny_territory

Serve = Callable[..., City]
URL = "/api/v1/editions/current/export"
WEST_GAS, EAST_GAS = "9901010111000001", "9901010111000002"


@pytest.fixture
def city(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> City:
    """A gas cover in the west, one in the east; jobs are done when the test says so."""
    monkeypatch.setattr("api.jobs.keeper.Keeper.run", lambda _self, stop: stop.wait())
    city = serve()
    covers = [
        Component("COMP_2_2_6", code, "Gas cover", Key(COMPONENTS, "0111"), Point(lon, 39.9005), "WATER")
        for code, lon in ((WEST_GAS, 116.4005), (EAST_GAS, 116.4025))
    ]
    tiny = tiny_territory()
    components = tuple(sorted((*tiny.components, *covers), key=lambda item: item.code))
    publish_territory(city.services.store, replace(tiny, components=components), FIRST_EDITION)
    city.services.serving.refresh()
    return city


def _export(city: City, client: SignedInClient, layer: str = "cells", ending: str = "geojson") -> str:
    """The address of the file of a job that was done."""
    begun = client.post(f"{URL}?layer={layer}&format={ending}")
    assert begun.status_code == 202, begun.text
    worker.work_off(city.services.store, city.services.settings)
    job = client.get(begun.headers["location"]).json()
    assert (job["state"], job["kind"]) == ("DONE", "EXPORT_LAYER"), job
    return f"{begun.headers['location']}/result"


def _codes(answer: httpx.Response) -> set[str]:
    document: Any = orjson.loads(answer.content)
    return {feature["properties"]["code"] for feature in document["features"]}


@pytest.mark.parametrize("query", ["", "?layer=cells", "?layer=people&format=csv", "?layer=cells&format=exe"])
def test_what_is_no_layer_or_format_is_refused(city: City, query: str) -> None:
    assert sign_in(city, AccountRole.STEWARD).post(URL + query).status_code == 422


def test_unknown_editions_and_datums_are_refused(city: City) -> None:
    client = sign_in(city, AccountRole.STEWARD)
    assert client.post("/api/v1/editions/9/export?layer=cells&format=csv").status_code == 404
    assert client.post(f"{URL}?layer=cells&format=csv&datum=MARS").status_code == 422


def test_only_who_may_see_a_layer_exports_it(city: City, serve: Serve) -> None:
    address = f"{URL}?layer=components&format=csv"
    assert sign_in(city, AccountRole.STEWARD).post(address).status_code == 403
    assert city.client.post(address).status_code == 401
    demo = serve(data_dir=city.services.settings.data_dir, demo=True, public_read=True)
    assert demo.client.post(address).status_code == 401


def test_a_token_exports_what_it_was_issued_for(city: City) -> None:
    client = sign_in(city, AccountRole.PLANNER)
    for actions, status in ((["READ_LAYERS"], 403), (["READ_JOBS"], 403), (["READ_LAYERS", "READ_JOBS"], 202)):
        body = {"name": "program", "actions": actions, "days": 1}
        token = {"Authorization": f"Bearer {client.post('/api/v1/tokens', json=body).json()['secret']}"}
        assert city.client.post(f"{URL}?layer=cells&format=csv", headers=token).status_code == status


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "fgb", "parquet", "zip", "csv"])
def test_file_is_fetched_whole_or_in_parts(city: City, ending: str) -> None:
    client = sign_in(city, AccountRole.STEWARD)
    address = _export(city, client, ending=ending)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="cells-e2.{ending}"'
    assert "no-store" in answer.headers["cache-control"]
    part = client.get(address, headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.content) == (206, answer.content[3:10])
    job = client.get(address.removesuffix("/result")).json()
    assert (job["result"]["bytes"], job["result"]["features"]) == (len(answer.content), len(tiny_territory().cells))


def test_job_tells_how_far_it_is(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client, cells = sign_in(city, AccountRole.STEWARD), len(tiny_territory().cells)
    monkeypatch.setattr(exporting, "TOLD_EACH", 4)
    told: list[tuple[int, int]] = []
    given = {"edition": 2, "layer": "cells", "format": "csv", "datum": "WGS84"}
    settings = city.services.settings
    exporting.write_export(given, 7, city.services.store, settings, lambda *figures: told.append(figures))
    assert told == [(4, 2 * cells), (8, 2 * cells), (cells, 2 * cells), (2 * cells, 2 * cells)]
    job = client.get(_export(city, client).removesuffix("/result")).json()
    assert (job["done"], job["total"]) == (2 * cells, 2 * cells)


def test_format_that_cannot_hold_the_layer_is_told(city: City) -> None:
    client = sign_in(city, AccountRole.STEWARD)
    begun = client.post(f"{URL}?layer=cells&format=xlsx").headers["location"]
    worker.work_off(city.services.store, city.services.settings)
    job = client.get(begun).json()
    assert (job["state"], job["result"].get("file")) == ("REFUSED", None)
    assert "workbook" in job["error"]


def test_file_is_its_askers_alone(city: City) -> None:
    steward = sign_in(city, AccountRole.STEWARD)
    address = _export(city, steward)
    for other in (sign_in(city, AccountRole.ADMIN), sign_in(city, AccountRole.PLANNER)):
        assert other.get(address).status_code == 404
    assert city.client.get(address).status_code == 401
    assert len(_codes(steward.get(address))) == 9


def test_components_are_those_that_the_asker_may_see(city: City) -> None:
    plain = {item.code for item in tiny_territory().components}
    seen = {
        AccountRole.PLANNER: ({}, {WEST_GAS, EAST_GAS}),
        AccountRole.DISPATCHER: ({"area": "990101001"}, {WEST_GAS}),
        AccountRole.ACCEPTOR: ({}, set()),
    }
    for role, (scope, guarded) in seen.items():
        client = sign_in(city, role, **scope)
        assert _codes(client.get(_export(city, client, "components"))) == plain | guarded


def test_a_token_without_the_right_gets_no_guarded_component(city: City) -> None:
    client = sign_in(city, AccountRole.PLANNER)
    body = {"name": "program", "actions": ["READ_COMPONENTS", "READ_JOBS"], "days": 1}
    token = {"Authorization": f"Bearer {client.post('/api/v1/tokens', json=body).json()['secret']}"}
    begun = city.client.post(f"{URL}?layer=components&format=geojson", headers=token)
    worker.work_off(city.services.store, city.services.settings)
    address = f"{begun.headers['location']}/result"
    assert WEST_GAS not in city.client.get(address, headers=token).text
    assert client.get(address).status_code == 403  # the planner may see more: a file of one's own is wanted


def test_who_lost_the_right_fetches_nothing(city: City) -> None:
    client = sign_in(city, AccountRole.DISPATCHER, area="990101001")
    address = _export(city, client, "components")
    for change in ({"area": "990101002"}, {"role": AccountRole.ACCEPTOR}, {"role": AccountRole.STEWARD}):
        account = make_account(city.services.store, AccountRole.DISPATCHER, area="990101001")
        with city.services.store.begin() as work:
            work.put_account(replace(account, **change))  # type: ignore[arg-type]
        city.client.app.state.callers.forget()
        assert client.get(address).status_code == 403


def test_job_that_makes_no_file_or_has_lost_it_says_so(city: City) -> None:
    client = sign_in(city, AccountRole.PLANNER)
    waiting = client.post(f"{URL}?layer=cells&format=csv").headers["location"]
    assert client.get(f"{waiting}/result").status_code == 404
    worker.work_off(city.services.store, city.services.settings)
    number = int(waiting.rpartition("/")[2])
    for file in uploads.result_folder(city.services.settings, number).iterdir():
        file.unlink()
    assert client.get(f"{waiting}/result").status_code == 404
    draft = client.post("/api/v1/drafts", json={}).json()["number"]
    check = client.post(f"/api/v1/drafts/{draft}/check").headers["location"]
    assert client.get(f"{check}/result").status_code == 404


def test_exports_of_a_day_are_counted(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_A_DAY", 2)
    client, address = sign_in(city, AccountRole.STEWARD), f"{URL}?layer=cells&format=csv"
    assert [client.post(f"{URL}?layer={layer}&format=csv").status_code for layer in ("areas", "places")] == [202, 202]
    refused = client.post(address)
    assert refused.status_code == 429
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_400
    assert sign_in(city, AccountRole.PLANNER).post(address).status_code == 202
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "DAY", timedelta(0))
        assert client.post(address).status_code == 202


def test_same_file_is_made_once(city: City) -> None:
    client = sign_in(city, AccountRole.DISPATCHER, area="990101001")
    address = f"{URL}?layer=components&format=geojson"
    first = client.post(address).json()["number"]
    assert client.post(address).json()["number"] == first
    worker.work_off(city.services.store, city.services.settings)
    again = client.post(address)
    assert (again.status_code, again.json()["number"], again.json()["state"]) == (202, first, "DONE")
    assert sign_in(city, AccountRole.PLANNER).post(address).json()["number"] != first
    assert client.post(f"{address}&datum=GCJ02").json()["number"] != first
    make_account(city.services.store, AccountRole.DISPATCHER, area="990101002")
    city.client.app.state.callers.forget()
    assert client.post(address).json()["number"] != first  # other components are to be seen now


def test_files_go_with_their_jobs(city: City) -> None:
    client = sign_in(city, AccountRole.STEWARD)
    address = _export(city, client)
    settings, store = city.services.settings, city.services.store
    old = settings.now().timestamp() - uploads.JOBS_KEPT.total_seconds() - 60
    os.utime(uploads.result_folder(settings, 1), (old, old))
    uploads.sweep(settings, store)
    assert client.get(address).status_code == 200
    with store._database.write() as connection:
        ended = settings.now() - uploads.JOBS_KEPT - timedelta(minutes=1)
        connection.execute(update(job).values(ended_at=ended))
    forgetting = city.client.app.state.forgetting
    while forgetting.forget():
        pass
    uploads.sweep(settings, store)
    assert not uploads.result_folder(settings, 1).exists()
    assert client.get(address).status_code == 404


def test_job_that_ended_lately_stays(city: City) -> None:
    client = sign_in(city, AccountRole.STEWARD)
    address = _export(city, client)
    settings, store = city.services.settings, city.services.store
    with store._database.write() as connection:
        connection.execute(update(job).values(ended_at=settings.now() - uploads.JOBS_KEPT + timedelta(minutes=1)))
    forgetting = city.client.app.state.forgetting
    while forgetting.forget():
        pass
    uploads.sweep(settings, store)
    assert client.get(address).status_code == 200
