"""What one officer changes shows on another's page, and nothing that is being typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.roster_page import change, choose, open_roster
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def rename(page: Page, name: str) -> None:
    """Another officer gives the holder of CHIEF-EAST another name."""
    version = page.evaluate('fetch("api/v1/people/P05").then((answer) => answer.headers.get("ETag"))')
    change(page, {"table": "people", "key": "P05", "row": {"code": "P05", "name": name}, "etag": version})


def test_changes_that_come_while_the_tables_are_read_are_followed_together(officers: tuple[Page, Page]) -> None:
    """Each reading asks for all tables: many changes in a row would have the page wait in its own line."""
    page, other = officers
    kept: list[Route] = []
    asked: list[str] = []
    tables = "**/api/v1/people?limit=20000*"
    page.on("request", lambda request: asked.append(request.url) if "/people?limit=20000" in request.url else None)
    page.route(tables, lambda route: route.continue_() if kept else kept.append(route))
    for number in range(4):
        rename(other, f"E Wu {number}")
        expect(other.locator('[data-post="CHIEF-EAST"]')).to_contain_text(f"E Wu {number}")  # heard by all by then
    assert len(asked) == 1
    with page.expect_request(tables):
        kept[0].continue_()
    expect(page.locator('[data-post="CHIEF-EAST"]')).to_contain_text("E Wu 3")
    assert len(asked) == 2
    rename(other, "E Wu")


@pytest.fixture
def officers(visit: Callable[..., Visit]) -> tuple[Page, Page]:
    """Two browsers at the roster, each signed in; both hear what happens."""
    pages = tuple(open_roster(visit(lang="en", role="ROSTER_CLERK")) for _ in range(2))
    for page in pages:
        expect(page.locator("#main")).to_have_attribute("data-live", "open")
    return pages  # type: ignore[return-value]


def test_another_officers_change_shows_by_itself(officers: tuple[Page, Page]) -> None:
    page, other = officers
    choose(page, "CHIEF-EAST")
    page.locator('[data-post="CHIEF-EAST"] .link').focus()
    rename(other, "E Wu the Second")
    expect(page.locator("#detail .card-name")).to_contain_text("E Wu the Second")
    expect(page.locator('[data-post="CHIEF-EAST"]')).to_contain_text("E Wu the Second")
    expect(page.locator('[data-post="CHIEF-EAST"] .link')).to_be_focused()
    expect(page.locator("#find-post")).to_have_value("CHIEF-EAST")
    rename(other, "E Wu")
    expect(page.locator("#detail .card-name")).not_to_contain_text("the Second")


def test_while_somebody_types_they_are_told_and_lose_nothing(officers: tuple[Page, Page]) -> None:
    page, other = officers
    choose(page, "CHIEF-EAST")
    page.locator("#find-post").fill("chief-e")
    rename(other, "E Wu the Third")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Somebody has changed the roster")
    expect(page.locator("#find-post")).to_be_focused()
    expect(page.locator("#find-post")).to_have_value("chief-e")
    expect(page.locator("#detail .card-name")).not_to_contain_text("Third")
    notice.get_by_role("button", name="Reload").click()
    expect(page.locator("#detail .card-name")).to_contain_text("E Wu the Third")
    expect(page.locator("#find-post")).to_have_value("chief-e")
    expect(notice).not_to_be_visible()
    rename(other, "E Wu")


@pytest.mark.parametrize("width", [375, 1440])
def test_the_news_do_not_move_what_somebody_types_into(visit: Callable[..., Visit], width: int) -> None:
    page, other = (open_roster(visit(width, 812, "en", role="ROSTER_CLERK")) for _ in range(2))
    expect(page.locator("#main")).to_have_attribute("data-live", "open")
    page.locator("#find-post").fill("chief")
    before = page.locator("#find-post").bounding_box()
    rename(other, "E Wu the Sixth")
    expect(page.locator("#notice")).to_be_visible()
    assert page.locator("#find-post").bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rename(other, "E Wu")


def test_what_changed_while_somebody_typed_shows_when_they_have_done(officers: tuple[Page, Page]) -> None:
    page, other = officers
    choose(page, "CHIEF-EAST")
    page.locator("#find-post").fill("chief-east")
    rename(other, "E Wu the Fifth")
    expect(page.locator("#notice")).to_contain_text("Somebody has changed the roster")
    page.locator('[data-post="CHIEF-EAST"] .link').focus()
    expect(page.locator("#detail .card-name")).to_contain_text("E Wu the Fifth")
    expect(page.locator("#notice")).not_to_be_visible()
    rename(other, "E Wu")


def test_an_open_form_stays_and_what_changed_shows_after_it(officers: tuple[Page, Page]) -> None:
    page, other = officers
    choose(page, "CHIEF-EAST")
    page.get_by_role("button", name="Stand-in…").click()
    page.locator("#new-stand-in").fill("Bo")
    rename(other, "E Wu the Fourth")
    expect(page.locator("#notice")).to_be_attached()
    expect(page.locator("#notice")).to_contain_text("Somebody has changed the roster")
    expect(page.locator("#new-stand-in")).to_have_value("Bo")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#detail .card-name")).to_contain_text("E Wu the Fourth")
    expect(page.locator("#notice")).not_to_be_visible()
    rename(other, "E Wu")


def test_a_change_of_ones_own_is_no_news(officers: tuple[Page, Page]) -> None:
    page, other = officers
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url) if "/api/v1/people?" in request.url else None)
    choose(page, "CHIEF-EAST")
    page.get_by_role("button", name="Absence…").click()
    page.locator("#away-from").fill("2096-03-02")
    page.locator("#away-to").fill("2096-03-09")
    page.locator("#change-dialog button[type=submit]").click()
    page.locator("#change-dialog .primary").click()
    expect(page.locator("#detail .card")).to_contain_text("2096-03-02 – 2096-03-09")
    choose(other, "CHIEF-EAST")
    expect(other.locator("#detail .card")).to_contain_text("2096-03-02 – 2096-03-09")
    assert len(told) == 1, "read once after the change, and not again when it is heard of"
    expect(page.locator("#notice")).not_to_be_visible()
