"""Who answers for which cells: a cell's own body, else its subdistrict's department, else the area itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from api.bootstrap import open_store
from api.settings import Settings
from gridsvc.model.departments import Axis, Department, DepartmentLevel
from gridsvc.model.roster import RosterChange
from tests.fixtures.in_process import Client
from tests.fixtures.served_city import FIRST_EDITION, City, publish_territory
from tests.fixtures.tiny_city import COMMUNITY, tiny_territory

BODIES = "/api/v1/bodies"


@pytest.mark.parametrize("query", ["edition=9", "roster=99", "at=yesterday", "edition=0", "colour=red"])
def test_what_is_not_there_is_refused(client: Client, query: str) -> None:
    answer = client.get(f"{BODIES}?{query}")
    assert answer.status_code in {400, 404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_each_cell_has_the_office_of_its_subdistrict(client: Client) -> None:
    answer = client.get(BODIES)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= set(answer.headers["vary"].split(", "))
    document = answer.json()
    assert (document["edition"], document["roster"]) == (1, 1)
    assert document["bodies"] == [
        {"code": "EAST", "name": "East Subdistrict Office", "cells": 3},
        {"code": "WEST", "name": "West Subdistrict Office", "cells": 6},
    ]
    assert document["grounds"] == [
        {"responsible_body": None, "area": area, "body": body}
        for area, body in ((COMMUNITY["A"], "WEST"), (COMMUNITY["B"], "WEST"), (COMMUNITY["C"], "EAST"))
    ]


def test_a_cell_of_its_own_body_and_one_without_area(city_folder: Path, serve: Callable[..., City]) -> None:
    tiny = tiny_territory()
    cells = (replace(tiny.cells[0], responsible_body="PARKS"), replace(tiny.cells[1], area=None), *tiny.cells[2:])
    west = Department(
        code="WEST",
        name="West Subdistrict Office",
        area="990101001",
        axis=Axis.BLOCK,
        level=DepartmentLevel.SUBDISTRICT,
        valid_to=date(2026, 2, 1),
    )
    with open_store(Settings(data_dir=city_folder)) as store:
        publish_territory(store, replace(tiny, cells=cells), FIRST_EDITION)
        store.append_roster([RosterChange("departments", "WEST", west)], FIRST_EDITION)
    client = serve(data_dir=city_folder, public_read=True).client
    shown = client.get(BODIES, params={"at": "2026-03-01T00:00:00+08:00"}).json()
    assert {"responsible_body": "PARKS", "area": COMMUNITY["A"], "body": "PARKS"} in shown["grounds"]
    # The office is gone by then: the subdistrict itself stands for it.
    assert {body["code"]: body["cells"] for body in shown["bodies"]} == {"990101001": 4, "EAST": 3, "PARKS": 1}
    before = client.get(BODIES, params={"edition": 1, "roster": 1}).json()
    assert {body["code"]: body["cells"] for body in before["bodies"]} == {"EAST": 3, "WEST": 6}
