"""What somebody's role may not do is neither offered nor asked for; where it is told, the words name the role."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.bootstrap import open_store
from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import PASSWORD, make_account
from tests.fixtures.browser import Visit, serving

PLACE = "?lon=116.4003&lat=39.9013"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def closed_city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[str]:
    """No demo: nobody sees more than their role gives them."""
    folder = Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("closed") / "city"))
    with open_store(Settings(data_dir=folder)) as store:
        for role in (AccountRole.ADMIN, AccountRole.ACCEPTOR, AccountRole.STEWARD):
            make_account(store, role, role.lower())
    with serving(folder, DEMO="false", PUBLIC_READ="false") as address:
        yield address


@pytest.fixture
def signed_in(browser: Browser, closed_city: str) -> Iterator[Callable[..., Visit]]:
    """`signed_in("admin", lang="zh")` is at the page already."""
    contexts = []

    def sign_in(login: str, lang: str = "en") -> Visit:
        locale = {"en": "en-GB", "zh": "zh-CN"}[lang]
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale, reduced_motion="reduce")
        contexts.append(context)
        sent = {"login": login, "password": PASSWORD}
        assert context.request.post(f"{closed_city}api/v1/session", data=sent).status == 201
        made = Visit(context.new_page(), closed_city)
        made.watch()
        return made

    yield sign_in
    for context in contexts:
        context.close()


def asked_for_incidents(page: Page) -> list[str]:
    """Questions for incidents from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/incidents" in request.url else None)
    return asked


def test_no_incident_is_asked_for_or_offered_to_who_may_not_read_them(signed_in: Callable[..., Visit]) -> None:
    visitor = signed_in("admin")
    asked = asked_for_incidents(visitor.page)
    page = visitor.open(PLACE)
    expect(page.locator("#answer h2")).to_have_text("A1")
    expect(page.locator("#tab-table")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#tab-incidents")).to_be_hidden()
    expect(page.locator(".twin tbody tr")).not_to_have_count(0)
    expect(page.locator('#view-table option[value="incidents"]')).to_be_disabled()
    expect(page.locator('.legend [name="cells"]')).to_be_visible()
    expect(page.locator('.legend [name="incidents"]')).to_be_hidden()
    expect(page.locator('[data-act="record"], [data-act="dispute"]')).to_have_count(0)
    page.locator("#tab-table").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-zone")).to_be_focused()
    assert asked == []
    assert visitor.troubles == []


def test_the_list_comes_with_somebody_who_may_read_it(signed_in: Callable[..., Visit]) -> None:
    visitor = signed_in("admin")
    page = visitor.open(PLACE)
    expect(page.locator("#tab-incidents")).to_be_hidden()
    page.locator("#who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#tab-incidents")).to_be_visible()
    page.locator("#who summary").click()
    page.locator("#who").get_by_role("button", name="Sign in").click()
    page.locator("#login").fill("acceptor")
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in .primary").click()
    page.locator("#tab-incidents").click()
    expect(page.locator("#view-incidents")).to_contain_text("No incidents.")
    expect(page.locator('[data-act="record"]')).to_be_visible()


def test_what_a_link_names_and_a_role_may_not_read_is_told_with_the_role(signed_in: Callable[..., Visit]) -> None:
    page = signed_in("steward", "zh").open("?row=people:P01")
    state = page.locator('[data-state="refused"]')
    expect(state).to_contain_text("您的角色（小巷管家）没有此权限。")
    expect(state.get_by_role("button")).to_have_count(0)


def test_names_that_a_role_may_not_see_are_not_promised_to_whoever_signs_in(signed_in: Callable[..., Visit]) -> None:
    people = signed_in("steward").open(PLACE).locator('[data-part="people"]')
    expect(people).to_contain_text("not shown to your role")
    expect(people).not_to_contain_text("when signed in")
