"""Disputing an answer: a reason is wanted, and the number is shown."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def test_a_dispute_needs_a_reason_and_gets_a_number(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?lon=116.4015&lat=39.9005&category=EVENT_CJT214:0102")
    page.get_by_role("button", name="Dispute").click()
    page.get_by_role("button", name="Send the dispute").click()
    expect(page.locator(".dispute .form-error")).to_have_text("Say why it is wrong.")
    expect(page.locator("#dispute-reason")).to_be_focused()
    page.locator("#dispute-reason").fill("The kerb belongs to the parks office.")
    expect(page.locator("#dispute-claimed option")).to_have_count(9)
    page.locator("#dispute-claimed").select_option("PARKS")
    page.get_by_role("button", name="Send the dispute").click()
    expect(page.locator('[data-state="disputed"] h2')).to_have_text(re.compile(r"Dispute recorded as number \d+"))
    page.get_by_role("button", name="Back to the answer").click()
    expect(page.locator("#answer h2")).to_have_text("B0")
    assert visitor.troubles == []


def test_who_may_not_dispute_is_told_so(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="COLLECTOR").open("?lon=116.4015&lat=39.9005")
    page.get_by_role("button", name="Dispute").click()
    page.keyboard.press("Escape")
    expect(page.locator("#announcer")).to_contain_text("may not dispute")
