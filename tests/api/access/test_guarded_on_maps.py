"""Guarded components are in no tile; a map asks for them apart, and who may see them gets them."""

from collections.abc import Callable
from pathlib import Path

from gridsvc.model.accounts import AccountRole
from tests.api.access.test_guarded import LAYER, WEST_GAS, gas_folder  # noqa: F401  a fixture
from tests.fixtures.accounts import sign_in
from tests.fixtures.served_city import City


def test_only_what_no_tile_shows_is_given_to_who_may_see_it(
    gas_folder: Path,  # noqa: F811
    serve: Callable[..., City],
) -> None:
    city = serve(data_dir=gas_folder)
    dispatcher = sign_in(city, AccountRole.DISPATCHER, area="990101001")
    for client, shown in ((dispatcher, [WEST_GAS]), (sign_in(city, AccountRole.COLLECTOR), [])):
        answer = client.get(LAYER, params={"untiled": "true"})
        assert [item["properties"]["code"] for item in answer.json()["features"]] == shown
        assert answer.headers["etag"] != client.get(LAYER).headers["etag"]
    cells = dispatcher.get("/api/v1/editions/current/layers/cells", params={"untiled": "true"})
    assert cells.json()["features"] == []
