"""The phone page: where am I, a report in four taps, what I sent."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.phone import locate_at, open_field
from tests.fixtures.browser import Visit

EAST = 116.4027
NUMBER = re.compile(r"\d{8}-\d{6}")
pytestmark = pytest.mark.browser


def test_without_a_position_it_says_what_to_do_and_coordinates_help(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor, located=False)
    expect(page.locator("#where h2")).to_have_text("No position yet")
    expect(page.locator("#report")).to_be_disabled()
    page.locator("#other summary").click()
    page.locator("#other-text").fill("somewhere")
    page.locator("#other-form button").click()
    expect(page.locator("#other-error")).to_contain_text("longitude, latitude")
    page.locator("#other-text").fill("116.4003, 39.9013")
    page.locator("#other-form button").click()
    expect(page.locator(".field-chief")).to_be_visible()
    assert visitor.troubles == []


def test_it_says_where_i_am_and_how_accurate_that_is(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en")
    page = open_field(visitor)
    expect(page.locator("#where h2")).to_have_text("A2")
    expect(page.locator("#where")).to_contain_text("accurate to about 12 m")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.troubles == []


def test_targets_are_large_enough_for_gloves(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"))
    expect(page.locator(".field-chief")).to_be_visible()
    for name in ("#report", "#show-sent", "#locate"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 48, name


def test_a_report_takes_four_taps_and_arrives_with_its_photo(visit: Callable[..., Visit], tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "grey").save(tmp_path / "cover.jpg")
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor)
    expect(page.locator("#report")).to_be_enabled()
    page.locator("#report").click()
    expect(page.locator("#report-dialog .field-primary")).to_be_disabled()
    page.locator(".field-report .choice").first.click()
    page.locator("#report-photo").set_input_files(tmp_path / "cover.jpg")
    page.locator("#report-words").fill("loose <b>cover</b>")
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#report-title")).to_contain_text(NUMBER)
    number = NUMBER.search(page.locator("#report-title").inner_text())
    assert number is not None
    incident = page.request.get(f"{visitor.address}api/v1/incidents/{number[0]}").json()
    assert (incident["description"], len(incident["photos"])) == ("loose <b>cover</b>", 1)
    page.locator("#report-dialog .field-primary").click()
    sent = page.locator("#sent li", has_text=number[0])
    sent.locator("summary").click()
    expect(sent).to_contain_text("loose <b>cover</b>")
    expect(sent.locator(".photos img")).to_have_count(1)
    expect(sent).to_contain_text("Place: A2 · 116.40020, 39.90280")
    assert visitor.troubles == []


def test_a_photo_that_is_refused_leaves_the_report_sent_and_can_be_another(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    Image.new("RGB", (4, 4), "grey").save(tmp_path / "dot.png")
    Image.new("RGB", (64, 48), "grey").save(tmp_path / "cover.jpg")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    visitor = visit(width=375, height=760, lang="zh", role="COLLECTOR")
    page = open_field(visitor)
    expect(page.locator("#report")).to_be_enabled()
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()
    page.locator("#report-photo").set_input_files([tmp_path / "broken.jpg", tmp_path / "dot.png"])
    expect(page.locator(".photo-choice .form-error")).to_contain_text("broken.jpg")
    expect(page.locator(".photos li")).to_have_count(1)
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#report-title")).to_contain_text(NUMBER)
    number = NUMBER.search(page.locator("#report-title").inner_text())
    assert number is not None
    expect(page.locator("#report-dialog .form-error")).to_contain_text("照片只有 4 × 4 像素")
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#waiting")).to_be_hidden()
    row = page.locator("#sent li", has_text=number[0])
    expect(row).to_have_count(1)
    expect(row).to_contain_text("照片未传上")
    box = row.locator(".photo-other").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 48
    row.locator("input[type=file]").set_input_files(tmp_path / "cover.jpg")
    expect(row.locator("details")).to_have_count(1)
    incident = page.request.get(f"{visitor.address}api/v1/incidents/{number[0]}").json()
    assert len(incident["photos"]) == 1


def test_a_word_that_no_category_has_is_said_to_be_unknown(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor)
    page.locator("#report").click()
    page.locator(".field-report input[type=search]").fill("zzzz")
    expect(page.locator(".field-report .choices")).to_contain_text("Nothing found for “zzzz”")
    assert visitor.troubles == []


def test_borders_without_a_street_on_them_are_no_bars(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"))
    widths = page.evaluate(
        """async () => {
          const file = new URL("assets/js/shared/map_style.js", document.baseURI);
          const { areaMiddleStyle, areaStyle } = await import(file);
          const solid = (zoom) => areaStyle("DISTRICT", zoom).weight - (areaMiddleStyle("DISTRICT", zoom)?.weight ?? 0);
          return [11, 12, 13, 13.5, 14, 15, 16, 17, 18, 19, 20].map(solid);
        }"""
    )
    assert max(widths) < 6


def test_a_visitor_is_asked_to_sign_in_before_reporting(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"), located=False)
    expect(page.locator("#report")).to_have_text("Sign in to report")
    expect(page.locator("#where h2")).to_have_text("No position yet")
    page.locator("#report").click()
    expect(page.locator("#sign-in")).to_be_visible()


def test_a_fix_that_comes_late_does_not_move_who_has_chosen_a_place(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en")
    visitor.page.add_init_script(
        "navigator.geolocation.getCurrentPosition = (found) => (window.fixed = () => found({ coords: "
        "{ longitude: 116.4027, latitude: 39.9026, accuracy: 5 } }));"
    )
    page = open_field(visitor)
    page.wait_for_function("() => Boolean(window.fixed)")
    page.locator("#other summary").click()
    page.locator("#other-text").fill("116.4003, 39.9013")
    page.locator("#other-form button").click()
    expect(page.locator("#where h2")).to_have_text("A1")
    page.evaluate("void fixed()")
    page.wait_for_timeout(400)
    expect(page.locator("#where h2")).to_have_text("A1")


def test_locating_in_vain_leaves_the_place_that_was_known(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"))
    expect(page.locator("#where h2")).to_have_text("A2")
    page.evaluate("void (navigator.geolocation.getCurrentPosition = (found, failed) => failed())")
    page.locator("#locate").click()
    expect(page.locator("#where h2")).to_have_text("A2")


def test_a_place_outside_the_city_takes_the_answer_before_away(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="COLLECTOR"))
    expect(page.locator("#report")).to_be_enabled()
    locate_at(page, 117.5, 39.9)
    expect(page.locator("#where")).to_contain_text("Outside coverage")
    expect(page.locator("#where .field-kept")).to_have_count(0)
    expect(page.locator("#report")).to_be_disabled()


def test_locating_in_vain_says_from_when_the_known_place_is(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="COLLECTOR"))
    expect(page.locator("#where h2")).to_have_text("A2")
    page.evaluate("void (navigator.geolocation.getCurrentPosition = (found, failed) => failed())")
    page.locator("#locate").click()
    expect(page.locator("#where .field-warning")).to_contain_text("Allow locating")
    expect(page.locator(".field-since time")).to_have_text("just now")
    expect(page.locator("#report")).to_be_enabled()


def test_outside_ones_territory_it_names_ones_own_and_this_place(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="DISPATCHER"))
    expect(page.locator("#where h2")).to_have_text("A2")
    expect(page.locator(".field-warning")).to_have_count(0)
    locate_at(page, EAST, 39.9028)
    expect(page.locator(".field-warning")).to_contain_text(
        "This place (Cherry Community) is outside your area (West Subdistrict)"
    )


def test_the_chief_can_be_rung_by_who_may_and_by_nobody_else(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="DISPATCHER"))
    link = page.locator(".field-chief a.call")
    expect(link).to_have_attribute("href", re.compile(r"^tel:\+?\d{5,}$"))
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    page.locator("#who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#report")).to_have_text("Sign in to report")
    expect(page.locator("#where h2")).to_have_text("A2")


def test_a_post_that_was_passed_on_the_way_up_is_told(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"))
    expect(page.locator(".field-chief")).to_be_visible()
    expect(page.locator(".field-chief .card-more")).to_have_count(0)
    locate_at(page, 116.4019, 39.9026)  # beside the street whose chief's post is vacant
    expect(page.locator(".field-chief")).to_contain_text("Subdistrict chief")
    expect(page.locator(".field-chief .card-more")).to_contain_text("vacant")


def test_the_answer_does_not_wait_for_the_fix_and_an_older_fix_changes_nothing(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    visitor.page.route("**/api/v1/fixes", keep)
    page = open_field(visitor)
    expect(page.locator("#where h2")).to_have_text("A2")
    page.locator("#other summary").click()
    page.locator("#other-text").fill("116.4003, 39.9013")
    page.locator("#other-form button").click()
    expect(page.locator("#where h2")).to_have_text("A1")
    held[0].continue_()
    page.wait_for_timeout(400)
    expect(page.locator("#where h2")).to_have_text("A1")


def test_the_field_map_stands_on_the_citys_own_tiles(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = open_field(visitor)
    expect(page.locator("path.selected-cell")).to_have_count(1)
    expect(page.locator(".leaflet-cells-pane canvas.leaflet-tile-loaded").first).to_be_attached()
    assert any("/tiles/e1/cells/" in url for url in asked)
    assert visitor.troubles == []


def test_a_report_that_is_opened_before_the_answer_learns_the_name_of_its_place(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    held: list[Route] = []
    visitor.page.route("**/api/v1/resolve?**", lambda route: held.append(route))  # noqa: PLW0108
    page = open_field(visitor)
    expect(page.locator("#report")).to_be_enabled()
    page.locator("#report").click()
    place = page.locator("#report-dialog .field-note")
    expect(place).to_have_text("Place: 116.40020, 39.90280 (WGS84)")
    for route in held:
        route.continue_()
    expect(place).to_have_text("Place: A2")


def test_nobody_is_asked_to_sign_in_before_it_is_known_who_is_here(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    held: list[Route] = []
    visitor.page.route("**/api/v1/session", lambda route: held.append(route))  # noqa: PLW0108  it asks for its arguments
    page = open_field(visitor)
    expect(page.locator("#where .field-note").first).to_be_visible()
    expect(page.locator("#report")).to_be_disabled()
    held[0].continue_()
    expect(page.locator("#report")).to_have_text("Report")
    expect(page.locator("#report")).to_be_enabled()
