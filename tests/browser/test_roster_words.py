"""Who is meant by what is typed, and what stands in previews: names and the field's words, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.roster_page import SEND, change, choose, open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser
LONG = "欧阳司徒上官诸葛" * 5


@pytest.fixture
def clerk(visit: Callable[..., Visit]) -> Callable[[str], Page]:
    """A clerk's page in a language; three people more are in the roster, two of one name."""

    def make(lang: str = "en") -> Page:
        page = open_roster(visit(lang=lang, role="ROSTER_CLERK"))
        rows = [
            {"code": "N1", "name": "王伟", "belongs_to": "WEST"},
            {"code": "N2", "name": "王伟"},
            {"code": "N3", "name": LONG},
        ]
        # They may be there from another test already.
        page.evaluate(
            SEND, ["roster/changes", {"changes": [{"table": "people", "key": row["code"], "row": row} for row in rows]}]
        )
        page.reload()
        return page

    return make


def look(page: Page) -> None:
    page.locator("#change-dialog button[type=submit]").click()


def test_a_full_name_is_understood(clerk: Callable[[str], Page]) -> None:
    page = clerk("en")
    choose(page, "CHIEF-EAST")
    page.get_by_role("button", name="Stand-in…").click()
    for typed in ("Bo Er", " bo  er ", "p02", LONG):
        page.locator("#new-stand-in").fill(typed)
        look(page)
        expect(page.locator(".difference")).to_contain_text("stand-in")
        expect(page.locator("#change-dialog .form-error")).not_to_be_visible()
    expect(page.locator(".difference")).to_contain_text(LONG)
    assert page.evaluate(
        "document.querySelector('#change-dialog').scrollWidth <= document.querySelector('#change-dialog').clientWidth"
    )


def test_of_two_with_one_name_one_is_chosen_by_keyboard(clerk: Callable[[str], Page], axe: str) -> None:
    page = clerk("en")
    choose(page, "CHIEF-EAST")
    page.get_by_role("button", name="Change holder…").click()
    field = page.locator("#new-holder")
    field.fill("王伟")
    expect(page.locator(".suggestions li:visible")).to_have_count(2)
    expect(page.locator(".suggestions li:visible").first).to_contain_text("West Subdistrict Office")
    assert faults(page, axe) == []
    field.press("Enter")
    expect(page.locator("#change-dialog .form-error")).to_contain_text("2 are called")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("王伟 · N2")
    expect(page.locator(".suggestions li:visible")).to_have_count(0)
    field.press("ArrowDown")
    field.press("Escape")
    expect(page.locator("#change-dialog")).to_be_visible()
    look(page)
    expect(page.locator(".difference")).to_contain_text("王伟 (N2)")


def test_a_suggestion_is_taken_by_a_click(clerk: Callable[[str], Page]) -> None:
    page = clerk("en")
    choose(page, "CHIEF-EAST")
    page.get_by_role("button", name="Change holder…").click()
    page.locator("#new-holder").fill("上官")
    page.locator(".suggestions li").click()
    expect(page.locator("#new-holder")).to_have_value(f"{LONG} · N3")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["代理人", "街道级街巷长", "E Wu（P05）", "最后一天"]),
        ("en", ["stand-in", "Subdistrict chief", "E Wu (P05)", "last day"]),
    ],
)
def test_a_preview_speaks_in_names_and_words(clerk: Callable[[str], Page], lang: str, words: list[str]) -> None:
    page = clerk(lang)
    choose(page, "CHIEF-EAST")
    page.locator("#detail .card .plain").first.click()
    page.locator("#new-holder").fill("P06")
    page.locator("#new-stand-in").fill("P05")
    page.locator("#from-day").fill("2090-01-01")
    look(page)
    for word in (*words, "2089-12-31"):
        expect(page.locator(".difference")).to_contain_text(word)
    for raw in ("SUBDISTRICT_CHIEF", "stand_in", "valid_to", "valid_from"):
        expect(page.locator(".difference")).not_to_contain_text(raw)


def test_constants_of_a_file_are_said_in_words(clerk: Callable[[str], Page]) -> None:
    page = clerk("zh")
    page.locator("#tab-import").click()
    page.locator("#import-table").select_option("posts")
    text = "code,role,target_kind,target_code,side\nWORDS,LANE_CHIEF,segment,L-A,LEFT\n"
    page.locator("#import-file").set_input_files({"name": "p.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="比较差异").click()
    for word in ("巷长", "街巷段", "左侧"):
        expect(page.locator(".difference")).to_contain_text(word)
    for raw in ("LANE_CHIEF", "segment", "LEFT"):
        expect(page.locator(".difference")).not_to_contain_text(raw)


def test_a_post_that_is_given_away_is_taken_back_first(clerk: Callable[[str], Page]) -> None:
    """The service plans the handover and refuses where somebody has the post by then; the page says what to do."""
    page = clerk("en")
    post = {"code": "POST-NEXT", "role": "LANE_CHIEF", "target_kind": "segment", "target_code": "H-C"}
    begun = {"code": "NEXT-1", "post": "POST-NEXT", "person": "P02", "valid_from": "2095-01-01"}
    change(
        page,
        {"table": "posts", "key": "POST-NEXT", "row": post},
        {"table": "assignments", "key": "NEXT-1", "row": begun},
    )
    page.reload()
    choose(page, "POST-NEXT")
    page.get_by_role("button", name="Appoint…").click()
    page.locator("#new-holder").fill("Bo Er")
    look(page)
    expect(page.locator("#change-dialog .form-error")).to_contain_text("NEXT-1")
    page.get_by_role("button", name="Cancel").click()
    page.locator("#detail .rows").get_by_role("button", name="Take back…").click()
    look(page)
    expect(page.locator(".difference")).to_contain_text("1 removed")
    page.locator("#change-dialog .primary").click()
    expect(page.locator("#detail")).to_contain_text("Nobody has held it yet")
    page.get_by_role("button", name="Appoint…").click()
    page.locator("#new-holder").fill("Bo Er")
    page.locator("#from-day").fill("2094-01-01")
    look(page)
    expect(page.locator(".difference")).to_contain_text("1 added")
    page.locator("#change-dialog .primary").click()
    expect(page.locator("#detail .rows")).to_contain_text("2094-01-01")


def test_the_page_reads_no_outlines_to_begin_with(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = open_roster(visitor)
    with page.expect_response("**/target"):
        choose(page, "CHIEF-EAST")
    assert [url for url in asked if "/layers/" in url] == []
    assert len([url for url in asked if url.endswith("/target")]) == 1
