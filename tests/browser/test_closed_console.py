"""A closed service: who is not signed in is shown the way in, and everybody the components that they may see."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from shapely import Point

from api.bootstrap import open_store
from api.settings import Settings
from api.tiles.cutting import cut_edition
from gridsvc.model.accounts import AccountRole
from gridsvc.model.places import Key
from gridsvc.model.territory import Component
from tests.fixtures.accounts import PASSWORD, make_account
from tests.fixtures.browser import serving
from tests.fixtures.served_city import FIRST_EDITION, publish_territory
from tests.fixtures.tiny_city import COMPONENTS, tiny_territory

AT_COVERS = "?lang=en&map=18/39.9005/116.4005&tab=table"
COVER, GAS = (116.4005, 39.9005), (116.4002, 39.9005)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def closed_city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[str]:
    """The tiny city with a gas cover, which is guarded, beside the other one."""
    folder = Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("closed") / "city"))
    gas = Component("COMP_2_2_6", "9901010111000001", "Gas cover", Key(COMPONENTS, "0111"), Point(*GAS))
    tiny = tiny_territory()
    settings = Settings(data_dir=folder)
    with open_store(settings) as store:
        publish_territory(store, replace(tiny, components=(*tiny.components, gas)), FIRST_EDITION)
        cut_edition(store, settings, 2, lambda done, total: None)
        for role in (AccountRole.DISPATCHER, AccountRole.COLLECTOR, AccountRole.STEWARD):
            make_account(store, role, role.value.lower(), area="990101001")
    with serving(folder, DEMO="false", PUBLIC_READ="false") as address:
        yield address


@pytest.fixture
def page(browser: Browser, closed_city: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def click(page: Page, lon: float, lat: float) -> None:
    pixel = page.evaluate("([lon, lat]) => map_city.latLngToContainerPoint([lat, lon])", [lon, lat])
    page.locator("#map_city").click(position={"x": pixel["x"], "y": pixel["y"]})


@pytest.fixture
def signed_in(page: Page, closed_city: str) -> Callable[..., Page]:
    """`signed_in(login, query)` goes there and signs in by the button that the console offers."""

    def sign_in(login: str, query: str = AT_COVERS) -> Page:
        page.goto(f"{closed_city}{query}")
        page.locator('#answer [data-state="refused"]').get_by_role("button", name="Sign in").click()
        page.locator("#login").fill(login)
        page.locator("#password").fill(PASSWORD)
        page.locator("#sign-in .primary").click()
        expect(page.locator("#sign-in")).to_be_hidden()
        expect(page.locator('#answer [data-state="empty"]')).to_be_visible()
        return page

    return sign_in


def test_nobody_waits_for_a_stream_that_is_not_for_them(page: Page, closed_city: str) -> None:
    page.goto(f"{closed_city}?lang=zh")
    expect(page.locator('#answer [data-state="refused"]')).to_contain_text("请登录后再查询")
    expect(page.locator('#answer [data-state="refused"] button')).to_have_text(["登录", "重试"])
    listed = page.locator('#view-incidents [data-state="refused"]')
    expect(listed).to_contain_text("没有查看权限，请登录。")
    expect(listed.get_by_role("button", name="登录")).to_be_visible()
    expect(page.locator("#view-incidents .live-light")).to_be_hidden()
    page.locator("#tab-table").click()
    expect(page.locator('#view-table [data-state="refused"]').get_by_role("button", name="登录")).to_be_visible()


def test_signing_in_from_there_opens_the_console(signed_in: Callable[..., Page]) -> None:
    page = signed_in("collector", "?lang=en")
    expect(page.locator("#view-incidents .live-light")).to_have_attribute("data-state", "open")
    expect(page.locator("#view-incidents .list-note")).to_have_text("No incidents.")
    expect(page.locator("#answer").get_by_role("button", name="Sign in")).to_have_count(0)


def test_who_may_not_see_components_is_offered_none(signed_in: Callable[..., Page]) -> None:
    page = signed_in("steward")
    expect(page.locator('.legend [name="cells"]')).to_be_visible()
    expect(page.locator('.legend [name="components"]')).to_be_hidden()
    expect(page.locator('#view-table option[value="components"]')).to_be_disabled()
    expect(page.locator(".leaflet-cells-pane canvas").first).to_be_attached()
    expect(page.locator(".leaflet-components-pane canvas")).to_have_count(0)
    click(page, *COVER)
    expect(page.locator("#answer h2")).to_have_text("A0")


def test_guarded_components_are_drawn_for_who_may_see_them(signed_in: Callable[..., Page]) -> None:
    page = signed_in("dispatcher")
    expect(page.locator(".guarded-component")).to_have_count(1)
    click(page, *GAS)
    expect(page.locator("#answer h2")).to_have_text("Gas cover")
    page.locator("#inspector-close").click()
    page.locator('.legend [name="components"]').uncheck()
    expect(page.locator(".guarded-component")).to_have_count(0)


def test_guarded_components_are_not_there_for_others(signed_in: Callable[..., Page]) -> None:
    page = signed_in("collector")
    expect(page.locator(".leaflet-components-pane canvas.leaflet-tile-loaded").first).to_be_attached()
    click(page, *COVER)
    expect(page.locator("#answer h2")).to_have_text("Sewage cover")
    expect(page.locator(".guarded-component")).to_have_count(0)
    click(page, *GAS)
    expect(page.locator("#answer h2")).to_have_text("A0")


def test_the_phone_page_offers_to_sign_in_and_its_map_comes_with_the_session(page: Page, closed_city: str) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 116.4002, "latitude": 39.9028, "accuracy": 20})
    page.goto(f"{closed_city}field")
    page.locator('#where [data-state="refused"]').get_by_role("button", name="Sign in").click()
    page.locator("#login").fill("collector")
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in .primary").click()
    expect(page.locator("#where h2")).to_have_text("A2")
    expect(page.locator(".leaflet-cells-pane .leaflet-tile-loaded").first).to_be_visible()
    page.locator("#report").click()
    expect(page.locator(".field-report .choice").first).to_be_visible()
