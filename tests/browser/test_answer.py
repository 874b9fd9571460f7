"""A click on the map gives the whole answer, and the address gives it again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

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
    expect(state).to_contain_text("990101002001002")
    expect(page.locator("#announcer")).to_have_text("Outside coverage")
    assert [trouble for trouble in visitor.troubles if "404" not in trouble] == []


def test_click_shows_who_answers_and_marks_cell_and_street(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open()
    visitor.click_place(*IN_A1)
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
    expect(page.locator("path.accuracy-ring")).to_have_count(1)


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
    code = link.inner_text().strip()
    link.click()
    expect(page.locator(".thing .chip")).to_have_text("Competence")
    expect(page.locator(".thing .answer-code")).to_have_text(code)
    expect(page.locator(".thing .facts")).to_contain_text("0505 car parked wrongly")
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
