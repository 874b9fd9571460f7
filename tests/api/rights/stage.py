"""A served city with an account of every role in the west, and things in the west, in the east and of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
from shapely import Point

from api.bootstrap import open_store
from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from gridsvc.model.departments import Category, CategoryKind
from gridsvc.model.people import Assignment, Person, Post, Role, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.territory import Component, Place, PlaceKind
from gridsvc.model.work import Job, JobKind, JobState, Lease, Outcome
from tests.fixtures.accounts import SignedInClient, make_account
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import FIRST_EDITION, City, append_rows, publish_territory, start_city
from tests.fixtures.tiny_city import COMPONENTS, tiny_territory

WEST = "990101001"
GAS = Key(COMPONENTS, "0111")


class Where(StrEnum):
    """Where the thing lies that a right is tried on, seen from the asker."""

    INSIDE = "INSIDE"
    OUTSIDE = "OUTSIDE"
    OWN = "OWN"


LON = {Where.INSIDE: 116.4005, Where.OUTSIDE: 116.4025, Where.OWN: 116.4025}
"""What one made oneself lies outside: else nothing would tell it from the territory."""

GAS_COVER = {Where.INSIDE: "9901010111000001", Where.OUTSIDE: "9901010111000002"}
OFFICER = {Where.INSIDE: "P06", Where.OUTSIDE: "P08"}


@dataclass
class Stage:
    """The city, who asks, and what was put into it; `seed` is somebody of the whole city who recorded things."""

    city: City
    askers: dict[AccountRole, SignedInClient | Client]
    incidents: dict[tuple[AccountRole, Where], str] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    disputes: dict[tuple[AccountRole, Where], int] = field(default_factory=dict)
    draft: int = 0

    def ask(self, role: AccountRole, method: str, url: str, **given: Any) -> httpx.Response:
        """One request of a role."""
        return self.askers[role].request(method, url, **given)


def make_city(folder: Path) -> None:
    """The tiny city with a gas cover and an officer with a phone on either side."""
    tiny = tiny_territory()
    covers = [
        Component("COMP_2_2_6", code, "Gas cover", GAS, Point(LON[where], 39.9005), "WATER")
        for where, code in GAS_COVER.items()
    ]
    components = tuple(sorted((*tiny.components, *covers), key=lambda item: item.code))
    gas = Category(
        scheme=COMPONENTS, code="0111", kind=CategoryKind.COMPONENT, major="01", name="燃气井盖", name_en="gas cover"
    )
    east = Post(code="OFFICER-2", role=Role.GRID_OFFICER, target_kind=TargetKind.GROUP, target_code="D-0002")
    with open_store(Settings(data_dir=folder)) as store:
        append_rows(
            store,
            {
                "categories": [gas],
                "people": [Person(code="P08", name="Hu Ba", phone="000-0008")],
                "posts": [east],
                "assignments": [Assignment(code="A8", post="OFFICER-2", person="P08")],
            },
        )
        place = Place("PLACE_LOCAL", "PL-1", "Apricot Yard", PlaceKind.COMPOUND, Point(LON[Where.INSIDE], 39.9015))
    publish_territory(store, replace(tiny, components=components, places=(place,)), FIRST_EDITION)


def set_stage(folder: Path, **opening: bool) -> Iterator[Stage]:
    """Serve the city of a folder, with everybody signed in."""
    city = start_city(Settings(data_dir=folder, city_name="Tiny City", **opening))  # type: ignore[arg-type]
    stage = Stage(city, {AccountRole.VISITOR: city.client})
    store = city.services.store
    for role in AccountRole:
        if role is not AccountRole.VISITOR:
            make_account(store, role, area=WEST)
            stage.askers[role] = SignedInClient(city, role.lower())
    make_account(store, AccountRole.ACCEPTOR, "seed-acceptor")
    make_account(store, AccountRole.COLLECTOR, "seed-collector")
    _record(stage)
    _walk(stage)
    _work(stage)
    _issue(stage)
    _dispute(stage)
    stage.draft = store.create_draft(city.services.settings.now()).number
    yield stage
    city.client.__exit__(None, None, None)
    store.close()


def report(where: Where) -> dict[str, Any]:
    """The body of an incident."""
    location = {"lon": LON[where], "lat": 39.9015, "datum": "WGS84"}
    return {"location": location, "source": "HOTLINE_12345", "contact": {"name": "某人", "phone": "000-9999"}}


def _record(stage: Stage) -> None:
    seed = SignedInClient(stage.city, "seed-acceptor")
    for where in (Where.INSIDE, Where.OUTSIDE):
        answer = seed.post("/api/v1/incidents", json=report(where))
        assert answer.status_code == 201, answer.text
        for role in AccountRole:
            stage.incidents[role, where] = answer.json()["number"]
    for role in AccountRole:
        answer = stage.ask(
            role, "POST", "/api/v1/incidents", json=report(Where.OWN), headers={"Idempotency-Key": "own"}
        )
        if answer.status_code == 201:
            stage.incidents[role, Where.OWN] = answer.json()["number"]


def dispute(where: Where) -> dict[str, Any]:
    """The body of a dispute."""
    return {"location": {"lon": LON[where], "lat": 39.9015, "datum": "WGS84"}, "reason": "not ours"}


def _dispute(stage: Stage) -> None:
    seed = SignedInClient(stage.city, "seed-acceptor")
    for where in (Where.INSIDE, Where.OUTSIDE):
        answer = seed.post("/api/v1/disputes", json=dispute(where))
        assert answer.status_code == 201, answer.text
        for role in AccountRole:
            stage.disputes[role, where] = answer.json()["number"]
    for role in AccountRole:
        answer = stage.ask(role, "POST", "/api/v1/disputes", json=dispute(Where.OWN))
        if answer.status_code == 201:
            stage.disputes[role, Where.OWN] = answer.json()["number"]


def _walk(stage: Stage) -> None:
    seed = SignedInClient(stage.city, "seed-collector")
    now = stage.city.services.settings.now()
    walkers = [(role, [Where.OWN]) for role in AccountRole]
    for role, places in walkers:
        stage.ask(role, "POST", "/api/v1/fixes", json=fixes(places[0], now.isoformat()))
    for minutes, where in enumerate((Where.INSIDE, Where.OUTSIDE), start=1):
        at = (now - timedelta(minutes=minutes)).isoformat()
        assert seed.post("/api/v1/fixes", json=fixes(where, at)).status_code == 200


def fixes(where: Where, at: str) -> dict[str, Any]:
    """The body of a fix."""
    return {"datum": "WGS84", "fixes": [{"lon": LON[where], "lat": 39.9015, "at": at}]}


def _work(stage: Stage) -> None:
    """Jobs that have ended, so that no worker is started for them."""
    store, now = stage.city.services.store, stage.city.services.settings.now()
    until = now + timedelta(minutes=1)
    for login in ("seed-acceptor", *(role.lower() for role in AccountRole)):
        with store.begin() as work:
            job = Job(
                number=0, kind=JobKind.CHECK_DRAFT, state=JobState.WAITING, made_by=login, created_at=now, input={}
            )
            number = work.add_job(job).number
            work.take_job("stage", now, until)
            work.end_job(Lease(job=number, token="stage", until=until), Outcome(state=JobState.DONE), now)
        stage.jobs[login] = number


def _issue(stage: Stage) -> None:
    for role in AccountRole:
        body = {"name": "own", "actions": ["RESOLVE"], "days": 1}
        answer = stage.ask(role, "POST", "/api/v1/tokens", json=body)
        if answer.status_code == 201:
            stage.tokens[role.lower()] = answer.json()["number"]
