"""A base map in GCJ-02 from a folder: what is laid over it is shifted, and what is clicked is said in its datum."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Route, expect

from gridsvc.datum import from_wgs84, to_wgs84
from tests.fixtures.browser import Visit, serving

pytestmark = pytest.mark.browser
ZOOM = 17
WELL = (116.4015, 39.9002)
"""A place of the ground, in WGS84: in cell B0, 110 m from every other one but its neighbours."""


def in_gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = from_wgs84(np.array([lon]), np.array([lat]), "GCJ02")
    return float(x[0]), float(y[0])


def pixel_of(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Pixels of the whole map from its north-west corner."""
    size = 256 * 2**zoom
    return (lon / 360 + 0.5) * size, (0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)) * size


def draw_tiles(folder: Path) -> None:
    """An invented base map around the city as a map service would draw it: grey, with a red dot on the well."""
    x, y = pixel_of(*in_gcj02(*WELL), ZOOM)
    for column in range(int(x // 256) - 6, int(x // 256) + 7):
        for row in range(int(y // 256) - 6, int(y // 256) + 7):
            image = Image.new("RGB", (256, 256), (225, 225, 220))
            here = x - column * 256, y - row * 256
            ImageDraw.Draw(image).ellipse([here[0] - 5, here[1] - 5, here[0] + 5, here[1] + 5], fill=(255, 0, 0))
            file = folder / str(ZOOM) / str(column) / f"{row}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            image.save(file)


@pytest.fixture(scope="module")
def shifted_city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[str]:
    """The tiny city on a GCJ-02 base map."""
    base = tmp_path_factory.mktemp("shifted")
    tiles = base / "tiles"
    draw_tiles(tiles)
    folder = Path(shutil.copytree(tiny_database, base / "city"))
    drawn = {"TILES_URL": f"folder:{tiles}", "TILES_DATUM": "GCJ02", "TILES_ATTRIBUTION": "虚构地图 <b>2026</b>"}
    with serving(folder, **drawn) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, shifted_city: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    made = Visit(context.new_page(), shifted_city)
    made.watch()
    yield made
    context.close()


def red_dot(page: object) -> tuple[float, float]:
    """Middle of the red pixels of the window."""
    import io

    picture = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)  # type: ignore[attr-defined]
    rows, columns = np.nonzero((picture[..., 0] > 190) & (picture[..., 1] < 60) & (picture[..., 2] < 80))
    assert len(rows) > 20
    return float(columns.mean()), float(rows.mean())


def test_a_click_on_what_the_base_map_shows_gives_its_cell_and_is_said_in_gcj02(visitor: Visit) -> None:
    asked: list[dict[str, list[str]]] = []

    def note(url: str) -> None:
        if "/api/v1/resolve?" in url:
            asked.append(parse_qs(urlsplit(url).query))

    visitor.page.on("request", lambda request: note(request.url))
    page = visitor.open(f"?map={ZOOM}/39.9012/116.4015")
    expect(page.locator(".base-map img:not(.leaflet-tile-loaded)")).to_have_count(0)
    page.wait_for_timeout(500)
    x, y = red_dot(page)
    page.mouse.click(x, y)
    expect(page.locator("#answer h2")).to_have_text("B0")
    assert asked[-1]["datum"] == ["GCJ02"]
    wanted = in_gcj02(*WELL)
    assert float(asked[-1]["lon"][0]) == pytest.approx(wanted[0], abs=2e-5)
    assert float(asked[-1]["lat"][0]) == pytest.approx(wanted[1], abs=2e-5)
    marker = page.locator(".place-marker").bounding_box()
    assert marker is not None
    middle = marker["x"] + marker["width"] / 2, marker["y"] + marker["height"] / 2
    assert middle == pytest.approx((x, y), abs=2)
    assert visitor.troubles == []


def test_the_marker_is_there_before_the_answer(visitor: Visit) -> None:
    page = visitor.open(f"?map={ZOOM}/39.9012/116.4015")
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/resolve?*", keep)
    expect(page.locator(".base-map img:not(.leaflet-tile-loaded)")).to_have_count(0)
    page.wait_for_timeout(500)
    x, y = red_dot(page)
    page.mouse.click(x, y)
    marker = page.locator(".place-marker").bounding_box()
    assert marker is not None
    assert (marker["x"] + marker["width"] / 2, marker["y"] + marker["height"] / 2) == pytest.approx((x, y), abs=2)
    expect(page.locator('[data-state="loading"]')).to_be_visible()
    held[0].continue_()
    expect(page.locator("#answer h2")).to_have_text("B0")


@pytest.mark.parametrize("name", ["field", "roster"])
def test_every_page_stands_on_the_same_base_map(visitor: Visit, name: str) -> None:
    visitor.page.goto(f"{visitor.address}{name}")
    expect(visitor.page.locator(".base-map img").first).to_be_attached()
    expect(visitor.page.locator(".map-attribution")).to_have_text("虚构地图 <b>2026</b>")
    assert visitor.page.evaluate("map_city.options.crs.code") == "GCJ02"


def test_the_attribution_is_shown_as_text(visitor: Visit) -> None:
    page = visitor.open()
    expect(page.locator(".map-attribution")).to_have_text("虚构地图 <b>2026</b>")


def test_the_page_shifts_places_as_the_service_does(visitor: Visit) -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(73, 135, 500), rng.uniform(18, 53, 500)
    lon[:4], lat[:4] = [116.4, 114.2, 2.35, 121.0], [39.9, 22.3, 48.85, 24.0]
    script = """async (pairs) => {
      const { toGcj02, fromGcj02 } = await import(new URL("assets/js/shared/gcj02.js", document.baseURI));
      return pairs.map(([lon, lat]) => [toGcj02(lon, lat), fromGcj02(lon, lat)]);
    }"""
    found = np.array(visitor.open().evaluate(script, np.stack([lon, lat], 1).tolist()))
    shifted = np.stack(from_wgs84(lon, lat, "GCJ02"), 1)
    back = np.stack(to_wgs84(lon, lat, "GCJ02"), 1)
    there = np.isfinite(shifted).all(axis=1) & np.isfinite(back).all(axis=1)
    assert there.sum() > 450
    assert np.abs(found[there, 0] - shifted[there]).max() < 1e-11
    assert np.abs(found[there, 1] - back[there]).max() < 1e-11
    assert (found[~there] == np.stack([lon, lat], 1)[~there][:, None]).all()


def test_cells_are_drawn_where_their_ground_is_on_the_base_map(visitor: Visit, tmp_path: Path) -> None:
    """The selected cell's outline lies around the dot, whose place is inside it."""
    page = visitor.open(f"?map={ZOOM}/39.9012/116.4015&lon=116.4015&lat=39.9005&datum=WGS84")
    expect(page.locator("#answer h2")).to_have_text("B0")
    outline = page.locator(".selected-cell").bounding_box()
    assert outline is not None
    x, y = red_dot(page)
    page.screenshot(path=tmp_path / "shifted.png")
    assert outline["x"] < x < outline["x"] + outline["width"]
    assert outline["y"] + outline["height"] / 2 < y < outline["y"] + outline["height"]


def test_the_city_is_a_stranger_to_other_hosts(visit: Callable[..., Visit]) -> None:
    """Without a base map nothing but the city's own tiles is asked for."""
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open()
    assert any("/tiles/e1/cells/" in url for url in asked)
    assert not [url for url in asked if "/base/" in url or "/layers/cells" in url]
    assert visitor.troubles == []
