"""The roster page: read by all who may, changed only after a look at what changes and what the checks say."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.roster_page import choose, open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser


SHOWN = {
    "import": "#import-file",
    "disputes": "#all-disputes",
    "matrix": ".matrix",
    "vacancies": "#view > :is(.rows, .state)",
    "shifts": ".shift-days",
    "posts": "#find-post",
}


@pytest.mark.parametrize("width", [375, 1440])
def test_every_view_renders_without_trouble_and_fits(visit: Callable[..., Visit], width: int) -> None:
    """The first by its address, the others by their tabs."""
    visitor = visit(width=width, lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?view=import")
    for view, shown in SHOWN.items():
        if view != "import":
            page.locator(f"#tab-{view}").click()
        expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
        expect(page.locator(shown).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    assert visitor.troubles == []


def test_a_visitor_of_the_demo_reads_and_cannot_change(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en"))
    page.locator(".grid .link").first.click()
    expect(page.locator("#detail h2")).to_be_visible()
    expect(page.locator("#detail")).to_contain_text("may only read")
    expect(page.locator("#detail .primary")).to_have_count(0)


def test_a_large_roster_comes_in_few_answers(visit: Callable[..., Visit]) -> None:
    """A city of 100,000 cells has some ten thousand rows in each table; pages of a thousand took seconds."""
    visitor, asked = visit(lang="en"), []
    visitor.page.on("request", lambda request: asked.append(request.url))
    open_roster(visitor)
    for table in ("posts", "assignments", "people", "absences", "departments", "roster/targets"):
        assert sum(f"/api/v1/{table}?limit=20000" in url for url in asked) == 1, table


def test_a_filter_narrows_the_posts_and_says_how_many(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en"))
    expect(page.locator(".grid tbody tr").first).to_be_visible()
    page.locator(".roster-filter input").fill("nothing is called so")
    expect(page.locator(".grid tbody")).to_contain_text("No post fits")


def look_and_apply(page: Page, *words: str) -> None:
    """What would change has these words; then it is applied."""
    dialog = page.locator("#change-dialog")
    expect(dialog.locator(".primary")).to_be_disabled()
    dialog.locator("button[type=submit]").click()
    for word in words:
        expect(dialog.locator(".difference")).to_contain_text(word)
    dialog.locator(".primary").click()
    expect(page.locator("#announcer")).to_contain_text("roster revision")
    expect(dialog).not_to_be_visible()


def test_a_holder_is_changed_from_a_day_after_a_preview(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor)
    choose(page, "CHIEF-EAST")
    page.get_by_role("button", name="Change holder…").click()
    page.locator("#leave-vacant").check()
    page.locator("#from-day").fill("2099-01-01")
    look_and_apply(page, "last day")
    expect(page.locator("#detail")).to_contain_text("– 2098-12-31"), "people say the last day"
    assert visitor.troubles == []


def test_a_stand_in_is_changed_alone_from_a_day(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor)
    choose(page, "CHIEF-WEST")
    page.get_by_role("button", name="Stand-in…").click()
    page.locator("#new-stand-in").fill("Nobody At All")
    page.locator("#change-dialog button[type=submit]").click()
    expect(page.locator("#change-dialog .form-error")).to_contain_text("choose from the list")
    expect(page.locator("#new-stand-in")).to_be_focused()
    page.locator("#new-stand-in").fill("P02")
    page.locator("#from-day").fill("2098-05-01")
    look_and_apply(page, "last day", "1 added")
    expect(page.locator("#detail .rows")).to_contain_text("from 2098-05-01")
    expect(page.locator("#detail .card")).to_contain_text("until 2098-04-30, then Du Si")
    expect(page.locator("#detail .rows")).to_contain_text("2098-04-30")
    assert visitor.troubles == []


def test_an_absence_is_written_changed_and_taken_back(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor)
    choose(page, "CHIEF-WEST")
    page.get_by_role("button", name="Absence…").click()
    page.locator("#away-from").fill("2097-03-02")
    page.locator("#away-to").fill("2097-03-01")
    page.locator("#change-dialog button[type=submit]").click()
    expect(page.locator("#change-dialog .form-error")).to_contain_text("ends before")
    page.locator("#away-to").fill("2097-03-09")
    look_and_apply(page, "While Du Si is away: for 1 post the next level answers.", "1 added")
    expect(page.locator("#detail .card")).to_contain_text("2097-03-02 – 2097-03-09")
    page.get_by_role("button", name="Change", exact=True).click()
    page.locator("#away-to").fill("2097-03-08")
    look_and_apply(page, "2097-03-09")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#change-dialog .difference")).to_contain_text("1 removed")
    page.locator("#change-dialog .primary").click()
    expect(page.locator("#detail .card")).not_to_contain_text("2097")
    assert visitor.troubles == []


def test_who_changed_it_meanwhile_is_not_overwritten(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor)
    choose(page, "CHIEF-WEST")
    page.get_by_role("button", name="Stand-in…").click()
    changed = page.evaluate(
        """async () => {
          const { csrf } = await (await fetch("api/v1/session")).json();
          const { items } = await (await fetch("api/v1/assignments?limit=1000")).json();
          const day = new Date().toISOString().slice(0, 10);
          const holds = ({ valid_from, valid_to }) => !(valid_from > day) && !(valid_to && valid_to <= day);
          const row = items.find((item) => item.post === "CHIEF-WEST" && holds(item));
          const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "If-Match": "*" };
          const body = JSON.stringify({ ...row, stand_in: row.stand_in ? null : "P04" });
          return (await fetch(`api/v1/assignments/${row.code}`, { method: "PUT", headers, body })).status;
        }"""
    )
    assert changed == 200
    page.locator("#new-stand-in").fill("P03")
    page.locator("#from-day").fill("2098-04-01")
    page.locator("#change-dialog button[type=submit]").click()
    expect(page.locator("#change-dialog .form-error")).to_contain_text("Somebody else has changed it")


def test_weeks_that_come_late_and_out_of_order_show_the_one_that_was_wanted_last(visit: Callable[..., Visit]) -> None:
    """Two presses go two weeks on before either has come, and a new shift begins in the week that is wanted."""
    page = open_roster(visit(lang="en", role="ROSTER_CLERK"), "?view=shifts")
    expect(page.locator(".shift-days h2")).to_be_visible()
    week = date.fromisoformat(page.locator(".shift-days h2").inner_text().removeprefix("Week of ")) + timedelta(weeks=2)
    kept: list[Route] = []
    page.route("**/api/v1/shifts?*", lambda route: kept.append(route))  # noqa: PLW0108  it asks for its arguments
    for _ in range(2):
        page.get_by_role("button", name="Next week").click()
    page.get_by_role("button", name="Add a shift…").click()
    expect(page.locator("#duty-starts")).to_have_value(f"{week}T08:00")
    page.keyboard.press("Escape")
    assert len(kept) == 2
    for route in reversed(kept):
        with page.expect_response("**/api/v1/shifts?*"):
            route.continue_()
    expect(page.locator(".shift-days h2")).to_have_text(f"Week of {week}")
    page.wait_for_timeout(200)
    expect(page.locator(".shift-days h2")).to_have_text(f"Week of {week}")


def test_a_shift_is_added_moved_changed_and_deleted(visit: Callable[..., Visit]) -> None:
    """Moved by dragging and by keyboard; each move can be taken back."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_roster(visitor, "?view=shifts")
    page.get_by_role("button", name="Next week").click()
    page.get_by_role("button", name="Next week").click()
    page.get_by_role("button", name="Add a shift…").click()
    page.locator("#change-dialog button[type=submit]").click()
    expect(page.locator("#change-dialog .form-error")).to_contain_text("Say a department")
    page.locator("#duty-of").fill("PARKS")
    page.locator("#duty-person").fill("P03")
    look_and_apply(page, "1 added")
    block = page.locator(".shift-open")
    expect(block).to_have_count(1)
    at = lambda: page.locator("td:has(.shift)").evaluate("(cell) => cell.cellIndex")  # noqa: E731
    assert at() == 1
    block.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".move-note")).to_contain_text("Moved to")
    expect(block).to_be_focused()
    assert at() == 2
    block.drag_to(page.locator(".calendar tbody td").nth(4))
    expect(page.locator("#announcer")).to_contain_text("Moved to")
    expect(page.locator(".calendar tbody td").nth(4).locator(".shift")).to_have_count(1)
    expect(block).to_contain_text("08:00–20:00")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#announcer")).to_contain_text("Moved back")
    assert at() == 2
    block.press("Enter")
    page.locator("#duty-ends").fill(page.locator("#duty-starts").input_value().replace("08:00", "18:30"))
    look_and_apply(page, "ends at")
    expect(block).to_contain_text("08:00–18:30")
    block.click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#change-dialog .difference")).to_contain_text("1 removed")
    page.locator("#change-dialog .primary").click()
    expect(block).to_have_count(0)
    assert visitor.troubles == []


def test_wall_times_are_those_of_the_day_itself(visit: Callable[..., Visit]) -> None:
    """Not with today's offset: a city whose clocks change in spring and autumn, twice a year an hour would be lost."""
    page = open_roster(visit(lang="en", role="ROSTER_CLERK"))
    found = page.evaluate(
        """async () => {
          const { keepZone } = await import(new URL("assets/js/shared/times.js", document.baseURI));
          const { instantOf } = await import(new URL("assets/js/roster/days.js", document.baseURI));
          keepZone("Europe/Paris");
          return ["2026-01-15T08:00", "2026-07-15T08:00", "2026-03-29T03:30", "2026-10-25T01:30"].map(instantOf);
        }"""
    )
    assert [instant[:16] for instant in found] == [
        "2026-01-15T07:00",
        "2026-07-15T06:00",
        "2026-03-29T01:30",
        "2026-10-24T23:30",
    ]


def test_names_are_text_and_long_ones_fit(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, role="ROSTER_CLERK")
    page = open_roster(visitor)
    name = "<img src=x onerror=alert(1)>" + "某某街道综合行政执法队常务副队长" * 3
    made = page.evaluate(
        """async (name) => {
          const { csrf } = await (await fetch("api/v1/session")).json();
          const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
          const post = { code: "POST-LONG", role: "STEWARD", target_kind: "segment", target_code: "L-A" };
          const changes = [
            { table: "people", key: "LONG", row: { code: "LONG", name } },
            { table: "posts", key: "POST-LONG", row: post },
            ...["LONG", "P05"].map((person) => ({ table: "assignments", row: { post: "POST-LONG", person } }))];
          const body = JSON.stringify({ changes });
          return (await fetch("api/v1/roster/changes", { method: "POST", headers, body })).status;
        }""",
        name,
    )
    assert made == 200
    page.reload()
    choose(page, "POST-LONG")
    expect(page.locator("#detail .card")).to_have_count(2), "a post may have several holders"
    expect(page.locator("#detail .card-name").first).to_contain_text("<img")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.troubles == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_axe_finds_nothing_in_the_roster(visit: Callable[..., Visit], axe: str, width: int, scheme: str) -> None:
    page = open_roster(visit(width, lang="en", scheme=scheme, role="ROSTER_CLERK"))
    choose(page, "CHIEF-WEST")
    assert faults(page, axe) == []
    page.get_by_role("button", name="Stand-in…").click()
    assert faults(page, axe) == []
    page.keyboard.press("Escape")
    for view in ("shifts", "vacancies", "matrix", "import"):
        page.locator(f"#tab-{view}").click()
        expect(page.locator("#view > *").first).to_be_visible()
        assert faults(page, axe) == [], view
    page.locator("#tab-shifts").click()
    page.get_by_role("button", name="Add a shift…").click()
    assert faults(page, axe) == []


def test_tabs_are_walked_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en"))
    page.locator("#tab-posts").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#tab-shifts")).to_have_attribute("aria-selected", "true")
    assert "view=shifts" in page.url
