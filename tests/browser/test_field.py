"""The phone page: where am I, a report in four taps, what I sent, and a network that goes away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Visit

HERE = {"longitude": 116.4002, "latitude": 39.9028, "accuracy": 20}
"""Where nobody clicks the map: what is recorded here leaves a marker for all other pages."""
NUMBER = re.compile(r"\d{8}-\d{6}")
pytestmark = pytest.mark.browser


def open_field(visitor: Visit, *, located: bool = True) -> Page:
    """The page on a phone whose position is known, or denied."""
    page = visitor.page
    if located:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(HERE)
    page.goto(f"{visitor.address}field")
    return page


def test_without_a_position_it_says_what_to_do_and_coordinates_help(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en")
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
    expect(page.locator("#sent")).to_contain_text(number[0])
    assert visitor.troubles == []


def test_a_lost_network_changes_nothing_but_the_badge(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor)
    expect(page.locator("#report")).to_be_enabled()
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()
    page.locator("#report-words").fill("reported in a tunnel")
    page.context.set_offline(True)
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#waiting")).to_contain_text("1 waiting")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden()
    found = page.request.get(f"{visitor.address}api/v1/incidents", params={"q": "reported in a tunnel"})
    assert len(found.json()["items"]) == 1


def test_a_visitor_is_asked_to_sign_in_before_reporting(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"))
    expect(page.locator("#report")).to_have_text("Sign in to report")
    page.locator("#report").click()
    expect(page.locator("#sign-in")).to_be_visible()
