"""From an answer to a recorded incident: by keyboard, once whatever happens, and never lost."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.fixtures.browser import Visit

PLACE = "?lon=116.4002&lat=39.9028"
NUMBER = re.compile(r"No\. \d{8}-\d{6}")
pytestmark = pytest.mark.browser


def recorded(page: Page, words: str) -> int:
    """How many incidents with these words the service has."""
    answer = page.request.get(f"{page.url.split('?')[0]}api/v1/incidents", params={"q": words})
    return len(answer.json()["items"])


def open_form(page: Page, words: str) -> None:
    page.get_by_role("button", name="Record an incident").click()
    page.locator("#record-words").fill(words)


def test_a_visitor_signs_in_first_and_the_form_comes_after(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en")
    page = visitor.open(PLACE)
    page.get_by_role("button", name="Record an incident").click()
    expect(page.locator("#sign-in")).to_be_visible()
    page.locator("#login").fill("nobody")
    page.locator("#password").fill("wrong")
    page.locator("#sign-in .primary").click()
    expect(page.locator("#sign-in .form-error")).to_contain_text("wrong")
    page.get_by_role("button", name="Acceptor").click()
    expect(page.locator(".record")).to_be_visible()
    expect(page.locator("#who summary")).to_contain_text("Acceptor")
    assert [trouble for trouble in visitor.troubles if "401" not in trouble] == []


def test_who_may_not_record_is_not_offered_it_and_told_why_by_the_key(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="PLANNER")
    page = visitor.open(PLACE)
    expect(page.locator("#answer h2")).to_have_text("A2")
    expect(page.locator('[data-act="record"]')).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("#map-note")).to_have_text("Your role (Planner) may not record incidents.")
    expect(page.locator("#sign-in")).to_be_hidden()
    expect(page.locator(".record")).to_have_count(0)
    assert visitor.troubles == []


def test_who_signs_in_to_record_and_may_not_is_told_so(visit: Callable[..., Visit]) -> None:
    page = visit(lang="zh").open(PLACE)
    page.get_by_role("button", name="登记案件").click()
    page.get_by_role("button", name="系统管理员").click()
    expect(page.locator("#map-note")).to_have_text("您的角色（系统管理员）不能登记案件。")
    expect(page.locator('[data-act="record"]')).to_have_count(0)
    expect(page.locator(".record")).to_have_count(0)


def test_from_search_to_a_recorded_incident_by_keyboard_alone(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open()
    page.keyboard.press("/")
    page.keyboard.type("116.4002, 39.9028")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("A2")
    expect(page.locator("#inspector")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(".record")).to_be_visible()
    page.keyboard.type("rubb")
    expect(page.locator(".record .choice").first).to_contain_text("rubbish")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("walked by keyboard")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".incident-number")).to_have_text(NUMBER)
    expect(page.locator("#answer h2")).to_have_text("exposed rubbish")
    expect(page.locator("#announcer")).to_contain_text("Incident")
    expect(page.locator("#inspector")).to_be_focused()
    assert re.search(r"incident=\d{8}-\d{6}", page.url)
    assert recorded(page, "walked by keyboard") == 1
    assert visitor.troubles == []


def test_enter_takes_the_category_that_fits_what_is_typed(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(PLACE)
    expect(page.locator("#answer h2")).to_have_text("A2")
    page.keyboard.press("n")
    page.keyboard.type("rubb")
    expect(page.locator(".record .choice").first).to_contain_text("rubbish")
    page.keyboard.press("Enter")
    expect(page.locator(".record .choice input").first).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer h2")).to_have_text("exposed rubbish")
    assert visitor.troubles == []


def test_the_arrow_goes_from_what_is_typed_into_the_list(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open(PLACE)
    open_form(page, "")
    page.locator(".category-choice input[type=search]").fill("park")
    page.locator(".category-choice input[type=search]").press("ArrowDown")
    expect(page.locator(".record .choice input").first).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer h2")).to_have_text("car parked wrongly")


def test_a_typed_category_that_was_not_chosen_is_not_lost_without_a_word(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR", width=375).open(PLACE)
    open_form(page, "typed and not chosen")
    page.locator(".category-choice input[type=search]").fill("rubb")
    page.locator(".form-foot .primary").click()
    error = page.locator(".form-foot .form-error")
    expect(error).to_contain_text("“rubb” is no chosen category yet")
    expect(error).to_be_in_viewport(ratio=1)
    expect(page.locator(".category-choice input[type=search]")).to_be_focused()
    assert recorded(page, "typed and not chosen") == 0
    page.locator(".category-choice input[type=search]").fill("")
    expect(error).to_be_hidden()
    page.locator(".form-foot .primary").click()
    expect(page.locator(".incident-number")).to_have_text(NUMBER)


def test_what_was_wrong_is_no_longer_said_once_a_category_is_chosen(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open(PLACE)
    open_form(page, "")
    page.locator(".category-choice input[type=search]").fill("rubb")
    page.locator(".form-foot .primary").click()
    expect(page.locator(".form-foot .form-error")).to_be_visible()
    page.locator(".category-choice input[type=search]").press("Enter")
    expect(page.locator(".record .choice input").first).to_be_checked()
    expect(page.locator(".form-foot .form-error")).to_be_hidden()


def test_giving_up_brings_the_focus_back_to_the_button(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR").open(PLACE)
    page.get_by_role("button", name="Record an incident").press("Enter")
    page.locator(".record").get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_role("button", name="Record an incident")).to_be_focused()


def test_the_key_without_a_place_says_what_is_wanted(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open()
    page.keyboard.press("n")
    expect(page.locator("#map-note")).to_contain_text("needs a place first")
    visitor.click_place(116.4025, 39.9005)
    expect(page.locator("#answer h2")).to_have_text("C0")
    expect(page.locator("#map-note")).to_be_hidden()


def test_nothing_shows_below_the_buttons_of_a_form(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="ACCEPTOR", width=375).open(PLACE)
    open_form(page, "")
    page.locator(".record .more summary").click()
    foot, body = page.locator(".form-foot").bounding_box(), page.locator("#answer").bounding_box()
    assert foot is not None
    assert body is not None
    assert foot["y"] + foot["height"] >= body["y"] + body["height"] - 1


def test_two_clicks_after_the_answer_record_with_the_answers_category(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(f"{PLACE}&category=EVENT_CJT214:0505")
    page.get_by_role("button", name="Record an incident").click()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator(".incident-number")).to_have_text(NUMBER)
    expect(page.locator("#answer h2")).to_have_text("car parked wrongly")
    expect(page.locator("#answer .lead")).to_contain_text("District Traffic Police")
    assert visitor.troubles == []


def test_a_double_click_records_once_and_the_marker_is_there_at_once(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(PLACE)
    held: list[Route] = []
    page.route(
        "**/api/v1/incidents", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    open_form(page, "clicked twice")
    page.locator(".form-foot .primary").dblclick()
    expect(page.locator('.incident[data-state="PENDING"]')).to_have_count(1)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator(".incident-number")).to_have_text(NUMBER)
    expect(page.locator('.incident[data-state="PENDING"]')).to_have_count(0)
    assert recorded(page, "clicked twice") == 1
    assert visitor.troubles == []


def test_a_lost_answer_is_asked_for_again_and_nothing_is_recorded_twice(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(PLACE)

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        route.fetch()
        return route.abort("connectionreset")

    page.route("**/api/v1/incidents", lose)
    open_form(page, "answer lost on its way")
    page.locator(".form-foot .primary").click()
    expect(page.locator(".form-foot .form-error")).to_contain_text("without fear of a second incident")
    expect(page.locator("#record-words")).to_be_disabled()
    assert recorded(page, "answer lost on its way") == 1
    page.unroute("**/api/v1/incidents")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".incident-number")).to_have_text(NUMBER)
    assert recorded(page, "answer lost on its way") == 1


def test_a_report_that_is_refused_can_be_mended_and_sent(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(PLACE)
    body = '{"type": "/problems/invalid-parameters", "title": "t", "status": 422, "detail": "What is wrong."}'
    page.route(
        "**/api/v1/incidents",
        lambda route: (
            route.fulfill(status=422, content_type="application/problem+json", body=body)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    open_form(page, "mended")
    page.locator(".form-foot .primary").click()
    expect(page.locator(".form-foot .form-error")).to_have_text("What is wrong.")
    expect(page.locator("#record-words")).to_be_enabled()
    expect(page.locator('.incident[data-state="PENDING"]')).to_have_count(0)


def test_a_photo_goes_along_and_is_shown(visit: Callable[..., Visit], tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), (200, 30, 30)).save(tmp_path / "red.jpg")
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open(PLACE)
    open_form(page, "with a photo <b>not markup</b>")
    page.locator("#record-photos").set_input_files(tmp_path / "red.jpg")
    expect(page.locator(".record .photos canvas")).to_have_count(1)
    page.locator(".form-foot .primary").click()
    expect(page.locator(".incident-words")).to_have_text("with a photo <b>not markup</b>")
    expect(page.locator("#answer .photos img")).to_have_count(1)
    assert page.locator("#answer .photos img").evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 0
    assert page.locator(".incident-words b").count() == 0
    assert visitor.troubles == []


def test_a_photo_that_is_refused_is_named_with_its_reason_and_not_sent_again(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    Image.new("RGB", (64, 48), (200, 30, 30)).save(tmp_path / "red.jpg")
    Image.new("RGB", (4, 4), (200, 30, 30)).save(tmp_path / "dot.png")
    page = visit(lang="en", role="ACCEPTOR").open(PLACE)
    open_form(page, "one of two photos")
    page.locator("#record-photos").set_input_files([tmp_path / "dot.png", tmp_path / "red.jpg"])
    page.locator(".form-foot .primary").click()
    told = page.locator("#answer .incident-card > .form-error")
    expect(told).to_contain_text("“dot.png” did not arrive: The picture has 4 × 4 pixels")
    expect(told.get_by_role("button")).to_have_count(0)
    expect(page.locator("#answer .photos img")).to_have_count(1)


def test_what_is_open_already_is_told_beside_the_answer(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?lon=116.4015&lat=39.9025")
    open_form(page, "first here")
    page.locator(".form-foot .primary").click()
    expect(page.locator(".incident-number")).to_have_text(NUMBER)
    page.go_back()
    expect(page.locator(".open-here summary")).to_contain_text("Already open here")
    page.locator(".open-here summary").click()
    page.locator(".open-here a").first.click()
    expect(page.locator(".incident-number")).to_have_text(NUMBER)
    assert visitor.troubles == []
