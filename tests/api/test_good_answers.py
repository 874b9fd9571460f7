"""Every operation is answered well at least once, and as its OpenAPI document says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.core.failures import FailureGroup

from api.settings import Settings
from tests.fixtures.desk import Desk
from tests.fixtures.good_requests import GOOD, WITHOUT
from tests.fixtures.proof_callers import make_desk, wait_for_tiles
from tests.fixtures.served_city import make_tiny_database, start_city


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("good")
    make_tiny_database(folder)
    city = start_city(Settings(data_dir=folder))
    desk = make_desk(city)
    wait_for_tiles(desk)
    yield desk
    city.client.__exit__(None, None, None)
    city.services.store.close()


@pytest.fixture(scope="module")
def described(desk: Desk) -> dict[str, Any]:
    schema = schemathesis.openapi.from_dict(desk.client.get("/openapi.json").json())
    found = (each.ok() for each in schema.get_all_operations())
    return {operation.label: operation for operation in found}


def test_no_operation_is_left_out(described: dict[str, Any]) -> None:
    assert set(described) == GOOD.keys() | WITHOUT.keys()
    assert not GOOD.keys() & WITHOUT.keys()


@pytest.mark.parametrize("label", GOOD)
def test_a_good_answer_is_as_described(desk: Desk, described: dict[str, Any], label: str) -> None:
    answer = desk.made(label)
    try:
        described[label].validate_response(answer)
    except FailureGroup as error:
        pytest.fail(" / ".join(str(each) for each in error.exceptions))
