"""What the page shows while the service is slow, away, not ready or not for this reader."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.fixtures.browser import Visit

SELECTED = "?lon=116.4003&lat=39.9013"
IN_A1 = (116.4006, 39.9017)  # where no other test records anything
pytestmark = pytest.mark.browser


def answer_with(status: int, kind: str) -> Callable[[Route], None]:
    body = f'{{"type": "/problems/{kind}", "title": "told by the service", "status": {status}, "detail": "d"}}'
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=body)


def hold_answers(page: Page, address: str = "**/api/v1/resolve?*") -> list[Route]:
    """Keep questions waiting from now on; the list fills with them."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold)
    return held


@pytest.mark.parametrize(
    ("status", "kind", "state", "words"),
    [
        (503, "not-ready", "not-ready", "Not ready yet"),
        (404, "no-edition", "no-edition", "told by the service"),
        (401, "sign-in-required", "refused", "You may not see this"),
        (422, "invalid-location", "invalid", "told by the service"),
        (500, "internal-error", "failed", "No answer came"),
    ],
)
def test_each_refusal_has_its_own_state(
    visit: Callable[..., Visit], status: int, kind: str, state: str, words: str
) -> None:
    visitor = visit(lang="en")
    visitor.page.route("**/api/v1/resolve?*", answer_with(status, kind))
    page = visitor.open(SELECTED)
    expect(page.locator(f'[data-state="{state}"]')).to_contain_text(words)


def test_the_service_away_is_told_and_retry_brings_the_answer(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    visitor.page.route("**/api/v1/resolve?*", lambda route: route.abort("connectionrefused"))
    page = visitor.open(SELECTED)
    expect(page.locator('[data-state="offline"]')).to_contain_text("cannot be reached")
    page.unroute("**/api/v1/resolve?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer h2")).to_have_text("A1")


def test_a_city_without_an_edition_says_so_and_starts_when_there_is_one(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="zh")
    visitor.page.route("**/api/v1/editions/current", answer_with(404, "no-edition"))
    asked = hold_answers(visitor.page, "**/api/v1/session")
    with visitor.page.expect_response("**/api/v1/editions/current"):
        visitor.page.goto(visitor.address)
    # Told once it is known who is here, or that news would start the page again under the reader's hand.
    expect(visitor.page.locator('#answer [data-state="loading"]')).to_be_visible()
    expect(visitor.page.locator('[data-state="no-edition"]')).to_have_count(0)
    asked[0].continue_()
    expect(visitor.page.locator('[data-state="no-edition"]')).to_contain_text("尚未发布网格")
    visitor.page.unroute("**/api/v1/editions/current")
    visitor.page.get_by_role("button", name="重试").click()
    expect(visitor.page.locator("#edition")).to_contain_text("第 1 版")


def test_a_slow_answer_shows_marker_and_skeleton_first(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open()
    held = hold_answers(page)
    visitor.click_place(*IN_A1)
    expect(page.locator(".place-marker")).to_have_count(1)
    expect(page.locator('[data-state="loading"]')).to_be_visible()
    held[0].continue_()
    expect(page.locator("#answer h2")).to_have_text("A1")
    assert visitor.troubles == []


def test_only_the_last_of_two_quick_clicks_is_answered(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open()
    hold_answers(page)
    visitor.click_place(*IN_A1)
    page.unroute("**/api/v1/resolve?*")
    visitor.click_place(116.4027, 39.9026)
    expect(page.locator("#answer h2")).to_have_text("C2")
    expect(page.locator(".place-marker")).to_have_count(1)
    assert visitor.troubles == []


def test_layers_that_fail_are_told_on_the_map_and_the_rest_works(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    visitor.page.route("**/tiles/e1/cells/**", answer_with(500, "internal-error"))
    page = visitor.open()
    expect(page.locator("#map-note")).to_have_text("The map's data did not load; it is asked for again.")
    visitor.click_place(*IN_A1)
    expect(page.locator("#answer h2")).to_have_text("A1")


def test_a_name_is_text_and_never_markup(visit: Callable[..., Visit]) -> None:
    visitor = visit()

    def spoil(route: Route) -> None:
        body = route.fetch().text().replace('"A1"', '"<img src=x onerror=alert(1)>"')
        route.fulfill(status=200, content_type="application/json", body=body)

    visitor.page.route("**/api/v1/resolve?*", spoil)
    page = visitor.open(SELECTED)
    expect(page.locator("#answer h2")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("#answer img").count() == 0
    assert visitor.troubles == []
