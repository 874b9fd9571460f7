"""What each view of the roster shows when the service is not ready, refuses, or cannot be reached."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.roster_page import open_roster
from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser

ASKED = {
    "posts": "**/api/v1/assignments?*",
    "shifts": "**/api/v1/shifts?*",
    "vacancies": "**/api/v1/roster/vacancies?*",
    "matrix": "**/api/v1/roster/coverage?*",
    "disputes": "**/api/v1/disputes?*",
    "import": "**/api/v1/roster/preview?*",
}
"""View → what it cannot do without."""

SHOWN = {
    "posts": "#find-post",
    "shifts": ".shift-days",
    "vacancies": "#view > .rows",
    "matrix": "#only-gaps",
    "disputes": "#all-disputes",
    "import": ".import-found h2",
}
"""View → what is there once it works."""

SEE, UNSEEN = "(node) => node.setAttribute('data-seen', '')", "#view .state:not([data-seen])"
"""What a view says is not what the one before it said."""

REFUSED = '{"type": "/problems/not-allowed", "title": "t", "status": %d, "detail": "Server words."}'


def refuse(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(
        status=status, content_type="application/problem+json", body=REFUSED.replace("%d", str(status))
    )


def lose(route: Route) -> None:
    route.abort("connectionrefused")


def unready(route: Route) -> None:
    body = '{"type": "/problems/not-ready", "title": "t", "status": 503, "detail": "Server words."}'
    route.fulfill(status=503, content_type="application/problem+json", body=body)


def ask(page: Page, view: str) -> Locator:
    """What the view says where it cannot show what it is for; an import is asked for first."""
    if view == "import":
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"code,name\nP07,Gao Ba\n"}
        page.locator("#import-file").set_input_files(file)
        page.get_by_role("button", name="Compare").click()
        return page.locator(".import-found")
    return page.locator("#view .state")


@pytest.mark.parametrize("view", ASKED)
def test_a_view_says_why_it_is_empty_and_comes_when_it_is_asked_again(visit: Callable[..., Visit], view: str) -> None:
    """Not ready, then out of reach, then there."""
    visitor = visit(lang="en", role="ROSTER_CLERK")
    visitor.page.route(ASKED[view], unready)
    page = open_roster(visitor, f"?view={view}")
    state, again = ask(page, view), page.get_by_role("button", name="Compare" if view == "import" else "Try again")
    for words, then in (("Not ready yet", lose), ("The service cannot be reached", None)):
        expect(state.get_by_role("alert")).to_contain_text(words)
        expect(state).not_to_contain_text("Server words")
        expect(page.locator(SHOWN[view])).to_have_count(0)
        page.unroute(ASKED[view])
        if then is not None:
            page.route(ASKED[view], then)
        again.click()
    expect(page.locator(SHOWN[view]).first).to_be_visible()


@pytest.mark.parametrize("views", [["posts"], ["shifts", "vacancies", "matrix", "disputes"]], ids=["all", "a view"])
def test_who_is_refused_is_told_and_may_sign_in_as_somebody_else(
    visit: Callable[..., Visit], axe: str, views: list[str]
) -> None:
    visitor = visit(lang="en", role="HANDLER")
    for view in views:
        visitor.page.route(ASKED[view], refuse(403))
    page = open_roster(visitor, f"?view={views[0]}")
    state = page.locator(UNSEEN)
    for view in views:
        page.locator(f"#tab-{view}").click()
        expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
        expect(state).to_contain_text("You may not see this")
        expect(state).to_contain_text("The role Handler may not see or do this")
        expect(state).not_to_contain_text("Server words")
        expect(page.get_by_role("button", name="Try again")).to_have_count(0)
        assert faults(page, axe) == [], view
        page.unroute(ASKED[view])
        if view != views[-1]:
            state.evaluate(SEE)
    state.get_by_role("button", name="Sign in as somebody else").click()
    page.locator('#sign-in [data-role="ROSTER_CLERK"]').click()
    for view in views:
        page.locator(f"#tab-{view}").click()
        expect(page.locator(SHOWN[view]).first).to_be_visible()


def test_an_import_that_is_refused_says_that_the_role_may_not(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    visitor.page.route(ASKED["import"], refuse(403))
    page = open_roster(visitor, "?view=import")
    expect(ask(page, "import").get_by_role("alert")).to_contain_text("The role Roster clerk may not see or do this")


def test_who_is_not_signed_in_is_asked_to(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="zh")
    views = ("shifts", "disputes")
    for view in views:
        visitor.page.route(ASKED[view], refuse(401))
    page = open_roster(visitor, "?view=shifts")
    state = page.locator(UNSEEN)
    for view in views:
        page.locator(f"#tab-{view}").click()
        expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
        expect(state).to_contain_text("请先登录")
        page.unroute(ASKED[view])
        if view != views[-1]:
            state.evaluate(SEE)
    state.get_by_role("button", name="登录").click()
    page.locator('#sign-in [data-role="ROSTER_CLERK"]').click()
    for view in reversed(views):
        page.locator(f"#tab-{view}").click()
        expect(page.locator(SHOWN[view]).first).to_be_visible()


def test_who_may_not_import_is_told_and_may_sign_in(visit: Callable[..., Visit]) -> None:
    page = open_roster(visit(lang="en", role="HANDLER"), "?view=import")
    expect(page.locator("#view .state")).to_contain_text("You may not import")
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.locator('#sign-in [data-role="ROSTER_CLERK"]').click()
    expect(page.locator("#import-file")).to_be_visible()


def test_a_dispute_that_cannot_be_read_can_be_asked_for_again(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="DISPATCHER")
    visitor.page.route("**/api/v1/disputes/1", lose)
    page = open_roster(visitor, "?view=disputes&dispute=1")
    expect(page.locator("#detail").get_by_role("alert")).to_contain_text("The service cannot be reached")
    page.unroute("**/api/v1/disputes/1")
    with page.expect_response("**/api/v1/disputes/1"):
        page.locator("#detail").get_by_role("button", name="Try again").click()
