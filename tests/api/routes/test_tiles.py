"""Vector tiles over HTTP: who may see which, how long they may be kept, and what is told where there are none."""

import gzip
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mapbox_vector_tile
import pytest

from api.tiles.cutting import cut_edition, tile_folder
from api.tiles.keeping import MOST_ASKED, TileKeeper
from gridsvc.errors import NotReady
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import sign_in
from tests.fixtures.served_city import City

HERE, ABOVE = "15/26979/12417", "14/13489/6208"
LAYERS = ("areas", "cells", "segments", "components", "places")


@pytest.fixture
def cut(serve: Callable[..., City]) -> Callable[..., City]:
    """A served city whose tiles are there."""

    def start(**given: object) -> City:
        city = serve(**given)
        cut_edition(city.services.store, city.services.settings, 1, lambda done, total: None)
        return city

    return start


def test_a_visitor_sees_no_tiles_unless_reading_is_public(cut: Callable[..., City]) -> None:
    closed, public = cut(), cut(public_read=True)
    addresses = {
        layer: (f"/tiles/{layer}.json", f"/tiles/{layer}/{ABOVE if layer == 'areas' else HERE}.mvt") for layer in LAYERS
    }
    assert {closed.client.get(path).status_code for paths in addresses.values() for path in paths} == {401}
    for layer, paths in addresses.items():
        wanted = {401} if layer in {"components", "places"} else {200, 204}
        assert {public.client.get(path).status_code for path in paths} <= wanted, layer


@pytest.mark.parametrize(
    ("role", "layer", "status"),
    [
        (AccountRole.DISPATCHER, "components", 200),
        (AccountRole.STEWARD, "components", 403),
        (AccountRole.STEWARD, "places", 200),
    ],
)
def test_roles_see_what_their_rights_say(cut: Callable[..., City], role: AccountRole, layer: str, status: int) -> None:
    assert sign_in(cut(), role).get(f"/tiles/{layer}.json").status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tiles/e1/rivers/15/0/0.mvt", 422),
        ("/tiles/rivers.json", 422),
        ("/tiles/e1/cells/8/0/0.mvt", 404),
        ("/tiles/e1/cells/16/0/0.mvt", 404),
        ("/tiles/e1/cells/-1/0/0.mvt", 404),
        (f"/tiles/e2/cells/{HERE}.mvt", 404),
        ("/tiles/e1/cells/15/x/0.mvt", 422),
        ("/tiles/e1/cells/15/0/0.mvt", 204),
        ("/tiles/e1/cells/15/99999999999999/-4.mvt", 204),
        (f"/tiles/e1/cells/{HERE}.mvt?x=1", 422),
    ],
)
def test_what_is_not_there_is_told_apart(cut: Callable[..., City], path: str, status: int) -> None:
    assert cut(public_read=True).client.get(path).status_code == status


def test_a_tile_of_an_edition_is_for_ever_and_gzipped_as_it_is_stored(cut: Callable[..., City]) -> None:
    city = cut(public_read=True)
    answer = city.client.get(f"/tiles/e1/cells/{HERE}.mvt", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["content-encoding"] == "gzip"
    codes = {
        feature["properties"]["code"] for feature in mapbox_vector_tile.decode(answer.content)["cells"]["features"]
    }
    assert "990101001001001" in codes
    plain = city.client.get(f"/tiles/e1/cells/{HERE}.mvt", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


def test_a_tile_that_not_everybody_may_see_is_kept_by_browsers_only(cut: Callable[..., City]) -> None:
    answer = sign_in(cut(), AccountRole.DISPATCHER).get(f"/tiles/e1/components/{HERE}.mvt")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_the_edition_in_force_is_asked_for_again_with_its_etag(cut: Callable[..., City]) -> None:
    client = cut(public_read=True).client
    first = client.get(f"/tiles/cells/{HERE}.mvt")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(f"/tiles/cells/{HERE}.mvt", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_tilejson_names_immutable_addresses_under_the_address_that_was_asked(cut: Callable[..., City]) -> None:
    client = cut(public_read=True).client
    told = client.get("/tiles/areas.json").json()
    assert told["tilejson"] == "3.0.0"
    assert told["tiles"] == ["http://city.example/tiles/e1/areas/{z}/{x}/{y}.mvt"]
    assert (told["minzoom"], told["maxzoom"]) == (4, 14)
    assert told["bounds"] == pytest.approx([116.4, 39.9, 116.403, 39.903], abs=1e-6)
    assert {layer["id"] for layer in told["vector_layers"]} == {"areas", "area_names"}
    client.root_path = ""
    path = told["tiles"][0].removeprefix("http://city.example").format(z=14, x=26979 // 2, y=12417 // 2)
    assert client.get(path).status_code == 200


def test_tiles_that_lack_are_cut_by_a_process_of_their_own(serve: Callable[..., City]) -> None:
    city = serve(public_read=True)
    first = city.client.get("/tiles/cells.json")
    assert first.status_code == 503
    assert int(first.headers["retry-after"]) > 0
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and city.client.get("/tiles/cells.json").status_code == 503:
        time.sleep(0.2)
    assert city.client.get("/tiles/cells.json").status_code == 200
    assert [path.name for path in tile_folder(city.services.settings).glob(".cutting-*")] == []


def test_an_archive_that_is_not_whole_is_deleted_and_cut_anew(cut: Callable[..., City]) -> None:
    city = cut(public_read=True)
    [file] = tile_folder(city.services.settings).glob("*/cells.pmtiles")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert city.client.get("/tiles/cells.json").status_code == 503
    assert not file.exists()
    assert cut_edition(city.services.store, city.services.settings, 1, lambda done, total: None)
    assert file.read_bytes() == whole
    assert city.client.get("/tiles/cells.json").status_code == 200


def test_old_editions_are_cut_a_few_at_a_time_and_one_that_cannot_be_is_not_tried_again_at_once(
    serve: Callable[..., City], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = TileKeeper(serve(public_read=True).services.settings)
    edition = serve().services.serving.timeline()[0]
    for number in range(MOST_ASKED + 3):
        with pytest.raises(NotReady):
            keeper.find(replace(edition, digest=f"{number:064}"), "cells")
    assert keeper._lacking.qsize() == MOST_ASKED
    tried: list[str] = []
    monkeypatch.setattr(keeper, "_cut", lambda edition, _stop: tried.append(edition.digest))
    stop = threading.Event()
    runner = threading.Thread(target=keeper.run, args=(stop,))
    runner.start()
    while len(tried) < MOST_ASKED or keeper._asked:
        time.sleep(0.02)
    with pytest.raises(NotReady):
        keeper.find(replace(edition, digest=tried[0]), "cells")
    assert keeper._lacking.empty()
    stop.set()
    runner.join()


def test_resolving_goes_on_where_tiles_cannot_be_cut(serve: Callable[..., City], city_folder: Path) -> None:
    (city_folder / "tiles").write_text("in the way")
    city = serve(public_read=True)
    assert city.client.get("/tiles/cells.json").status_code == 503
    assert city.client.get("/api/v1/resolve?lon=116.4005&lat=39.9005&datum=WGS84").status_code == 200


def test_stored_tiles_are_gzip(cut: Callable[..., City]) -> None:
    city = cut(public_read=True)
    edition = city.services.serving.timeline()[0]
    data = city.client.app.state.tiles.find(edition, "cells").find(15, 26979, 12417)
    assert mapbox_vector_tile.decode(gzip.decompress(data))["cells"]["features"]
