"""What tests of the roster page do again and again."""

from playwright.sync_api import Page, expect

from tests.fixtures.browser import Visit

SEND = """async ([path, body]) => {
  const { csrf } = await (await fetch("api/v1/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  return (await fetch(`api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).status;
}"""


def open_roster(visitor: Visit, query: str = "") -> Page:
    """Go there and wait until the roster is shown."""
    visitor.page.goto(f"{visitor.address}roster{query}")
    expect(visitor.page.locator("#view .skeleton")).to_have_count(0)
    expect(visitor.page.locator("#view > *").first).to_be_visible()
    return visitor.page


def choose(page: Page, words: str) -> None:
    """The post of a target, by its filter."""
    page.locator(".roster-filter input").fill(words)
    page.locator(".grid tbody .link").first.click()
    expect(page.locator("#detail h2")).to_be_visible()


def change(page: Page, *changes: dict[str, object]) -> None:
    """Rows of the roster as somebody else writes them: past what the page knows."""
    assert page.evaluate(SEND, ["roster/changes", {"changes": list(changes)}]) == 200
