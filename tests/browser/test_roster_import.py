"""A file on the roster page: what is wrong with it is said by row and column, and what was written is said too."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.roster_page import change, open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser


def compare(page: Page, text: str) -> None:
    """Choose a file of people and compare it."""
    page.locator("#import-file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Compare").click()


def test_a_bad_row_is_shown_with_its_row_its_column_and_what_to_do(visit: Callable[..., Visit], axe: str) -> None:
    page = open_roster(visit(375, lang="en", role="ROSTER_CLERK"), "?view=import")
    compare(page, "code,name,valid_from\nP02,Bo Er,\nNEW,Hu,someday\n")
    expect(page.locator(".import-found [role=alert]")).to_contain_text("nothing was written")
    line = page.locator(".import-found tbody tr")
    expect(line).to_have_count(1)
    expect(line.locator("td").nth(0)).to_have_text("3")
    expect(line.locator("td").nth(1)).to_contain_text("valid_from")
    expect(line.locator("td").nth(2)).to_contain_text("someday")
    expect(line.locator("td").nth(3)).to_contain_text("2026-11-22")
    expect(page.locator("#view")).not_to_contain_text("Nothing changes")
    expect(page.get_by_role("button", name="Write to the roster")).to_be_disabled()
    for width in (375, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        expect(line.locator("td").nth(3)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert faults(page, axe) == [], width


def test_what_is_wrong_is_said_in_chinese(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(role="ROSTER_CLERK"), "?view=import")
    page.locator("#import-file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"code,name,valid_from\nNEW,Hu,someday\n"}
    )
    page.get_by_role("button", name="比较差异").click()
    expect(page.locator(".import-found tbody td").nth(2)).to_contain_text("不是有效的日期")
    expect(page.locator(".import-found")).to_contain_text("起始日")


def test_what_was_written_is_said(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?view=import")
    compare(page, "code,name\nP07,Gao Qi-Qi\nIMP1,Hu Yi\nIMP2,Hu Er\n")
    expect(page.locator(".import-found")).to_contain_text("Would be written: 1 changed, 2 added")
    page.get_by_role("button", name="Write to the roster").click()
    expect(page.locator(".written h2")).to_contain_text("Written: 1 changed, 2 added, revision")
    expect(page.locator(".written")).to_contain_text("people.csv")
    page.locator(".written summary").first.click()
    expect(page.locator(".written")).to_contain_text("Gao Qi-Qi")
    compare(page, "code,name\nP07,Gao Qi-Qi\nIMP1,Hu Yi\n")
    expect(page.locator(".import-found")).to_contain_text("Nothing changes")
    expect(page.locator(".import-found")).to_contain_text("2 rows are as in the roster")
    expect(page.locator(".written")).to_have_count(0)
    assert visitor.troubles == []


@pytest.mark.parametrize(
    ("lang", "compared", "words"),
    [
        ("en", "Compare", "too long to count who answers for every post; people left out: 1."),
        ("zh", "比较差异", "离岗记录过多：有 1 人的岗位由谁负责未作统计。"),
    ],
)
def test_who_answers_meanwhile_is_said_to_be_too_much_to_count(
    visit: Callable[..., Visit], lang: str, compared: str, words: str
) -> None:
    page = open_roster(visit(375, lang=lang, role="ROSTER_CLERK"), "?view=import")
    days = [date(2090, 1, 1) + timedelta(number) for number in range(1_500)]
    rows = [f"AWAY-{day},P01,{day},{day + timedelta(9_000)}" for day in days]
    file = "\n".join(["code,person,valid_from,valid_to", *rows, "AWAY-P04,P04,2098-12-01,2098-12-08"])
    page.locator("#import-table").select_option("absences")
    page.locator("#import-file").set_input_files(
        {"name": "absences.csv", "mimeType": "text/csv", "buffer": file.encode()}
    )
    page.get_by_role("button", name=compared).click()
    told = page.locator(".import-found .passed-on")
    expect(told).to_have_count(2)
    expect(told.last).to_contain_text(words)


DEAF = """
delete window.SharedWorker;
window.EventSource = class extends EventTarget { close() {} };
"""


def ring_at(page: Page, phone: str) -> None:
    """Another clerk gives P06 another number."""
    row, version = page.evaluate(
        'fetch("api/v1/people/P06").then(async (answer) => [await answer.json(), answer.headers.get("ETag")])'
    )
    change(page, {"table": "people", "key": "P06", "row": {**row, "phone": phone}, "etag": version})


def row_of(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.evaluate('fetch("api/v1/people/P06").then((answer) => answer.json())')
    return found


@pytest.fixture
def clerks(visit: Callable[..., Visit]) -> tuple[Visit, Page]:
    """Two browsers with a clerk in each: one at a file, who hears what happens; what the other does comes between."""
    first, second = (visit(lang="en", role="ROSTER_CLERK") for _ in range(2))
    page = open_roster(first, "?view=import")
    expect(page.locator("#main")).to_have_attribute("data-live", "open")
    return first, open_roster(second)


def test_what_a_colleague_changes_is_compared_before_it_can_be_written(clerks: tuple[Visit, Page]) -> None:
    visitor, colleague = clerks
    page, before = visitor.page, row_of(colleague)
    compare(page, f"code,name,phone\nP06,Feng Six,{before['phone']}\n")
    expect(page.locator(".import-found")).to_contain_text("Would be written: 1 changed")
    expect(page.locator(".import-found tbody tr")).to_have_count(1)
    ring_at(colleague, "000-6666")
    expect(page.locator(".compared-again")).to_contain_text("look once more")
    expect(page.locator(".import-found tbody tr")).to_have_count(2)
    expect(page.locator(".import-found .was").nth(1)).to_have_text("000-6666")
    expect(page.locator("#notice")).not_to_be_visible()
    compare(page, "code,name\nP06,Feng Six\n")
    expect(page.locator(".compared-again")).to_have_count(0)
    page.get_by_role("button", name="Write to the roster").click()
    expect(page.locator(".written h2")).to_contain_text("Written: 1 changed")
    assert row_of(colleague) == before | {"name": "Feng Six", "phone": "000-6666"}
    ring_at(colleague, str(before["phone"]))
    assert visitor.troubles == []


def test_who_heard_nothing_writes_nothing_unseen_either(
    clerks: tuple[Visit, Page], visit: Callable[..., Visit]
) -> None:
    _, colleague = clerks
    deaf, before = visit(lang="en", role="ROSTER_CLERK"), row_of(colleague)
    deaf.page.add_init_script(DEAF)
    page = open_roster(deaf, "?view=import")
    compare(page, f"code,name,phone\nP06,Feng Seven,{before['phone']}\n")
    expect(page.locator(".import-found tbody tr")).to_have_count(1)
    ring_at(colleague, "000-7777")
    write = page.get_by_role("button", name="Write to the roster")
    write.click()
    expect(page.locator(".compared-again")).to_be_visible()
    expect(page.locator(".import-found tbody tr")).to_have_count(2)
    expect(page.locator(".written")).to_have_count(0)
    expect(write).to_be_focused()
    assert row_of(colleague) == before | {"phone": "000-7777"}
    write.click()
    expect(page.locator(".written h2")).to_contain_text("Written: 1 changed")
    assert row_of(colleague) == before | {"name": "Feng Seven"}
    assert [trouble for trouble in deaf.troubles if "412" not in trouble] == []


def test_news_of_another_table_leaves_the_comparison_and_the_file(clerks: tuple[Visit, Page]) -> None:
    visitor, colleague = clerks
    page = visitor.page
    compare(page, "code,name\nIMP8,Hu Ba\n")
    expect(page.locator(".import-found")).to_contain_text("Would be written: 1 added")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    away = {"person": "P06", "valid_from": "2095-03-02", "valid_to": "2095-03-09"}
    with page.expect_request("**/api/v1/people?*"):
        change(colleague, {"table": "absences", "row": away})
    expect(page.locator("#notice")).not_to_be_visible()
    page.get_by_role("tab", name="Vacancies").click()
    page.get_by_role("tab", name="Import").click()
    expect(page.locator(".import-found")).to_contain_text("Would be written: 1 added")
    assert [url for url in asked if "/roster/preview" in url] == []
    page.get_by_role("button", name="Write to the roster").click()
    expect(page.locator(".written h2")).to_contain_text("Written: 1 added")
