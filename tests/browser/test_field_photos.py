"""Photos that go along with a report from the phone page: which are taken, which arrive, which do not and why."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.phone import open_field
from tests.fixtures.browser import Visit
from tests.fixtures.pictures import encoded

NUMBER = re.compile(r"\d{8}-\d{6}")
pytestmark = pytest.mark.browser


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two good ones, one that is too small for the service, and one that was cut off on its way."""
    Image.new("RGB", (64, 48), "grey").save(tmp_path / "cover.jpg")
    Image.new("RGB", (64, 48), "red").save(tmp_path / "other.jpg")
    Image.new("RGB", (4, 4), "grey").save(tmp_path / "dot.png")
    whole = encoded(Image.effect_noise((320, 240), 80).convert("RGB"))
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    return tmp_path


def write_report(page: Page) -> None:
    """Up to the photos."""
    expect(page.locator("#report")).to_be_enabled()
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()


def photos_of(page: Page, address: str, number: str) -> int:
    return len(page.request.get(f"{address}api/v1/incidents/{number}").json()["photos"])


def sent_number(page: Page) -> str:
    expect(page.locator("#report-title")).to_contain_text(NUMBER)
    number = NUMBER.search(page.locator("#report-title").inner_text())
    assert number is not None
    return number[0]


@pytest.mark.parametrize(
    ("lang", "told", "instead", "leave"),
    [
        ("zh", "2 张照片传上 1 张。「dot.png」未传上：照片只有 4 × 4 像素", "补传照片", "不再补传"),
        ("en", "Recorded with 1 of 2 photos. “dot.png” did not arrive:", "Replace it", "Leave it so"),
    ],
)
def test_of_several_photos_it_says_how_many_arrived_and_which_did_not(
    visit: Callable[..., Visit], pictures: Path, lang: str, told: str, instead: str, leave: str
) -> None:
    visitor = visit(width=375, height=760, lang=lang, role="COLLECTOR")
    page = open_field(visitor)
    write_report(page)
    page.locator("#report-photo").set_input_files([pictures / "dot.png", pictures / "cover.jpg"])
    page.locator("#report-dialog .field-primary").click()
    number = sent_number(page)
    expect(page.locator("#report-dialog .form-error")).to_contain_text(told)
    expect(page.locator("#report-dialog .photo-other")).to_have_text(instead)
    assert photos_of(page, visitor.address, number) == 1
    page.locator("#report-dialog .field-primary").click()
    row = page.locator("#sent li", has_text=number)
    expect(row.locator(".form-error")).to_contain_text(told)
    expect(row.get_by_role("button", name=leave)).to_be_visible()
    page.locator("#show-sent").click()
    assert page.evaluate("document.scrollingElement.scrollTop") == 0, "the list scrolls below the bar, not the page"
    row.locator("input[type=file]").set_input_files(pictures / "other.jpg")
    expect(row.locator("details")).to_have_count(1)
    assert photos_of(page, visitor.address, number) == 2


def test_a_photo_that_was_cut_off_is_left_out_when_it_is_chosen(visit: Callable[..., Visit], pictures: Path) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor)
    write_report(page)
    page.locator("#report-photo").set_input_files([pictures / "cut.jpg", pictures / "cover.jpg"])
    expect(page.locator(".photo-choice .form-error")).to_contain_text("“cut.jpg” is no picture that can be read")
    expect(page.locator(".photos li")).to_have_count(1)
    assert page.locator(".photos canvas").get_attribute("aria-label") == "cover.jpg"
    assert visitor.troubles == []


def test_who_answers_for_a_report_is_called_as_on_the_first_card(visit: Callable[..., Visit], pictures: Path) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="COLLECTOR"))
    expect(page.locator(".field-chief")).to_be_visible()
    role, name = page.locator(".field-chief p > :is(span, b)").all_inner_texts()
    write_report(page)
    page.locator("#report-photo").set_input_files(pictures / "dot.png")
    page.locator("#report-dialog .field-primary").click()
    number = sent_number(page)
    lines = page.locator("#report-dialog .field-answer")
    expect(lines.last).to_have_text(f"{role} {name}")
    line, error = lines.last.bounding_box(), page.locator("#report-dialog .form-error").bounding_box()
    assert line is not None
    assert error is not None
    assert error["y"] - line["y"] - line["height"] >= 8
    page.locator("#report-dialog .field-primary").click()
    page.locator("#sent li", has_text=number).get_by_role("button", name="Without photo").click()
    page.locator("#sent li", has_text=number).locator("summary").click()
    expect(page.locator("#sent li", has_text=number).locator(".field-report-more")).to_contain_text(f"{role} {name}")
