"""A click on the map gives the whole answer, and the address gives it again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.fixtures.browser import Visit

IN_A1, IN_C2, OUTSIDE = (116.4003, 39.9013), (116.4027, 39.9026), (116.4060, 39.9013)
pytestmark = pytest.mark.browser


def at(place: tuple[float, float]) -> str:
    return f"?lon={place[0]}&lat={place[1]}"


def test_outside_the_city_says_so_and_names_the_nearest_cell(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open(at(OUTSIDE))
    state = page.locator('[data-state="outside"]')
    expect(state).to_contain_text("Outside coverage")
    expect(page.locator("#announcer")).to_have_text("Outside coverage")
    state.get_by_role("link", name="C1").click()
    expect(page.locator(".thing h2")).to_have_text("C1")
    expect(page.locator("path.selected-cell")).to_have_count(1)
    assert [trouble for trouble in visitor.troubles if "404" not in trouble] == []


def test_click_shows_who_answers_and_marks_cell_and_street(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open()
    visitor.click_place(116.4006, 39.9017)  # where no other test records anything
    answer = page.locator("#answer")
    expect(answer.locator("h2")).to_have_text("A1")
    expect(answer.locator(".answer-head")).to_contain_text("990101001001002")
    expect(answer.locator(".chip")).to_have_text("Inside")
    expect(answer.locator('[data-part="chief"]')).to_contain_text("An Yi")
    expect(answer.locator('[data-part="chief"]')).to_contain_text("Apricot Lane")
    expect(answer.locator('[data-part="people"]')).to_contain_text("Fu Liu")
    expect(answer.locator('[data-part="departments"] .lead')).to_contain_text("West Subdistrict Office")
    expect(page.locator("path.selected-cell")).to_have_count(1)
    expect(page.locator("path.selected-segment")).to_have_count(1)
    expect(page.locator(".place-marker")).to_have_count(1)
    expect(page.locator("#announcer")).to_have_text("A1. An Yi answers. West Subdistrict Office leads.")
    assert visitor.troubles == []


def test_the_highlight_is_where_the_cell_is(visit: Callable[..., Visit]) -> None:
    page = visit().open(at(IN_A1))
    box = page.locator("path.selected-cell").bounding_box()
    corner = page.evaluate("map_city.latLngToContainerPoint([39.902, 116.400])")
    frame = page.locator("#map_city").bounding_box()
    assert box is not None
    assert frame is not None
    assert abs(box["x"] - frame["x"] - corner["x"]) < 3
    assert abs(box["y"] - frame["y"] - corner["y"]) < 3


def test_a_link_shows_the_same_answer_and_back_returns(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open(at(IN_A1))
    heading = page.locator("#answer h2")
    expect(heading).to_have_text("A1")
    visitor.click_place(*IN_C2)
    expect(heading).to_have_text("C2")
    copied = page.url
    assert re.search(r"lon=116\.402[67]\d*&lat=39\.902[56]\d*", copied)
    page.go_back()
    expect(heading).to_have_text("A1")
    page.go_forward()
    expect(heading).to_have_text("C2")
    colleague = visit()
    expect(colleague.open(copied.removeprefix(visitor.address)).locator("#answer h2")).to_have_text("C2")
    assert visitor.troubles == []


def test_a_category_changes_department_and_next_step(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open(at(IN_A1))
    page.locator("#category").focus()
    page.locator("#category").select_option("EVENT_CJT214:0505")
    expect(page.locator(".lead")).to_contain_text("District Traffic Police")
    expect(page.locator('[data-part="departments"] .rows')).to_contain_text("West Subdistrict Office")
    expect(page.locator(".next-step")).to_contain_text("blow the whistle")
    expect(page.locator("#category")).to_be_focused()
    assert "category=EVENT_CJT214:0505" in page.url
    assert visitor.troubles == []


def test_doubt_shows_the_ring_and_a_bar_for_each_candidate(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open(f"{at((116.40195, 39.9013))}&accuracy_m=30")
    doubt = page.locator('[data-part="doubt"]')
    expect(doubt).to_contain_text("Close to a border of responsibility")
    expect(doubt.locator(".bars li").first).to_contain_text("%")
    assert doubt.locator(".bars li").count() >= 2
    expect(doubt.locator(".bars li").nth(0)).to_contain_text("B1")
    expect(doubt.locator(".bars li").nth(1)).to_contain_text("C1")
    expect(page.locator("path.accuracy-ring")).to_have_count(1)


@pytest.mark.parametrize("width", [375, 1440])
def test_doubt_is_told_beside_the_answer_before_who_answers(visit: Callable[..., Visit], width: int) -> None:
    page = visit(lang="en", width=width).open(f"{at((116.40195, 39.9013))}&accuracy_m=30")
    brief = page.locator('[data-part="doubt-brief"]')
    expect(brief).to_contain_text(re.compile(r"\d\d % likely to lie in this cell"))
    expect(brief).to_contain_text("Close to a border of responsibility")
    expect(brief).to_be_in_viewport(ratio=1)
    expect(page.locator("#announcer")).to_contain_text("In doubt.")
    chief = page.locator('[data-part="chief"]').bounding_box()
    told = brief.bounding_box()
    assert chief is not None
    assert told is not None
    assert told["y"] + told["height"] <= chief["y"]
    brief.get_by_role("button", name="Details").click()
    expect(page.locator('[data-part="doubt"] .bars')).to_be_in_viewport()


def test_a_sure_answer_has_no_word_of_doubt(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open(at((116.4005, 39.9015)))
    expect(page.locator('[data-part="chief"]')).to_be_visible()
    expect(page.locator('[data-part="doubt-brief"]')).to_have_count(0)


def test_the_trace_is_closed_until_asked_for_and_stays_open(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open(at(IN_A1))
    trace = page.locator(".trace")
    expect(trace.locator("li").first).to_be_hidden()
    trace.locator("summary").click()
    expect(trace.locator("li").first).to_contain_text("inside cell")
    page.locator("#language").click()
    expect(trace.locator("li").first).to_contain_text("单元网格 A1")


def test_the_trace_leads_to_what_it_names_and_back(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open(f"{at(IN_A1)}&category=EVENT_CJT214:0505")
    page.locator(".trace summary").click()
    link = page.locator('.trace a[href*="row=competences"]').first
    code = link.get_attribute("title") or "-"
    expect(link).to_have_text("Competence")
    link.click()
    expect(page.locator(".thing .chip")).to_have_text("Competence")
    expect(page.locator(".thing .answer-code")).to_have_text(code)
    expect(page.locator(".thing .facts")).to_contain_text("0505 car parked wrongly")
    expect(page.locator(".thing .facts")).to_contain_text("District Traffic Police")
    page.locator('.thing a[href*="row=departments"]').click()
    expect(page.locator(".thing .chip")).to_have_text("Department")
    page.go_back()
    page.go_back()
    expect(page.locator("#answer h2")).to_have_text("A1")
    page.locator(".trace summary").click()
    page.locator('.trace a[href*="row=posts"]').first.click()
    expect(page.get_by_role("link", name="See it in the roster")).to_have_attribute("href", re.compile("post="))
    assert visitor.troubles == []


def test_a_determination_is_outlined_where_it_holds(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open("?lon=116.4008&lat=39.9008&category=EVENT_CJT214:0102")
    page.locator(".trace summary").click()
    page.locator('.trace a[href*="row=determinations"]').first.click()
    expect(page.locator(".thing .chip")).to_have_text("Determination")
    expect(page.locator("path.selected-cell")).to_have_count(1)
    assert visitor.troubles == []


def test_another_datum_is_read_as_said_and_the_given_pair_is_kept(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open()
    page.locator("#search-text").fill("116.406543，39.902675")
    page.locator("#search-datum").select_option("GCJ02")
    page.locator("#search-text").press("Enter")
    expect(page.locator(".answer-head")).to_contain_text("Given as 116.406543, 39.902675 (GCJ02)")
    expect(page.locator(".answer-head")).to_contain_text("990101001001")
    expect(page.locator(".place-marker")).to_have_count(1)
    assert "datum=GCJ02" in page.url


def test_trace_and_cards_call_things_by_their_names_in_either_language(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open(f"{at(IN_A1)}&category=EVENT_CJT214:0505")
    page.locator(".trace summary").click()
    trace = page.locator(".trace")
    for name in ("A1", "Apricot Community", "Apricot Lane", "An Yi", "District Traffic Police"):
        expect(trace.get_by_role("link", name=name, exact=True).first).to_be_visible()
    page.locator(".lead").get_by_role("link", name="by its competence").click()
    expect(page.locator(".thing h2")).to_have_text("car parked wrongly · Lead")
    page.go_back()
    page.locator(".trace summary").click()
    page.locator('.trace a[href*="row=posts"]').first.click()
    expect(page.locator(".thing h2")).to_have_text("Lane chief · Apricot Lane")
    expect(page.locator(".thing .facts")).to_contain_text("Street Apricot Lane")
    expect(page.locator("path.selected-segment")).to_have_count(1)
    page.locator("#language").click()
    expect(page.locator(".thing h2")).to_have_text("巷长 · Apricot Lane")
    expect(page.locator(".thing .facts")).to_contain_text("街巷段 Apricot Lane")


@pytest.mark.parametrize("table", ["departments", "duty_items", "categories", "posts", "patches"])
def test_no_card_of_the_roster_shows_a_constant_of_the_program(visit: Callable[..., Visit], table: str) -> None:
    visitor = visit(lang="en")
    items = visitor.page.request.get(f"{visitor.address}api/v1/{table}?limit=2").json()["items"]
    assert items
    for item in items:
        key = f"{item['scheme']}:{item['code']}" if table == "categories" else item["code"]
        visitor.page.goto(f"{visitor.address}?row={table}:{key}&lang=en")
        for lang in ("en", "zh"):
            expect(visitor.page.locator("html")).to_have_attribute("lang", re.compile(lang))
            expect(visitor.page.locator(".thing .answer-code")).to_be_visible()
            facts = visitor.page.locator(".thing .facts :is(dt, dd)")
            expect(facts.filter(has_text=re.compile(r"\b[A-Z]{4,}(_[A-Z]+)*\b|_"))).to_have_count(0)
            visitor.page.locator("#language").click()


def test_closing_stands_clear_of_what_is_read(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", height=600).open(at(IN_A1))
    expect(page.locator("#answer h2")).to_have_text("A1")
    close, body = page.locator("#inspector-close").bounding_box(), page.locator("#answer").bounding_box()
    assert close is not None
    assert body is not None
    assert close["y"] + close["height"] <= body["y"]


@pytest.mark.parametrize("passed", ["CHIEF_VACANT", "CHIEF_ABSENT"])
def test_where_nobody_answers_no_higher_level_is_promised(visit: Callable[..., Visit], passed: str) -> None:
    visitor = visit(lang="en")

    def vacate(route: Route) -> None:
        told = route.fetch().json()
        line = {"code": passed, "zh": "空缺", "en": "vacant", "ids": []}
        route.fulfill(json={**told, "chief": None, "trace": [*told["trace"], line]})

    visitor.page.route("**/api/v1/resolve?*", vacate)
    page = visitor.open("?lon=116.4003&lat=39.9013")
    card = page.locator('[data-part="chief"] .card')
    expect(card).to_contain_text("No chief answers here")
    expect(card).to_contain_text("Every chief's post here is vacant")
    expect(card).not_to_contain_text("next level")


def test_the_map_stays_where_it_is_when_a_pair_is_refused(visit: Callable[..., Visit]) -> None:
    """There is no GCJ-02 outside China: neither the search nor a link leads to where the pair would lie in WGS84."""
    page = visit(lang="en").open("?map=17/39.9015/116.4015")
    page.locator("#search-text").fill("10 10")
    page.locator("#search-datum").select_option("GCJ02")
    page.locator("#search-text").press("Enter")
    expect(page.locator('[data-state="invalid"]')).to_be_visible()
    expect(page.locator(".place-marker")).to_have_count(0)
    assert page.evaluate("map_city.getBounds().contains([39.9015, 116.4015])")
    linked = visit(lang="en").open("?lon=10&lat=10&datum=GCJ02")
    expect(linked.locator('[data-state="invalid"]')).to_be_visible()
    assert linked.evaluate("map_city.getBounds().contains([39.9015, 116.4015])")
