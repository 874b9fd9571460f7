"""Base maps: what is refused when starting, what is served, and that no path leads out of the folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from api.settings import Settings
from api.tiles.base_maps import base_map_of
from api.tiles.cutting import cut_edition
from gridsvc.errors import InvalidInput
from tests.fixtures.served_city import City

TEMPLATE = "https://maps.example/{z}/{x}/{y}.png"


def settings(**given: object) -> Settings:
    return Settings(**{"tiles_datum": "WGS84", **given})  # type: ignore[arg-type]


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    """A folder with one picture of each kind, and a secret beside it that a link leads to."""
    folder = tmp_path / "tiles"
    for name in ("3/6/2.png", "3/6/3.jpg", "4/1/1.webp"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "3/6/4.png").symlink_to(tmp_path / "secret.png")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with one picture."""
    path = tmp_path / "base.pmtiles"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(3, 6, 2), b"picture")
        writer.finalize({"tile_type": TileType.PNG, "tile_compression": Compression.NONE}, {})
    return path


def test_a_base_map_without_its_datum_is_refused() -> None:
    with pytest.raises(InvalidInput, match="TILES_DATUM"):
        base_map_of(Settings(tiles_url=TEMPLATE))


@pytest.mark.parametrize(
    "url",
    [
        "http://maps.example/{z}/{x}/{y}.png",
        "https://maps.example/{z}/{x}.png",
        "https://a;b c/{z}/{x}/{y}.png",
        "tiles",
        "https://user:word@maps.example/{z}/{x}/{y}",
        "folder:/nowhere/at/all",
        "pmtiles:/nowhere/at/all",
        "folder:",
        "javascript:alert(1)//{z}{x}{y}",
        "https:///{z}/{x}/{y}",
    ],
)
def test_addresses_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="GRIDSVC_TILES_URL"):
        base_map_of(settings(tiles_url=url))


def test_an_empty_folder_and_an_archive_of_vectors_are_refused(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match="no tiles"):
        base_map_of(settings(tiles_url=f"folder:{tmp_path / 'empty'}"))
    broken = tmp_path / "broken.pmtiles"
    broken.write_bytes(archive.read_bytes()[:99] + b"\x01" + archive.read_bytes()[100:])
    with pytest.raises(InvalidInput, match="no pictures"):
        base_map_of(settings(tiles_url=f"pmtiles:{broken}"))


def test_none_is_none(serve: Callable[..., City]) -> None:
    client = serve(public_read=True, map_review_number="GS(2026)1").client
    told = client.get("/api/v1/map").json()
    assert (told["base"], told["review_number"]) == (None, "GS(2026)1")
    assert [layer["name"] for layer in told["layers"]] == ["areas", "cells", "segments"]
    assert told["layers"][0]["tilejson"] == "http://city.example/tiles/areas.json"
    assert client.get("/base/3/6/2").status_code == 404
    assert "img-src 'self' data:;" in client.get("/version").headers["content-security-policy"]


def test_the_map_tells_without_an_error_whether_its_tiles_are_cut(serve: Callable[..., City]) -> None:
    city = serve(public_read=True)
    answer = city.client.get("/api/v1/map")
    told = answer.json()
    assert (answer.status_code, told["ready"], told["edition"]) == (200, False, 1)
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "bounds" not in told["layers"][0]
    cut_edition(city.services.store, city.services.settings, 1, lambda done, total: None)
    ready = city.client.get("/api/v1/map", params={"edition": 1})
    assert ready.json()["ready"] is True
    assert "retry-after" not in ready.headers
    assert {"minzoom", "maxzoom", "bounds"} <= set(ready.json()["layers"][0])
    assert city.client.get("/api/v1/map", params={"edition": 9}).status_code == 404


def test_only_who_may_see_the_map_is_told_what_it_is_made_of(serve: Callable[..., City], tiles: Path) -> None:
    client = serve(tiles_url=f"folder:{tiles}", tiles_datum="WGS84").client
    assert client.get("/api/v1/map").status_code == 401
    assert client.get("/base/3/6/2").status_code == 401


def test_a_template_opens_the_policy_for_pictures_of_its_host_alone(serve: Callable[..., City]) -> None:
    client = serve(public_read=True, tiles_url=TEMPLATE, tiles_datum="GCJ02", tiles_attribution="Maps").client
    assert client.get("/api/v1/map").json()["base"] == {
        "kind": "template",
        "url": TEMPLATE,
        "datum": "GCJ02",
        "attribution": "Maps",
        "min_zoom": 0,
        "max_zoom": 18,
    }
    policy = client.get("/version").headers["content-security-policy"]
    assert "img-src 'self' data: https://maps.example;" in policy
    assert policy.count("maps.example") == 1
    assert client.get("/base/3/6/2").status_code == 404


def test_a_folder_is_served_and_nothing_beside_it(serve: Callable[..., City], tiles: Path) -> None:
    client = serve(public_read=True, tiles_url=f"folder:{tiles}", tiles_datum="WGS84").client
    base = client.get("/api/v1/map").json()["base"]
    assert (base["url"], base["min_zoom"], base["max_zoom"]) == ("http://city.example/base/{z}/{x}/{y}", 3, 4)
    picture = client.get("/base/3/6/2")
    assert (picture.content, picture.headers["content-type"]) == (b"3/6/2.png", "image/png")
    assert client.get("/base/3/6/3").headers["content-type"] == "image/jpeg"
    assert client.get("/base/4/1/1").headers["content-type"] == "image/webp"
    wrong = (
        "/base/3/6/4",
        "/base/3/6/5",
        "/base/3/9/2",
        "/base/99/0/0",
        "/base/3/-6/2",
        "/base/3/6/..%2f2",
        "/base/3/..%2f..%2f/2",
    )
    assert {client.get(path).status_code for path in wrong} <= {204, 404, 422}
    assert all(b"secret" not in client.get(path).content for path in wrong)


def test_an_archive_is_served(serve: Callable[..., City], archive: Path) -> None:
    client = serve(public_read=True, tiles_url=f"pmtiles:{archive}", tiles_datum="WGS84").client
    picture = client.get("/base/3/6/2")
    assert (picture.status_code, picture.content, picture.headers["content-type"]) == (200, b"picture", "image/png")
    assert client.get("/base/3/6/3").status_code == 204
