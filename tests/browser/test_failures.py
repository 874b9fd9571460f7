"""What the table and the zone show when the service is not ready, refuses or is away: what happened, and what to do."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_states import answer_with
from tests.fixtures.browser import Visit

ZONE = "?tab=zone&shape=polygon:116.400100,39.900100;116.402500,39.900200;116.402000,39.902500"
VIEWS = {
    "table": ("?tab=table&layer=cells", "**/layers/cells?*", "#view-table", ".twin tbody tr"),
    "zone": (ZONE, "**/api/v1/resolve/shape?*", "#answer", ".zone-answer"),
}
FAILURES: dict[str, tuple[Callable[[Route], None], dict[str, str], str]] = {
    "not-ready": (answer_with(503, "not-ready"), {"table": "Not ready yet", "zone": "Not ready yet"}, "Try again"),
    "refused": (
        answer_with(403, "not-allowed"),
        {"table": "You may not see this", "zone": "You may not see this"},
        "Sign in",
    ),
    "offline": (
        lambda route: route.abort("connectionrefused"),
        {"table": "The service cannot be reached", "zone": "The service cannot be reached"},
        "Try again",
    ),
}
pytestmark = pytest.mark.browser


def state(page: Page, view: str, failure: str) -> Locator:
    return page.locator(f'{VIEWS[view][2]} [data-state="{failure}"]')


@pytest.mark.parametrize("failure", list(FAILURES))
@pytest.mark.parametrize("view", list(VIEWS))
def test_each_failure_is_told_and_the_way_on_is_there(visit: Callable[..., Visit], view: str, failure: str) -> None:
    query, address, _, content = VIEWS[view]
    answer, words, action = FAILURES[failure]
    page = visit(lang="en").page
    page.route(address, answer)
    page.goto(f"{visit(lang='en').address}{query}")
    told = state(page, view, failure)
    expect(told).to_contain_text(words[view])
    page.unroute(address)
    told.get_by_role("button", name=action).click()
    if failure == "refused":
        expect(page.locator("#sign-in")).to_be_visible()
        page.locator('#sign-in [data-role="DISPATCHER"]').click()
    expect(page.locator(content).first).to_be_visible()
    expect(told).to_have_count(0)


@pytest.mark.parametrize("view", list(VIEWS))
def test_who_is_signed_in_and_may_not_is_not_asked_to_sign_in(visit: Callable[..., Visit], view: str) -> None:
    query, address, _, _ = VIEWS[view]
    page = visit(lang="en", role="STEWARD").page
    page.route(address, answer_with(403, "not-allowed"))
    page.goto(f"{visit(lang='en').address}{query}")
    expect(state(page, view, "refused")).to_be_visible()
    expect(state(page, view, "refused").get_by_role("button", name="Sign in")).to_have_count(0)
