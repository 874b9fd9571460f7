"""Incidents in list and map: live, filtered, and where a link points."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def record(page: Page, words: str, lon: float = 116.4002, lat: float = 39.9028, category: str | None = None) -> str:
    """Record over HTTP as the page's account; the number."""
    address = page.url.split("?")[0]
    csrf = page.request.get(f"{address}api/v1/session").json()["csrf"]
    body = {
        "location": {"lon": lon, "lat": lat, "datum": "WGS84"},
        "category": category,
        "description": words,
        "source": "HOTLINE_12345",
    }
    answer = page.request.post(f"{address}api/v1/incidents", data=body, headers={"X-CSRF-Token": csrf})
    assert answer.status == 201, answer.text()
    number: str = answer.json()["number"]
    return number


def row(page: Page, number: str) -> str:
    return f'.incident[data-number="{number}"]'


def test_two_browsers_stay_in_step(visit: Callable[..., Visit]) -> None:
    desk, wall, reader = visit(role="ACCEPTOR"), visit(1920, 1080), visit(lang="en")
    page, screen, other = desk.open(), wall.open("?view=wall"), reader.open()
    for opened in (page, other):
        expect(opened.locator("#view-incidents .live-light")).to_have_attribute("data-state", "open")
    expect(screen.locator("#wall .live-light")).to_have_attribute("data-state", "open")
    number = record(page, "seen by all", category="EVENT_CJT214:0102")
    for opened in (page, other):
        expect(opened.locator(row(opened, number))).to_be_visible()
    expect(screen.locator(f'#wall [data-number="{number}"]')).to_be_visible()
    assert desk.troubles + wall.troubles + reader.troubles == []


def test_the_tabs_of_a_browser_share_one_stream(visit: Callable[..., Visit]) -> None:
    visitor = visit(role="ACCEPTOR")
    page = visitor.open()
    second = page.context.new_page()
    second.goto(visitor.address)
    for opened in (page, second):
        expect(opened.locator("#view-incidents .live-light")).to_have_attribute("data-state", "open")
    number = record(page, "seen in both tabs")
    for opened in (page, second):
        expect(opened.locator(row(opened, number))).to_be_visible()
    used = (
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/live')).map(({ name }) => name)"
    )
    assert [name for name in page.evaluate(used) + second.evaluate(used) if name.endswith("api/v1/live")] == []


def test_new_ones_do_not_move_what_is_being_read(visit: Callable[..., Visit]) -> None:
    visitor = visit(height=500, lang="en", role="ACCEPTOR")
    page = visitor.open()
    numbers = [record(page, f"row {count}") for count in range(6)]
    expect(page.locator(row(page, numbers[-1]))).to_be_visible()
    page.locator(".list-box").evaluate("(box) => { box.scrollTop = 150; }")
    expect(page.locator(".fresh-pill")).to_be_hidden()
    before = page.locator(row(page, numbers[2])).bounding_box()
    latest = record(page, "arrives while reading")
    expect(page.locator(".fresh-pill")).to_have_text("1 new")
    assert page.locator(row(page, numbers[2])).bounding_box() == before
    page.locator(".fresh-pill").click()
    expect(page.locator(row(page, latest))).to_be_in_viewport()
    expect(page.locator(".fresh-pill")).to_be_hidden()


def test_filters_are_in_the_address_and_a_link_restores_the_screen(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open()
    number = record(page, "zebra crossing faded")
    page.locator('#view-incidents [name="q"]').fill("zebra")
    expect(page.locator(".incident")).to_have_count(1)
    page.locator(row(page, number)).click()
    expect(page.locator(".incident-words")).to_have_text("zebra crossing faded")
    assert "q=zebra" in page.url
    assert f"incident={number}" in page.url
    colleague = visit(lang="en")
    theirs = colleague.open(page.url.removeprefix(visitor.address))
    expect(theirs.locator(".incident-words")).to_have_text("zebra crossing faded")
    expect(theirs.locator(row(theirs, number))).to_have_attribute("aria-current", "true")
    expect(theirs.locator('#view-incidents [name="q"]')).to_have_value("zebra")
    expect(theirs.locator(".incident")).to_have_count(1)
    page.go_back()
    expect(page.locator('[data-state="empty"]')).to_be_visible()
    assert visitor.troubles + colleague.troubles == []


def test_the_map_clusters_and_opens_what_the_list_opens(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?map=19/39.9028/116.4002&q=giraffe")
    numbers = [record(page, "giraffe", 116.4001 + count * 0.00015, 39.9028) for count in range(3)]
    expect(page.locator(".incident")).to_have_count(3)
    page.evaluate("map_city.setZoom(15, { animate: false })")
    expect(page.locator(".incident-cluster")).to_have_text("3")
    expect(page.locator(".incident-cluster.is-chosen")).to_have_count(0)
    page.locator(".incident").last.click()
    expect(page.locator(".incident-cluster.is-chosen")).to_have_text("3")
    page.locator(".incident-cluster").click()
    expect(page.locator(".incident-dot")).to_have_count(3)
    page.locator(".incident-dot").first.click()
    expect(page.locator(".incident-number")).to_be_visible()
    expect(page.locator(".incident[aria-current]")).to_have_count(1)
    assert any(number in page.url for number in numbers)
    assert visitor.troubles == []


def test_j_and_k_walk_the_list_and_enter_opens(visit: Callable[..., Visit]) -> None:
    visitor = visit(role="ACCEPTOR")
    page = visitor.open("?q=okapi")
    numbers = [record(page, f"okapi {count}") for count in range(3)]
    expect(page.locator(".incident")).to_have_count(3)
    for _ in range(2):
        page.keyboard.press("j")
    expect(page.locator(row(page, numbers[1]))).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator(".incident-words")).to_have_text("okapi 2")
    assert numbers[2] in page.url


def test_a_list_that_cannot_be_had_says_why(visit: Callable[..., Visit]) -> None:
    number = record(visit(role="ACCEPTOR").open(), "is in the list again")
    visitor = visit(lang="en")

    def refuse(status: int, kind: str) -> Callable[[Route], None]:
        body = f'{{"type": "/problems/{kind}", "title": "t", "status": {status}}}'
        return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=body)

    note = visitor.page.locator("#view-incidents .list-note")
    for status, kind, words in (
        (403, "not-allowed", "may not see"),
        (404, "no-such-address", "does not offer"),
        (500, "internal-error", "did not load"),
    ):
        visitor.page.route("**/api/v1/incidents?*", refuse(status, kind))
        visitor.open()
        expect(note).to_contain_text(words)
        visitor.page.unroute("**/api/v1/incidents?*")
    note.get_by_role("button", name="Try again").click()
    expect(visitor.page.locator(row(visitor.page, number))).to_be_visible()


def test_an_incident_that_is_not_there_is_told(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?incident=20200101-000001")
    state = page.locator('[data-state="missing"]')
    expect(state).to_contain_text("Not found")
    expect(state).to_contain_text("The number may be wrong")
    state.get_by_role("button", name="Clear selection").click()
    expect(page.locator('[data-state="empty"]')).to_be_visible()
    assert "incident=" not in page.url


def test_an_incident_is_resolved_again_and_a_difference_is_shown(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open()
    number = record(page, "asked again")
    page.locator(row(page, number)).click()
    page.get_by_role("button", name="Resolve again").click()
    expect(page.locator(".again")).to_contain_text("The same to the byte (edition 1")

    def differ(route: Route) -> None:
        told = route.fetch().json()
        chief = {**told["resolution"]["chief"], "name": "<b>Somebody Else</b>"}
        route.fulfill(json={"same": False, "resolution": {**told["resolution"], "chief": chief, "match": "GAP"}})

    page.route("**/again", differ)
    page.get_by_role("button", name="Resolve again").click()
    expect(page.locator(".changes li")).to_have_count(2)
    expect(page.locator(".changes li", has_text="Match").locator("ins")).to_have_text("In a gap")
    expect(page.locator(".changes ins", has_text="Somebody")).to_have_text("<b>Somebody Else</b> · Subdistrict chief")
    assert visitor.troubles == []


def test_an_open_incident_follows_what_happens_to_it(visit: Callable[..., Visit], tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "grey").save(tmp_path / "later.jpg")
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open()
    number = record(page, "photo comes later")
    page.locator(row(page, number)).click()
    expect(page.locator(".incident-words")).to_have_text("photo comes later")
    csrf = page.request.get(f"{visitor.address}api/v1/session").json()["csrf"]
    sent = page.request.post(
        f"{visitor.address}api/v1/incidents/{number}/photos",
        data=(tmp_path / "later.jpg").read_bytes(),
        headers={"X-CSRF-Token": csrf, "Content-Type": "image/jpeg"},
    )
    assert sent.status == 201
    expect(page.locator("#answer .photos img")).to_have_count(1)
    assert visitor.troubles == []


def test_ten_thousand_rows_scroll_with_few_elements(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open()
    made = """async () => {
      const { makeVirtualList } = await import(new URL("assets/js/shared/virtual_list.js", document.baseURI));
      const box = document.querySelector(".list-box");
      box.replaceChildren();
      const items = Array.from({ length: 10000 }, (_, i) => ({ key: `k${i}`, words: `第 ${i} 行` }));
      const draw = (item) => Object.assign(document.createElement("a"), { href: "?", textContent: item.words });
      const list = makeVirtualList(box, { draw, keyOf: ({ key }) => key, rowHeight: () => 68, label: () => "rows" });
      list.set(items);
      const began = performance.now();
      list.focus(9999);
      return [box.querySelectorAll("li").length, document.activeElement.textContent, performance.now() - began];
    }"""
    rows, focused, took_ms = page.evaluate(made)
    assert rows < 80
    assert focused == "第 9999 行"
    assert took_ms < 500


def test_categories_stand_in_the_same_order_and_groups_in_filter_and_answer(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open("?lon=116.4003&lat=39.9013")
    expect(page.locator("#category optgroup option")).to_have_count(3)
    groups = """(select) => [...select.querySelectorAll("optgroup")].map(
      (group) => [group.label, [...group.children].map(({ value, label }) => [value, label])])"""
    in_answer = page.locator("#category").evaluate(groups)
    assert [label for label, _ in in_answer] == ["Event", "Component"]
    assert page.locator('select[name="about"]').evaluate(groups) == in_answer
