"""Links that name what cannot be read or is not there: the page says so, and offers what helps."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser

VIEW = "map=17/39.9015/116.4015"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("lon=abc&lat=3", "The place in the link cannot be read"),
        ("lon=116.4", "The place in the link cannot be read"),
        ("shape=polygon:1,2;3&tab=zone", "The shape in the link cannot be read"),
    ],
)
@pytest.mark.parametrize("width", [1440, 375])
def test_a_place_or_shape_that_cannot_be_read_is_told(
    visit: Callable[..., Visit], link: str, words: str, width: int
) -> None:
    visitor = visit(width, lang="en")
    page = visitor.open(f"?lang=en&{link}&{VIEW}")
    state = page.locator('[data-state="unreadable"]')
    expect(state.locator("h2")).to_have_text(words)
    expect(state).to_be_in_viewport()
    expect(page.locator("#announcer")).to_have_text(words)
    page.locator("#language").click()
    expect(state.locator("h2")).to_contain_text("链接中的")
    state.get_by_role("button").click()
    expect(page.locator('[data-state="empty"]')).to_be_attached()
    assert not any(part in page.url for part in ("lon=", "lat=", "shape="))
    assert visitor.troubles == []


@pytest.mark.parametrize("width", [1440, 375])
def test_a_link_to_a_post_that_is_not_there_says_so(visit: Callable[..., Visit], width: int) -> None:
    visitor = visit(width, lang="en")
    page = visitor.page
    page.goto(f"{visitor.address}roster?lang=en&post=NOTHERE")
    state = page.locator('#detail [data-state="missing"]')
    expect(state.locator("h2")).to_have_text("There is no post NOTHERE")
    expect(state).to_be_in_viewport()
    state.get_by_role("button", name="Clear selection").click()
    expect(page.locator('#detail [data-state="missing"]')).to_have_count(0)
    expect(page.locator("#find-post")).to_be_in_viewport()
    assert "post=" not in page.url
    assert visitor.troubles == []


@pytest.mark.parametrize("width", [1440, 375])
def test_a_link_to_a_dispute_that_is_not_there_leads_back_to_the_list(visit: Callable[..., Visit], width: int) -> None:
    visitor = visit(width, lang="en", role="ROSTER_CLERK")
    page = visitor.page
    page.goto(f"{visitor.address}roster?lang=en&view=disputes&dispute=9999")
    state = page.locator('#detail [data-state="missing"]')
    expect(state.locator("h2")).to_have_text("There is no dispute 9999")
    expect(state.get_by_role("button")).to_have_text("Clear selection")
    state.get_by_role("button").click()
    expect(state).to_have_count(0)
    expect(page.locator("#all-disputes")).to_be_in_viewport()
    assert "dispute=" not in page.url


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("row=people:NOPE", "not be in the roster"),
        ("component=COMP_2_2_6:nothere", "not be in the edition"),
        ("cell=nothere", "not be in the edition"),
    ],
)
def test_what_is_not_there_is_said_in_words_of_its_kind_and_let_go(
    visit: Callable[..., Visit], link: str, words: str
) -> None:
    """Asking again would never help."""
    page = visit(lang="en", role="ROSTER_CLERK").open(f"?lang=en&{link}&{VIEW}")
    state = page.locator('[data-state="missing"]')
    expect(state).to_contain_text(words)
    expect(state.get_by_role("button")).to_have_text("Clear selection")
    state.get_by_role("button").click()
    expect(page.locator('[data-state="empty"]')).to_be_visible()
