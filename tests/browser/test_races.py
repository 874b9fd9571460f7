"""Late answers never take the place of newer ones, nothing is asked for twice, and nothing that was written is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.fixtures.browser import Visit

A1, C2 = (116.4006, 39.9017), (116.4027, 39.9026)  # where no other test records anything
PATIENT = """
const plain = setTimeout;
window.setTimeout = (work, wait, ...given) => plain(work, wait === 1500 ? 60000 : wait, ...given);
"""
QUIET = "?lon=116.4002&lat=39.9028"
SHAPE = "?tab=zone&shape=polygon:116.400100,39.900100;116.402500,39.900200;116.402000,39.902500"
pytestmark = pytest.mark.browser


def hold(page: Page, address: str, method: str = "POST") -> list[Route]:
    """Keep requests waiting from now on; the list fills with them."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        if route.request.method == method:
            held.append(route)
        else:
            route.continue_()

    page.route(address, keep)
    return held


def test_the_list_is_asked_for_once_at_the_start(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    # However long the live stream takes to open: without it the list would be asked for before, and then again.
    visitor.page.add_init_script(PATIENT)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.removeprefix(visitor.address)))
    page = visitor.open()
    expect(page.locator("#view-incidents .live-light")).to_have_attribute("data-state", "open")
    expect(page.locator("#view-incidents .list-count")).not_to_be_empty()
    page.wait_for_timeout(400)
    assert len([url for url in asked if url.startswith("api/v1/incidents?")]) == 1
    assert len([url for url in asked if url.startswith("api/v1/categories")]) == 1
    # The edition in force is asked for again once the live stream tells of what comes after.
    twice = {url for url in asked if asked.count(url) > 1}
    assert twice <= {"api/v1/editions/current", "assets/icon.svg"}


def test_the_table_is_asked_for_once_at_the_start(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = visitor.open("?tab=table&layer=cells")
    expect(page.locator(".twin tbody tr")).to_have_count(9)
    page.wait_for_timeout(500)
    assert len([url for url in asked if "/layers/cells?" in url]) == 1


def test_a_network_that_comes_back_starts_nothing_a_second_time(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    visitor.page.route("**/api/v1/editions/current", lambda route: route.abort("connectionrefused"))
    visitor.page.goto(visitor.address)
    expect(visitor.page.locator('[data-state="offline"]')).to_be_visible()
    visitor.page.unroute("**/api/v1/editions/current")
    # What comes after the next edition is asked for once the live stream has begun.
    with visitor.page.expect_response(lambda answer: answer.url.endswith("/api/v1/editions")):
        visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.page.locator("#view-incidents .list-count")).not_to_be_empty()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    visitor.page.wait_for_timeout(300)
    assert asked == []


def test_a_late_answer_about_a_zone_does_not_cover_the_place_clicked_since(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    held = hold(visitor.page, "**/api/v1/resolve/shape*")
    page = visitor.open(SHAPE)
    expect(page.locator("path.selected-cell")).to_have_count(1)
    visitor.click_place(*C2)
    expect(page.locator("#answer h2")).to_have_text("C2")
    for route in held:
        route.continue_()
    page.wait_for_timeout(400)
    expect(page.locator("#answer h2")).to_have_text("C2")
    assert visitor.troubles == []


def test_a_report_that_arrives_late_leaves_the_reader_where_they_are(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(QUIET)
    held = hold(page, "**/api/v1/incidents")
    page.get_by_role("button", name="Record an incident").click()
    page.locator("#record-words").fill("arrives late")
    page.locator(".form-foot .primary").click()
    expect(page.locator('.incident[data-state="PENDING"]')).to_have_count(1)
    visitor.click_place(*C2)
    expect(page.locator("#answer h2")).to_have_text("C2")
    held[0].continue_()
    expect(page.locator("#announcer")).to_contain_text("is recorded")
    expect(page.locator('.incident[data-state="PENDING"]')).to_have_count(0)
    expect(page.locator("#answer h2")).to_have_text("C2")
    assert visitor.troubles == []


def test_a_report_that_failed_behind_the_readers_back_is_opened_from_the_list(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(QUIET)
    held = hold(page, "**/api/v1/incidents")
    page.get_by_role("button", name="Record an incident").click()
    page.locator("#record-words").fill("not thrown away")
    page.locator(".form-foot .primary").click()
    expect(page.locator('.incident[data-state="PENDING"]')).to_have_count(1)
    visitor.click_place(*C2)
    expect(page.locator("#answer h2")).to_have_text("C2")
    held[0].abort("connectionreset")
    row = page.locator('.incident[data-state="PENDING"]')
    expect(row).to_contain_text("not sent")
    page.unroute("**/api/v1/incidents")
    row.click()
    expect(page.locator("#record-words")).to_have_value("not thrown away")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".incident-words")).to_have_text("not thrown away")
    expect(row).to_have_count(0)


def test_escape_does_not_throw_away_what_was_written(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open(QUIET)
    page.get_by_role("button", name="Record an incident").click()
    page.locator("#record-words").fill("half a sentence")
    page.locator(".form-foot .primary").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#record-words")).to_have_value("half a sentence")


def test_a_change_goes_on_after_the_session_has_changed_elsewhere(visit: Callable[..., Visit]) -> None:
    """Another window of the browser signs in anew: the page's token is an old one, and it does not know."""
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(QUIET)
    page.get_by_role("button", name="Record an incident").click()
    page.locator("#record-words").fill("by another session")
    page.request.post(f"{visitor.address}api/v1/session/role", data={"role": "INSPECTOR"})
    page.locator(".form-foot .primary").click()
    expect(page.locator(".incident-words")).to_have_text("by another session")
    expect(page.locator("#who summary")).to_contain_text("Inspector")
    assert [trouble for trouble in visitor.troubles if "403" not in trouble] == []


def test_a_broken_answer_is_told_and_not_taken_for_an_empty_one(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    visitor.page.route(
        "**/api/v1/resolve?*", lambda route: route.fulfill(status=200, content_type="application/json", body='{"cell":')
    )
    page = visitor.open(f"?lon={A1[0]}&lat={A1[1]}")
    expect(page.locator('[data-state="failed"]')).to_contain_text("No answer came")
    assert visitor.troubles == []


def test_back_shows_the_part_of_the_map_that_the_address_names(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open("?map=18/39.9013/116.4005")
    visitor.click_place(*A1)
    expect(page.locator("#answer h2")).to_have_text("A1")
    page.evaluate("map_city.setView([39.9025, 116.4025], 19, { animate: false })")
    page.go_back()
    expect(page.locator('[data-state="empty"]')).to_be_visible()
    assert page.evaluate("map_city.getZoom()") == 18


def test_what_leaves_the_chosen_filters_or_period_leaves_the_list(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    left = page.evaluate(
        """async () => {
          const { makeIncidentStore } = await import(new URL("assets/js/console/incident_store.js", document.baseURI));
          const store = makeIncidentStore();
          store.begin();
          await store.load({ q: "", state: "REPORTED", about: "", period: "all", mine: "", inview: "" });
          const item = { number: "29990101-000001", state: "REPORTED", reported_at: "2999-01-01T00:00:00Z" };
          store.add(item);
          const before = store.find(item.number) !== null;
          store.add({ ...item, state: "SOLVED" });
          return [before, store.find(item.number)];
        }"""
    )
    assert left == [True, None]


def test_ten_thousand_live_messages_do_not_hold_the_page_up(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    took_ms, told, kept = page.evaluate(
        """async () => {
          const { makeIncidentStore } = await import(new URL("assets/js/console/incident_store.js", document.baseURI));
          const store = makeIncidentStore();
          store.begin();
          await store.load({ q: "no such words", state: "", about: "", period: "all", mine: "", inview: "" });
          let told = 0;
          store.subscribe(() => (told += 1));
          const began = performance.now();
          const item = { description: "no such words", reported_at: "2999-01-01T00:00:00Z" };
          for (let i = 100000; i < 112000; i += 1) store.add({ ...item, number: `29990101-${i}` });
          const took = performance.now() - began;
          await new Promise((resolve) => setTimeout(resolve, 400));
          return [took, told, store.items().length];
        }"""
    )
    assert took_ms < 3000
    assert told <= 3
    assert kept == 10_000


def test_the_page_is_not_ready_before_it_is_known_who_is_here(visit: Callable[..., Visit]) -> None:
    """What is drawn before that is drawn elsewhere in a moment, and takes away what was said."""
    page = (visitor := visit(lang="en", role="ACCEPTOR")).page
    held = hold(page, "**/api/v1/session", "GET")
    with page.expect_response("**/api/v1/map?*"):
        page.goto(visitor.address)
    page.wait_for_timeout(300)
    expect(page.locator(".map-frame")).to_have_attribute("data-loading", "first")
    for route in held:
        route.continue_()
    expect(page.locator(".map-frame")).not_to_have_attribute("data-loading", re.compile("."))
    page.keyboard.press("n")
    expect(page.locator("#map-note")).to_contain_text("needs a place first")
    assert visitor.troubles == []
