"""Shifts moved by keyboard and by dragging: no press is lost, the focus goes along, and what a move leaves is said."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.roster_page import change, open_roster
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser

MONDAY, APRIL, MAY = date(2031, 3, 3), date(2031, 4, 7), date(2031, 5, 5)
PASSED = [("F1", "Filter 1 shown"), ("F2", "Filter 2"), ("F3", "Filter 3 shown")]


def shift(code: str, day: date, **more: object) -> dict[str, object]:
    """A shift of a whole day, from eight to eight, of PARKS unless said otherwise."""
    times = {name: f"{when}T08:00:00+08:00" for name, when in (("starts_at", day), ("ends_at", day + timedelta(1)))}
    return {"table": "shifts", "key": code, "row": {"code": code, "department": "PARKS", **times, **more}}


def at_week(visitor: Visit, *shifts: dict[str, object], monday: date = MONDAY, lang: str = "en") -> Page:
    """The shifts of a week, by a page whose clock stands there."""
    visitor.page.clock.set_fixed_time(f"{monday}T04:00:00Z")
    page = open_roster(visitor, f"?view=shifts&lang={lang}")
    change(page, *shifts)
    page.reload()
    expect(page.locator(".shift").first).to_be_visible()
    return page


def days_of(page: Page, code: str) -> list[int]:
    """Columns of the calendar in which a shift stands; Monday is 1."""
    cells: list[int] = page.locator(f'td:has([data-shift="{code}"])').evaluate_all(
        "(all) => all.map((cell) => cell.cellIndex)"
    )
    return cells


def test_presses_while_a_move_is_being_written_add_up(visit: Callable[..., Visit]) -> None:
    """Three days on are three presses, however slow the service; taken back as one."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = at_week(visitor, shift("SUM", MONDAY))
    kept: list[Route] = []

    def keep_the_first(route: Route) -> None:
        kept.append(route)
        if len(kept) > 1:
            route.continue_()

    page.route("**/roster/changes", keep_the_first)
    block = page.locator('[data-shift="SUM"]').first
    block.focus()
    with page.expect_request("**/roster/changes"):
        page.keyboard.press("Alt+ArrowRight")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(f"Alt+{key}")
    kept[0].continue_()
    expect(page.locator("#announcer")).to_contain_text("2031-03-06 08:00")
    assert len(kept) == 2
    assert days_of(page, "SUM") == [4, 5]
    expect(block).to_be_focused()
    page.unroute("**/roster/changes")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#announcer")).to_have_text("Moved back.")
    assert days_of(page, "SUM") == [1, 2]
    assert visitor.troubles == []


def test_the_calendar_goes_along_with_a_shift_that_leaves_its_week(visit: Callable[..., Visit]) -> None:
    """What was begun on Sunday is moved out of the week at whose Monday it ends, and back into it."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = at_week(visitor, shift("AWAY", MONDAY - timedelta(1)))
    block = page.locator('[data-shift="AWAY"]').first
    expect(page.locator(".shift-days h2")).to_have_text(f"Week of {MONDAY}")
    block.focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator(".shift-days h2")).to_have_text(f"Week of {MONDAY - timedelta(7)}")
    expect(block).to_be_focused()
    assert days_of(page, "AWAY") == [6, 7]
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(f"Alt+{key}")
    expect(page.locator(".shift-days h2")).to_have_text(f"Week of {MONDAY}")
    expect(block).to_be_focused()
    assert visitor.troubles == []


def test_a_shift_moved_beyond_what_is_drawn_at_once_keeps_the_focus(visit: Callable[..., Visit]) -> None:
    """Rows of the next week, of which so many are drawn, and its own is the last of them."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    people = [
        {"table": "people", "key": f"Q{n}", "row": {"code": f"Q{n}", "name": f"Aaron {n:02d}"}} for n in range(40)
    ]
    theirs = [shift(f"Q{n}", MONDAY + timedelta(8), department=None, person=f"Q{n}") for n in range(40)]
    own = {"table": "people", "key": "ZZ", "row": {"code": "ZZ", "name": "Zoe"}}
    page = at_week(visitor, *people, own, *theirs, shift("FAR", MONDAY + timedelta(6), department=None, person="ZZ"))
    block = page.locator('[data-shift="FAR"]').first
    block.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".shift-days h2")).to_have_text(f"Week of {MONDAY + timedelta(7)}")
    expect(block).to_be_focused()


def test_a_shift_goes_to_the_next_row_that_is_shown(visit: Callable[..., Visit]) -> None:
    """A filter leaves rows out: a shift moved by keyboard passes over them and stays in sight."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = at_week(
        visitor,
        *({"table": "people", "key": code, "row": {"code": code, "name": name}} for code, name in PASSED),
        *(shift(f"S-{code}", MONDAY, department=None, person=code) for code, _ in PASSED),
    )
    page.locator("#find-shift").fill("shown")
    block = page.locator('[data-shift="S-F1"]').first
    block.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#announcer")).to_contain_text("Moved to Filter 3 shown")
    expect(block).to_be_focused()


def lines_left(page: Page) -> list[str]:
    """What stands below the line of a move."""
    expect(page.locator(".move-note")).to_be_visible()
    return page.locator(".move-note li").all_inner_texts()


def test_a_move_says_whom_it_leaves_without_anybody_and_where_two_are_at_once(visit: Callable[..., Visit]) -> None:
    """Of the row it leaves and of the row it comes to; hours that another shift still covers are no gap."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    short = {"starts_at": f"{APRIL}T08:00:00+08:00", "ends_at": f"{APRIL}T09:30:00+08:00"}
    page = at_week(
        visitor, shift("S1", APRIL), shift("S2", APRIL + timedelta(1)), shift("S3", APRIL, **short), monday=APRIL
    )
    page.locator('[data-shift="S1"]').first.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#announcer")).to_contain_text("nobody for")
    assert lines_left(page) == [
        "District Parks Office: nobody for 22.5 h from 2031-04-07 09:30",
        "District Parks Office: 2 shifts at once for 24 h from 2031-04-08 08:00",
    ]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#announcer")).to_have_text("Moved back.")
    assert lines_left(page) == []


def test_a_shift_dragged_to_another_row_says_what_it_leaves_in_both(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="zh", role="ROSTER_CLERK")
    west = shift("W1", MAY + timedelta(1), department="WEST")
    page = at_week(visitor, shift("P1", MAY + timedelta(1)), west, monday=MAY, lang="zh")
    row = page.locator('.calendar tbody tr:has([data-shift="W1"])')
    page.locator('[data-shift="P1"]').first.drag_to(row.locator("td").nth(1))
    expect(page.locator("#announcer")).to_contain_text("无人值班")
    assert [line.split("：")[1] for line in lines_left(page)] == [
        "2031-05-06 08:00 起 24 小时无人值班",
        "2031-05-06 08:00 起 24 小时同时有 2 班",
    ]
