"""Decisions of a dispute that would settle nothing, or something else."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from tests.fixtures.accounts import SignedInClient, sign_in
from tests.fixtures.served_city import City, start_city
from tests.flows.test_dispute import CHIEF, CLERK, GROUND, decide, open_one


@pytest.fixture(scope="module")
def open_dispute(
    tmp_path_factory: pytest.TempPathFactory, tiny_database: Path
) -> Iterator[tuple[City, SignedInClient, int]]:
    """One dispute for all tests: none of them ends it."""
    folder = shutil.copytree(tiny_database, tmp_path_factory.mktemp("dispute") / "city")
    served = start_city(Settings(data_dir=folder))
    number = open_one(sign_in(served, CHIEF))["number"]
    yield served, sign_in(served, CLERK), number
    served.client.__exit__(None, None, None)
    served.services.store.close()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"datum": None}, 422),
        ({"geometry": None, "datum": None}, 422),
        ({"geometry": GROUND | {"coordinates": [[[116.4, 39.9], [116.4, 39.9], [116.4, 39.9], [116.4, 39.9]]]}}, 422),
        (
            {
                "geometry": GROUND
                | {"coordinates": [[[116.4, 39.9], [116.401, 39.9], [116.401, 39.901], [116.4, 39.9]]]}
            },
            422,
        ),
        (
            {
                "geometry": GROUND
                | {"coordinates": [[[116.3, 39.8], [116.5, 39.8], [116.5, 40], [116.3, 40], [116.3, 39.8]]]}
            },
            422,
        ),
        ({"datum": "GCJ02"}, 422),
        ({"department": "NOBODY"}, 409),
        ({"categories": ["EVENT_CJT214:9999"]}, 422),
        ({"categories": ["EVENT_CJT214:0102"]}, 422),
        ({"decided_on": "2099-01-01"}, 422),
        ({"valid_to": "2026-01-01"}, 422),
        ({"component": "COMP_2_2_6:9901010102000001"}, 422),
        ({"rank": 1}, 422),
    ],
)
def test_a_decision_that_settles_nothing_is_refused(
    open_dispute: tuple[City, SignedInClient, int], more: dict[str, Any], status: int
) -> None:
    served, clerk, number = open_dispute
    assert decide(clerk, number, served.services.settings.now(), **more).status_code == status
    assert served.services.store.get_dispute(number).version == 1
    assert served.services.store.state().roster_revision == 1
