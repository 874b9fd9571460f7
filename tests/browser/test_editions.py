"""Which edition is on the screen: the one in force, followed without a reload; or the one that a link names."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.bootstrap import open_store
from api.settings import Settings
from tests.fixtures.browser import Visit, serving
from tests.fixtures.served_city import publish_territory
from tests.fixtures.tiny_city import tiny_territory

PLACE = "?lon=116.4003&lat=39.9013&lang=en"
pytestmark = pytest.mark.browser


@pytest.fixture
def growing_city(tmp_path: Path, tiny_database: Path) -> Iterator[tuple[str, Path]]:
    """The tiny city in a folder of its own, in which a test may publish."""
    folder = Path(shutil.copytree(tiny_database, tmp_path / "growing"))
    with serving(folder) as address:
        yield address, folder


@pytest.fixture
def visitor(browser: Browser, growing_city: tuple[str, Path]) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    made = Visit(context.new_page(), growing_city[0])
    made.watch()
    yield made
    context.close()


def publish_again(folder: Path, effective_from: datetime) -> None:
    with open_store(Settings(data_dir=folder)) as store:
        publish_territory(store, tiny_territory(), effective_from)


def test_a_new_edition_is_followed_and_the_old_one_can_still_be_linked(
    visitor: Visit, growing_city: tuple[str, Path]
) -> None:
    page = visitor.open(PLACE)
    expect(page.locator("#answer h2")).to_have_text("A1")
    expect(page.locator("#edition")).to_contain_text("Edition 1")
    old = page.url
    publish_again(growing_city[1], datetime.now(UTC) - timedelta(seconds=1))
    expect(page.locator("#notice")).to_contain_text("Edition 2 has come into force")
    expect(page.locator("#edition")).to_contain_text("Edition 2")
    expect(page.locator(".answer-foot")).to_contain_text("Edition 2")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/tiles/e2/'))"
    )
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#notice")).to_be_hidden()
    follow_the_old_link(page, old)
    assert visitor.troubles == []


def follow_the_old_link(page: Page, old: str) -> None:
    """It shows its own edition, says so, and leads back."""
    assert "edition=1" in old
    page.goto(old)
    expect(page.locator("#notice")).to_contain_text("looking at edition 1")
    expect(page.locator("#edition")).to_contain_text("Edition 1")
    expect(page.locator(".answer-foot")).to_contain_text("Edition 1")
    expect(page.locator('[data-act="record"]')).to_have_count(0)
    page.get_by_role("button", name="Back to edition 2").click()
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator(".answer-foot")).to_contain_text("Edition 2")
    expect(page.locator('[data-act="record"]')).to_be_visible()
    expect(page).to_have_url(re.compile("edition=2"))
    page.go_back()
    expect(page.locator("#notice")).to_contain_text("looking at edition 1")


TELL_WHEN_IT_CHANGES = """() => new MutationObserver(() => (window.changed_at ??= Date.now())).observe(
  document.getElementById("edition"), { childList: true, characterData: true, subtree: true })"""


def test_an_edition_for_later_takes_over_at_its_own_time(visitor: Visit, growing_city: tuple[str, Path]) -> None:
    page = visitor.open(PLACE)
    expect(page.locator("#edition")).to_contain_text("Edition 1")
    page.evaluate(TELL_WHEN_IT_CHANGES)
    later = datetime.now(UTC) + timedelta(seconds=4)
    publish_again(growing_city[1], later)
    expect(page.locator("#edition")).to_contain_text("Edition 2")
    expect(page.locator("#notice")).to_contain_text("Edition 2 has come into force")
    assert page.evaluate("changed_at") >= later.timestamp() * 1000


def test_an_instant_in_the_address_is_what_is_asked_for(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open(f"{PLACE}&at=2026-02-01T08:00:00%2B08:00")
    expect(page.locator(".answer-foot")).to_contain_text("2026-02-01 08:00")
    expect(page.locator("#notice")).to_contain_text("not at what is so now")
    expect(page.locator("#notice")).to_be_in_viewport(ratio=1)
    bar, stage = page.locator(".bar").bounding_box(), page.locator("#main").bounding_box()
    assert bar is not None
    assert stage is not None
    assert stage["y"] == bar["y"] + bar["height"], "the notice moves nothing"
    assert visitor.troubles == []


def test_an_instant_before_the_first_edition_is_not_told_as_a_city_without_one(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open(f"{PLACE}&at=2020-02-01T08:00:00%2B08:00")
    state = page.locator('#answer [data-state="no-edition"]')
    expect(state).to_contain_text("No edition at that time")
    expect(state).not_to_contain_text("Nothing published yet")
    page.get_by_role("button", name="Back to now").click()
    expect(page.locator("#answer h2")).to_have_text("A1")


@pytest.mark.parametrize("width", [1440, 375])
def test_an_edition_that_there_is_not_is_told_and_the_page_lives(visit: Callable[..., Visit], width: int) -> None:
    visitor = visit(width, lang="en")
    page = visitor.open(f"{PLACE}&edition=7&tab=table&layer=cells&map=17/39.9015/116.4015")
    state = page.locator('[data-state="no-such-edition"]')
    expect(state).to_contain_text("There is no edition 7")
    expect(page.locator("#edition")).to_contain_text("Edition 1")
    expect(page.locator(".twin tbody tr")).to_have_count(9)
    expect(page.locator(".answer")).to_have_count(0)
    assert "edition=7" in page.url
    expect(state.get_by_role("button")).to_be_in_viewport(ratio=1)
    state.get_by_role("button", name="See edition 1, in force").click()
    expect(page.locator("#answer h2")).to_have_text("A1")
    assert "edition=7" not in page.url
    assert visitor.troubles == []


def test_back_to_a_link_with_an_unknown_edition_says_so_again(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?lang=en&edition=7&map=17/39.9015/116.4015")
    visitor.click_place(116.4006, 39.9017)
    expect(page.locator("#answer h2")).to_have_text("A1")
    page.go_back()
    expect(page.locator('[data-state="no-such-edition"]')).to_be_visible()
    page.locator("#language").click()
    expect(page.locator('[data-state="no-such-edition"]')).to_contain_text("没有第 7 版")
    assert visitor.troubles == []


def test_a_map_whose_tiles_are_being_cut_waits_without_an_error(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    asked: list[str] = []

    def not_yet(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            return route.continue_()
        told = route.fetch().json()
        layers = [{"name": layer["name"], "tilejson": layer["tilejson"]} for layer in told["layers"]]
        return route.fulfill(json={**told, "ready": False, "layers": layers}, headers={"Retry-After": "2"})

    visitor.page.route("**/api/v1/map?*", not_yet)
    page = visitor.page
    page.goto(f"{visitor.address}{PLACE}")
    expect(page.locator("#map-note")).to_contain_text("being drawn")
    expect(page.locator("#answer h2")).to_have_text("A1")
    expect(page.locator("#map-note")).to_be_hidden()
    expect(page.locator("#map_city canvas.leaflet-tile").first).to_be_attached()
    assert len(asked) == 2
    assert visitor.troubles == []
